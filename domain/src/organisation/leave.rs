//! An organisation leaves the network.

use serde::{Deserialize, Serialize};

use super::{Organisation, OrganisationEvent};

/// Leave.
#[derive(Clone, Copy, Debug)]
pub struct Leave {}

/// An organisation left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {}

refusals! {
    /// Why an organisation does not leave.
    pub enum Refusal {
        /// No such organisation.
        #[error("there is no such organisation")]
        UnknownOrganisation,
    }
}

/// Whether it leaves.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    organisation: &Organisation,
    _command: &Leave,
) -> Result<Vec<OrganisationEvent>, Refusal> {
    match organisation {
        Organisation::Unknown => Err(Refusal::UnknownOrganisation),
        Organisation::Joined(_) => Ok(vec![Left {}.into()]),
        Organisation::Left(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::join::tests::join;

    #[test]
    fn an_organisation_that_takes_part_leaves() {
        let joined = Organisation::Joined(join().joined);
        assert_eq!(decide(&joined, &Leave {}), Ok(vec![Left {}.into()]));
    }

    #[test]
    fn what_never_joined_does_not_leave() {
        let refusal = decide(&Organisation::Unknown, &Leave {});
        assert_eq!(refusal, Err(Refusal::UnknownOrganisation));
    }

    #[test]
    fn leaving_again_changes_nothing() {
        assert_eq!(
            decide(&Organisation::Left(join().joined), &Leave {}),
            Ok(vec![])
        );
    }
}
