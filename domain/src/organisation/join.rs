//! An organisation joins the network.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Organisation, OrganisationEvent};
use crate::text::{Name, Slug};

/// Join.
#[derive(Clone, Debug)]
pub struct Join {
    /// What will be recorded.
    pub joined: Joined,
}

/// An organisation joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The network.
    pub network: Slug,
    /// Its public name.
    pub name: Name,
    /// What it is.
    pub kind: OrganisationKind,
    /// The number of the agreement by which it takes part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Name>,
}

/// What an organisation is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrganisationKind {
    /// An association, charity or church.
    Ngo,
    /// An office or a service of the state.
    PublicBody,
    /// A town or a city district.
    Municipality,
    /// A school or university.
    School,
    /// A firm.
    Firm,
}

refusals! {
    /// Why an organisation does not join.
    pub enum Refusal {
        /// The id belongs to another organisation, or it has left.
        #[error("an organisation with this id joined before, on other terms")]
        AlreadyJoined,
    }
}

/// Whether it joins.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    organisation: &Organisation,
    command: &Join,
) -> Result<Vec<OrganisationEvent>, Refusal> {
    match organisation {
        Organisation::Unknown => Ok(vec![command.joined.clone().into()]),
        Organisation::Joined(joined) if *joined == command.joined => Ok(vec![]),
        Organisation::Joined(_) | Organisation::Left(_) => Err(Refusal::AlreadyJoined),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn join() -> Join {
        let joined = Joined {
            network: "praha".parse().expect("a slug"),
            name: "A shelter".parse().expect("a name"),
            kind: OrganisationKind::Ngo,
            agreement: None,
        };
        Join { joined }
    }

    #[test]
    fn a_new_organisation_joins() {
        let joined = decide(&Organisation::Unknown, &join());
        assert_eq!(joined, Ok(vec![join().joined.into()]));
    }

    #[test]
    fn an_organisation_that_left_does_not_come_back_under_its_old_id() {
        let left = Organisation::Left(join().joined);
        assert_eq!(decide(&left, &join()), Err(Refusal::AlreadyJoined));
    }

    #[test]
    fn another_in_the_place_of_one_is_refused() {
        let mut other = join();
        other.joined.name = "Another shelter".parse().expect("a name");
        let joined = Organisation::Joined(join().joined);
        assert_eq!(decide(&joined, &other), Err(Refusal::AlreadyJoined));
    }

    #[test]
    fn joining_again_changes_nothing() {
        assert_eq!(
            decide(&Organisation::Joined(join().joined), &join()),
            Ok(vec![])
        );
    }
}
