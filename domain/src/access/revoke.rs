//! An operator revokes a grant: its token and every session from it end at once.

use serde::{Deserialize, Serialize};

use super::{Access, AccessEvent};

/// Revoke access.
#[derive(Clone, Copy, Debug)]
pub struct Revoke {}

/// Access was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {}

refusals! {
    /// Why access is not revoked.
    pub enum Refusal {
        /// Nothing was granted.
        #[error("there is no such access")]
        UnknownAccess,
    }
}

/// Whether access is revoked.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(access: &Access, _command: &Revoke) -> Result<Vec<AccessEvent>, Refusal> {
    match access {
        Access::Unknown => Err(Refusal::UnknownAccess),
        Access::Granted(_) => Ok(vec![Revoked {}.into()]),
        Access::Revoked(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::examples::grant;

    #[test]
    fn a_granted_access_is_revoked() {
        let granted = Access::Granted(grant().granted);
        assert_eq!(decide(&granted, &Revoke {}), Ok(vec![Revoked {}.into()]));
    }

    #[test]
    fn what_was_never_granted_is_not_revoked() {
        assert_eq!(
            decide(&Access::Unknown, &Revoke {}),
            Err(Refusal::UnknownAccess)
        );
    }

    #[test]
    fn revoking_again_changes_nothing() {
        assert_eq!(
            decide(&Access::Revoked(grant().granted), &Revoke {}),
            Ok(vec![])
        );
    }
}
