//! An operator grants a role in a scope; whoever holds the token has it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Access, AccessEvent, Scope};
use crate::text::Slug;

/// Grant access.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What will be recorded.
    pub granted: Granted,
}

/// Access was granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The network.
    pub network: Slug,
    /// The role and what it is about.
    pub scope: Scope,
    /// SHA-256 of the token, hexadecimal.
    pub token_digest: String,
    /// The instant from which the token opens nothing; absent = until revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

refusals! {
    /// Why access is not granted.
    pub enum Refusal {
        /// The id belongs to another grant.
        #[error("access with this id was granted before")]
        AlreadyGranted,
    }
}

/// Whether access is granted.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(access: &Access, command: &Grant) -> Result<Vec<AccessEvent>, Refusal> {
    match access {
        Access::Unknown => Ok(vec![command.granted.clone().into()]),
        Access::Granted(granted) if *granted == command.granted => Ok(vec![]),
        Access::Granted(_) | Access::Revoked(_) => Err(Refusal::AlreadyGranted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::examples::grant;

    #[test]
    fn a_new_access_is_granted() {
        assert_eq!(
            decide(&Access::Unknown, &grant()),
            Ok(vec![grant().granted.into()])
        );
    }

    #[test]
    fn a_revoked_access_is_not_granted_again() {
        let revoked = Access::Revoked(grant().granted);
        assert_eq!(decide(&revoked, &grant()), Err(Refusal::AlreadyGranted));
    }

    #[test]
    fn another_grant_in_its_place_is_refused() {
        let mut other = grant();
        other.granted.token_digest = "11".repeat(32);
        let granted = Access::Granted(grant().granted);
        assert_eq!(decide(&granted, &other), Err(Refusal::AlreadyGranted));
    }

    #[test]
    fn the_same_grant_again_changes_nothing() {
        assert_eq!(
            decide(&Access::Granted(grant().granted), &grant()),
            Ok(vec![])
        );
    }
}
