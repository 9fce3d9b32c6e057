//! Networks and commands that the tests of this folder start from.

use super::found::{Found, Founded};
use super::set_policy::{Policy, PolicySet, SetPolicy};
use super::{Network, NetworkCommand};

pub fn found() -> Found {
    Found {
        founded: Founded {
            network: "praha".parse().expect("a slug"),
            name: "Místní místním".parse().expect("a name"),
            currency: "CZK".parse().expect("a currency"),
            timezone: chrono_tz::Europe::Prague,
            country: "CZ".parse().expect("a country"),
            languages: vec!["cs".parse().expect("a language")],
        },
    }
}

pub fn founded() -> Network {
    let mut network = Network::Unknown;
    network.evolve(found().founded.into());
    network
}

/// A policy from that instant on, with this many months until vouchers expire.
pub fn set(from: &str, default_expiry_months: u32) -> SetPolicy {
    SetPolicy {
        set: PolicySet {
            network: "praha".parse().expect("a slug"),
            from: from.parse().expect("an instant"),
            policy: Policy {
                default_expiry_months,
                ..Policy::default()
            },
        },
    }
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<NetworkCommand>> {
    vec![vec![found().into(), set("2026-01-01T00:00:00Z", 6).into()]]
}
