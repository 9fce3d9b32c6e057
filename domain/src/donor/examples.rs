//! What happens to a donor.

use uuid::Uuid;

use super::DonorCommand;
use super::register::{Register, Registered};
use crate::ids::{DonorId, SubjectId};

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<DonorCommand>> {
    let registered = Registered {
        network: "praha".parse().expect("a slug"),
        donor_id: DonorId(Uuid::from_u128(4)),
        subject: Some(SubjectId(Uuid::from_u128(7))),
    };
    vec![vec![Register { registered }.into()]]
}
