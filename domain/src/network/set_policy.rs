//! An operator sets the network's rules from a day on. Policies are dated facts.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Network, NetworkEvent};
use crate::text::Slug;

/// Set the policy.
#[derive(Clone, Debug)]
pub struct SetPolicy {
    /// What will be recorded.
    pub set: PolicySet,
}

/// The policy was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySet {
    /// The network.
    pub network: Slug,
    /// From when it holds.
    pub from: DateTime<Utc>,
    /// The rules.
    #[serde(flatten)]
    pub policy: Policy,
}

/// The rules of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Policy {
    /// After how many days without a word a venue's information counts as unknown; 1 to 365.
    pub stale_after_days: u32,
    /// How many hours after expiry a redemption from an offline till still counts; 0 to 720.
    pub late_record_window_h: u32,
    /// How many days a redemption waits before it is settled; 0 to 90.
    pub settlement_hold_days: u32,
    /// How many months a voucher lasts unless it says otherwise; 0 = without end, at most 120.
    pub default_expiry_months: u32,
    /// Who bears a price that rose since the prepayment.
    pub price_rise_borne_by: PriceRiseBorneBy,
    /// How many days the contact of a closed request is kept; 0 to 365.
    pub retain_contact_days: u32,
    /// Public counts of requests from 1 to this number less one show as "< number"; 1 to 20.
    pub small_count: u32,
}

/// Who bears a price that rose since the prepayment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriceRiseBorneBy {
    /// The venue: it settles for what was paid.
    Venue,
    /// The fund: the venue settles for the price of the day.
    Fund,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            stale_after_days: 14,
            late_record_window_h: 72,
            settlement_hold_days: 3,
            default_expiry_months: 12,
            price_rise_borne_by: PriceRiseBorneBy::Venue,
            retain_contact_days: 30,
            small_count: 5,
        }
    }
}

impl Policy {
    /// How long after expiry a redemption from an offline till still counts.
    #[must_use]
    pub fn late_record_window(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.late_record_window_h))
    }

    /// Whether every number is within the bounds that its field names.
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        (1..=365).contains(&self.stale_after_days)
            && self.late_record_window_h <= 720
            && self.settlement_hold_days <= 90
            && self.default_expiry_months <= 120
            && self.retain_contact_days <= 365
            && (1..=20).contains(&self.small_count)
    }
}

refusals! {
    /// Why a policy is not set.
    pub enum Refusal {
        /// No such network.
        #[error("there is no such network")]
        UnknownNetwork,
        /// A number is out of its bounds.
        #[error("a number of the policy is out of its bounds")]
        OutOfBounds,
    }
}

/// Whether the policy is set.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(network: &Network, command: &SetPolicy) -> Result<Vec<NetworkEvent>, Refusal> {
    let initiative = network.initiative().ok_or(Refusal::UnknownNetwork)?;
    if !command.set.policy.is_within_bounds() {
        return Err(Refusal::OutOfBounds);
    }
    let known = initiative.policies.last() == Some(&command.set);
    Ok(if known {
        vec![]
    } else {
        vec![command.set.clone().into()]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::examples::{founded, set};

    #[test]
    fn a_till_may_be_late_by_as_many_hours_as_the_policy_says() {
        let policy = Policy {
            late_record_window_h: 5,
            ..Policy::default()
        };
        assert_eq!(policy.late_record_window(), TimeDelta::hours(5));
    }

    #[test]
    fn a_policy_holds_from_its_day_on() {
        let mut network = founded();
        for (from, months) in [("2020-01-01T00:00:00Z", 6), ("2021-01-01T00:00:00Z", 3)] {
            let command = set(from, months);
            let events = decide(&network, &command).expect("allowed");
            for event in events {
                network.evolve(event);
            }
        }
        let months = |at: &str| {
            let at = at.parse().expect("an instant");
            network
                .initiative()
                .expect("founded")
                .policy(at)
                .default_expiry_months
        };
        assert_eq!(
            months("2019-06-01T00:00:00Z"),
            Policy::default().default_expiry_months
        );
        assert_eq!(months("2020-06-01T00:00:00Z"), 6);
        assert_eq!(months("2021-01-01T00:00:00Z"), 3);
    }

    #[test]
    fn a_number_out_of_bounds_is_refused() {
        let refusal = decide(&founded(), &set("2020-01-01T00:00:00Z", 121));
        assert_eq!(refusal, Err(Refusal::OutOfBounds));
    }

    #[test]
    fn the_same_policy_again_changes_nothing() {
        let mut network = founded();
        network.evolve(set("2020-01-01T00:00:00Z", 6).set.into());
        assert_eq!(
            decide(&network, &set("2020-01-01T00:00:00Z", 6)),
            Ok(vec![])
        );
    }
}
