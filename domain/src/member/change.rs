//! A member helps with something else, elsewhere, or in other languages.

use serde::{Deserialize, Serialize};

use super::{MAX_DISTRICTS, MAX_LANGUAGES, Member, MemberEvent, Profile};

/// Change what a member helps with.
#[derive(Clone, Debug)]
pub struct Change {
    /// What will be recorded.
    pub changed: Changed,
    /// Whether the network has drawn every district that is named.
    pub districts_are_drawn: bool,
}

/// What a member helps with was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// All of it, as it is from now on.
    #[serde(flatten)]
    pub profile: Profile,
}

refusals! {
    /// Why nothing is changed.
    pub enum Refusal {
        /// No such member.
        #[error("there is no such member")]
        UnknownMember,
        /// The member has left.
        #[error("the member has left the network")]
        MemberLeft,
        /// A district is not the network's.
        #[error("the network has no such district")]
        UnknownDistrict,
        /// Too many districts, or no language.
        #[error("a member has at most {MAX_DISTRICTS} districts and 1 to {MAX_LANGUAGES} languages")]
        OutOfBounds,
    }
}

/// Whether it is changed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(member: &Member, command: &Change) -> Result<Vec<MemberEvent>, Refusal> {
    let membership = match member {
        Member::Unknown => return Err(Refusal::UnknownMember),
        Member::Left(_) => return Err(Refusal::MemberLeft),
        Member::Registered(membership) => membership,
    };
    let profile = &command.changed.profile;
    if membership.profile == *profile {
        return Ok(vec![]);
    }
    if !profile.is_within_bounds() {
        return Err(Refusal::OutOfBounds);
    }
    if !command.districts_are_drawn {
        return Err(Refusal::UnknownDistrict);
    }
    Ok(vec![command.changed.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::examples;

    #[test]
    fn a_member_helps_with_something_else() {
        let command = examples::change();
        assert_eq!(
            decide(&examples::registered(), &command),
            Ok(vec![command.changed.into()])
        );
    }

    #[test]
    fn who_left_changes_nothing() {
        assert_eq!(
            decide(&examples::left(), &examples::change()),
            Err(Refusal::MemberLeft)
        );
    }

    #[test]
    fn the_same_change_again_changes_nothing() {
        assert_eq!(
            decide(&examples::changed(), &examples::change()),
            Ok(vec![])
        );
    }
}
