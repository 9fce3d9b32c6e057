//! Commands that the tests of this folder start from.

use super::grant::{Grant, Granted};
use super::revoke::Revoke;
use super::{AccessCommand, Scope};

pub fn grant() -> Grant {
    Grant {
        granted: Granted {
            network: "praha".parse().expect("a slug"),
            scope: Scope::Operator { import: false },
            token_digest: "00".repeat(32),
            until: None,
        },
    }
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<AccessCommand>> {
    vec![vec![grant().into(), Revoke {}.into()]]
}
