//! Somebody joins as a neighbour who helps.

use serde::{Deserialize, Serialize};

use super::{MAX_DISTRICTS, MAX_LANGUAGES, Member, MemberEvent, Membership, Profile};
use crate::ids::SubjectId;
use crate::text::Slug;

/// Register a member.
#[derive(Clone, Debug)]
pub struct Register {
    /// What will be recorded.
    pub registered: Registered,
    /// Whether the subject was introduced in this network and not erased.
    pub subject_is_known: bool,
    /// Whether the network has drawn every district that is named.
    pub districts_are_drawn: bool,
}

/// A member was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The network.
    pub network: Slug,
    /// The person.
    pub subject: SubjectId,
    /// What the member helps with, and where.
    #[serde(flatten)]
    pub profile: Profile,
}

refusals! {
    /// Why a member is not registered.
    pub enum Refusal {
        /// The id belongs to another member.
        #[error("a member with this id was registered before, on other terms")]
        AlreadyRegistered,
        /// There is nobody behind it.
        #[error("there is no such subject, or it was erased")]
        UnknownSubject,
        /// A district is not the network's.
        #[error("the network has no such district")]
        UnknownDistrict,
        /// Too many districts, or no language.
        #[error("a member has at most {MAX_DISTRICTS} districts and 1 to {MAX_LANGUAGES} languages")]
        OutOfBounds,
    }
}

/// Whether the member is registered.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(member: &Member, command: &Register) -> Result<Vec<MemberEvent>, Refusal> {
    let registered = &command.registered;
    match member {
        Member::Registered(membership) if *membership == Membership::from(registered.clone()) => {
            return Ok(vec![]);
        }
        Member::Registered(_) | Member::Left(_) => return Err(Refusal::AlreadyRegistered),
        Member::Unknown => {}
    }
    if !registered.profile.is_within_bounds() {
        return Err(Refusal::OutOfBounds);
    }
    if !command.subject_is_known {
        return Err(Refusal::UnknownSubject);
    }
    if !command.districts_are_drawn {
        return Err(Refusal::UnknownDistrict);
    }
    Ok(vec![registered.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::member::examples;

    #[test]
    fn a_known_subject_becomes_a_member() {
        let command = examples::register();
        assert_eq!(
            decide(&Member::Unknown, &command),
            Ok(vec![command.registered.into()])
        );
    }

    #[test]
    fn what_does_not_exist_is_refused() {
        let nobody = Register {
            subject_is_known: false,
            ..examples::register()
        };
        assert_eq!(
            decide(&Member::Unknown, &nobody),
            Err(Refusal::UnknownSubject)
        );
        let nowhere = Register {
            districts_are_drawn: false,
            ..examples::register()
        };
        assert_eq!(
            decide(&Member::Unknown, &nowhere),
            Err(Refusal::UnknownDistrict)
        );
    }

    #[test]
    fn a_member_speaks_a_language() {
        let mut silent = examples::register();
        silent.registered.profile.languages.clear();
        assert_eq!(decide(&Member::Unknown, &silent), Err(Refusal::OutOfBounds));
    }

    #[test]
    fn who_left_registers_under_a_new_id() {
        assert_eq!(
            decide(&examples::left(), &examples::register()),
            Err(Refusal::AlreadyRegistered)
        );
    }

    #[test]
    fn another_member_in_the_place_of_one_is_refused() {
        let mut other = examples::register();
        other.registered.profile.districts.clear();
        let again = decide(&examples::registered(), &other);
        assert_eq!(again, Err(Refusal::AlreadyRegistered));
    }

    #[test]
    fn the_same_registration_again_changes_nothing() {
        assert_eq!(
            decide(&examples::registered(), &examples::register()),
            Ok(vec![])
        );
    }
}
