//! A donor is registered, with or without a person behind it.

use serde::{Deserialize, Serialize};

use super::{Donor, DonorEvent};
use crate::ids::{DonorId, SubjectId};
use crate::text::Slug;

/// Register a donor.
#[derive(Clone, Debug)]
pub struct Register {
    /// What will be recorded.
    pub registered: Registered,
}

/// A donor was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The network.
    pub network: Slug,
    /// The donor.
    pub donor_id: DonorId,
    /// The person, if the donor wants to be known; absent = anonymous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
}

refusals! {
    /// Why a donor is not registered.
    pub enum Refusal {
        /// The id belongs to another donor.
        #[error("a donor with this id is registered on other terms")]
        AlreadyRegistered,
    }
}

/// Whether the donor is registered.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(donor: &Donor, command: &Register) -> Result<Vec<DonorEvent>, Refusal> {
    match donor {
        Donor::Unknown => Ok(vec![command.registered.clone().into()]),
        Donor::Registered(registered) if *registered == command.registered => Ok(vec![]),
        Donor::Registered(_) => Err(Refusal::AlreadyRegistered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn register() -> Register {
        let registered = Registered {
            network: "praha".parse().expect("a slug"),
            donor_id: DonorId(Uuid::from_u128(1)),
            subject: None,
        };
        Register { registered }
    }

    #[test]
    fn a_new_donor_is_registered() {
        let registered = decide(&Donor::Unknown, &register());
        assert_eq!(registered, Ok(vec![register().registered.into()]));
    }

    #[test]
    fn a_taken_id_is_refused() {
        let mut other = register();
        other.registered.subject = Some(SubjectId(Uuid::from_u128(2)));
        let known = Donor::Registered(register().registered);
        assert_eq!(decide(&known, &other), Err(Refusal::AlreadyRegistered));
    }

    #[test]
    fn registering_again_changes_nothing() {
        let known = Donor::Registered(register().registered);
        assert_eq!(decide(&known, &register()), Ok(vec![]));
    }
}
