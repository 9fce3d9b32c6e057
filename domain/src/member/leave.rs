//! A member leaves. Claims that are still held are released by what follows from it.

use serde::{Deserialize, Serialize};

use super::{Member, MemberEvent};

/// Leave the network.
#[derive(Clone, Copy, Debug)]
pub struct Leave {}

/// A member left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {}

refusals! {
    /// Why nobody leaves.
    pub enum Refusal {
        /// No such member.
        #[error("there is no such member")]
        UnknownMember,
    }
}

/// Whether the member leaves.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(member: &Member, _command: &Leave) -> Result<Vec<MemberEvent>, Refusal> {
    match member {
        Member::Unknown => Err(Refusal::UnknownMember),
        Member::Registered(_) => Ok(vec![Left {}.into()]),
        Member::Left(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::examples;

    #[test]
    fn a_member_leaves() {
        assert_eq!(
            decide(&examples::registered(), &Leave {}),
            Ok(vec![Left {}.into()])
        );
    }

    #[test]
    fn nobody_unknown_leaves() {
        assert_eq!(
            decide(&Member::Unknown, &Leave {}),
            Err(Refusal::UnknownMember)
        );
    }

    #[test]
    fn who_left_leaves_only_once() {
        assert_eq!(decide(&examples::left(), &Leave {}), Ok(vec![]));
    }
}
