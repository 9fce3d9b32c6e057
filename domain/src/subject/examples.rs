//! Subjects and commands that the tests of this folder start from.

use uuid::Uuid;

use super::erase::{Erase, ErasureReason};
use super::introduce::{Basis, Introduce, Introduced, SubjectKind};
use super::set_contact::{ContactSet, SetContact};
use super::set_retention::SetRetention;
use super::{Subject, SubjectCommand};
use crate::Entity;
use crate::sealed::Sealed;

/// A sealed text that no key opens.
pub fn sealed(key: u128) -> Sealed {
    Sealed {
        v: 1,
        key_id: Uuid::from_u128(key),
        nonce: "00".repeat(24),
        text: "c0ffee".repeat(8),
    }
}

pub fn introduce() -> Introduce {
    Introduce {
        introduced: Introduced {
            network: "praha".parse().expect("a slug"),
            kind: SubjectKind::Member,
            basis: Basis::Consent,
            notice_version: "2026-01".parse().expect("a label"),
            retain_until: Some("2027-11-02T00:00:00Z".parse().expect("an instant")),
        },
        at: "2026-11-02T09:00:00Z".parse().expect("an instant"),
    }
}

pub fn set_contact() -> SetContact {
    SetContact {
        set: ContactSet { contact: sealed(7) },
    }
}

pub fn set_retention() -> SetRetention {
    SetRetention {
        retain_until: "2027-01-01T00:00:00Z".parse().expect("an instant"),
    }
}

pub fn erase() -> Erase {
    Erase {
        reason: ErasureReason::Asked,
    }
}

/// The subject after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = SubjectCommand>) -> Subject {
    commands
        .into_iter()
        .fold(Subject::Unknown, |mut subject, command| {
            for event in subject.decide(&command).expect("allowed") {
                subject.evolve(event);
            }
            subject
        })
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<SubjectCommand>> {
    vec![vec![
        introduce().into(),
        set_contact().into(),
        set_retention().into(),
        erase().into(),
    ]]
}

pub fn known() -> Subject {
    after([introduce().into()])
}

pub fn with_a_contact() -> Subject {
    after([introduce().into(), set_contact().into()])
}

pub fn erased() -> Subject {
    after([introduce().into(), erase().into()])
}
