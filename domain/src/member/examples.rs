//! Members and commands that the tests of this folder start from.

use uuid::Uuid;

use super::change::{Change, Changed};
use super::leave::Leave;
use super::register::{Register, Registered};
use super::{Helper, Member, MemberCommand, Profile};
use crate::Entity;
use crate::help::Category;
use crate::ids::{MemberId, SubjectId};

pub fn helper(member: u128) -> Helper {
    Helper {
        member: MemberId(Uuid::from_u128(member)),
        takes_part: true,
    }
}

fn profile(categories: &[Category]) -> Profile {
    Profile {
        districts: ["500054".parse().expect("a code")].into(),
        categories: categories.iter().copied().collect(),
        languages: ["cs", "uk"]
            .map(|tag| tag.parse().expect("a language"))
            .into(),
    }
}

pub fn register() -> Register {
    Register {
        registered: Registered {
            network: "praha".parse().expect("a slug"),
            subject: SubjectId(Uuid::from_u128(7)),
            profile: profile(&[Category::Groceries, Category::Company]),
        },
        subject_is_known: true,
        districts_are_drawn: true,
    }
}

pub fn change() -> Change {
    Change {
        changed: Changed {
            profile: profile(&[Category::Repairs]),
        },
        districts_are_drawn: true,
    }
}

/// The member after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = MemberCommand>) -> Member {
    commands
        .into_iter()
        .fold(Member::Unknown, |mut member, command| {
            for event in member.decide(&command).expect("allowed") {
                member.evolve(event);
            }
            member
        })
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<MemberCommand>> {
    vec![vec![register().into(), change().into(), Leave {}.into()]]
}

pub fn registered() -> Member {
    after([register().into()])
}

pub fn changed() -> Member {
    after([register().into(), change().into()])
}

pub fn left() -> Member {
    after([register().into(), Leave {}.into()])
}
