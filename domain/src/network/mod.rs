//! A network: one initiative, city-wide or nationwide.

pub mod found;
pub mod set_policy;

#[cfg(test)]
pub(crate) mod examples;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Slug;

aggregate! {
    Network "network", NetworkCommand, NetworkEvent {
        found: Found => Founded "founded" "1",
        set_policy: SetPolicy => PolicySet "policy_set" "1",
    }
}

/// The life of a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Network {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It was founded.
    Founded(Initiative),
}

/// What is known of a network from its founding on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Initiative {
    /// As founded.
    pub founded: found::Founded,
    /// The policies with the instant from which each holds, in the order in which they were set.
    pub policies: Vec<set_policy::PolicySet>,
}

impl Initiative {
    /// The policy in force at that time: of those that hold by then, the one that was set last.
    #[must_use]
    pub fn policy(&self, at: DateTime<Utc>) -> set_policy::Policy {
        let in_force = |set: &&set_policy::PolicySet| set.from <= at;
        let latest = self
            .policies
            .iter()
            .rev()
            .filter(in_force)
            .max_by_key(|set| set.from);
        latest.map_or_else(set_policy::Policy::default, |set| set.policy)
    }
}

impl Network {
    /// Its slug.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.initiative()
            .map(|initiative| &initiative.founded.network)
    }

    /// What is known of it.
    #[must_use]
    pub fn initiative(&self) -> Option<&Initiative> {
        match self {
            Self::Unknown => None,
            Self::Founded(initiative) => Some(initiative),
        }
    }

    fn evolve(&mut self, event: NetworkEvent) {
        match (event, self) {
            (NetworkEvent::Founded(founded), network) => {
                *network = Self::Founded(Initiative {
                    founded,
                    policies: Vec::new(),
                });
            }
            (NetworkEvent::PolicySet(_), Self::Unknown) => {}
            (NetworkEvent::PolicySet(set), Self::Founded(initiative)) => {
                initiative.policies.push(set);
            }
        }
    }
}
