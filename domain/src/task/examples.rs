//! Tasks and commands that the tests of this folder start from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cancel::{Cancel, CancelReason};
use super::claim::Claim;
use super::complete::{By, Complete};
use super::confirm::Confirm;
use super::contest_no_show::ContestNoShow;
use super::create::{Create, Created};
use super::dispute::{Dispute, DisputeReason};
use super::erase_note::EraseNote;
use super::expire::Expire;
use super::release::Release;
use super::report_no_show::{Absent, Party, ReportNoShow};
use super::resolve_dispute::{Outcome, ResolveDispute};
use super::start::Start;
use super::{Task, TaskCommand, Witness};
use crate::Entity;
use crate::help::{Category, ReleaseReason, Window};
use crate::ids::{ClaimId, HelpRequestId, OrganisationId};
use crate::member::Helper;
use crate::member::examples::helper;
use crate::subject::examples::sealed;

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn claim_id(number: u128) -> ClaimId {
    ClaimId(Uuid::from_u128(number))
}

/// A task for two.
pub fn create() -> Create {
    Create {
        created: Created {
            network: "praha".parse().expect("a slug"),
            at: at("2026-11-02T09:00:00Z"),
            title: "Carry firewood to the third floor".parse().expect("a name"),
            language: "en".parse().expect("a language"),
            category: Category::Household,
            district_code: "500054".parse().expect("a code"),
            window: Window {
                from: at("2026-11-07T09:00:00Z"),
                to: at("2026-11-07T12:00:00Z"),
            },
            slots: 2,
            help_request: Some(HelpRequestId(Uuid::from_u128(21))),
            organisation: Some(OrganisationId(Uuid::from_u128(22))),
            note: Some(sealed(20)),
        },
        district_is_drawn: true,
        help_request_is_open: true,
        organisation_takes_part: true,
    }
}

pub fn claim() -> Claim {
    Claim {
        claim_id: claim_id(11),
        helper: helper(1),
        at: at("2026-11-02T12:00:00Z"),
    }
}

/// Another member.
pub fn other() -> Helper {
    helper(2)
}

/// Yet another.
pub fn third() -> Helper {
    helper(3)
}

pub fn other_claim() -> Claim {
    Claim {
        claim_id: claim_id(12),
        helper: other(),
        at: at("2026-11-03T12:00:00Z"),
    }
}

pub fn release() -> Release {
    Release {
        claim_id: claim().claim_id,
        reason: ReleaseReason::GivenUp,
        at: at("2026-11-06T12:00:00Z"),
    }
}

pub fn lapse() -> Release {
    Release {
        claim_id: claim().claim_id,
        reason: ReleaseReason::Lapsed,
        at: at("2026-11-08T12:00:00Z"),
    }
}

pub fn start() -> Start {
    Start {
        claim_id: claim().claim_id,
        at: at("2026-11-07T09:05:00Z"),
    }
}

pub fn complete() -> Complete {
    Complete {
        claim_id: claim().claim_id,
        by: By::Claim,
        at: at("2026-11-07T10:35:00Z"),
        minutes: 90,
    }
}

/// The other member comes without having claimed anything.
pub fn walk_in() -> Complete {
    Complete {
        claim_id: claim_id(13),
        by: By::WithoutClaim {
            member: Some(other().member),
        },
        at: at("2026-11-07T11:00:00Z"),
        minutes: 60,
    }
}

pub fn confirm() -> Confirm {
    Confirm {
        claim_id: claim().claim_id,
        by: Witness::Requester,
        at: at("2026-11-07T18:00:00Z"),
    }
}

pub fn dispute() -> Dispute {
    Dispute {
        claim_id: claim().claim_id,
        by: Witness::Requester,
        reason: DisputeReason::DoneInPart,
        at: at("2026-11-07T18:00:00Z"),
    }
}

pub fn resolve_dispute() -> ResolveDispute {
    ResolveDispute {
        claim_id: claim().claim_id,
        outcome: Outcome::Struck,
        at: at("2026-11-09T09:00:00Z"),
    }
}

pub fn report_no_show() -> ReportNoShow {
    ReportNoShow {
        claim_id: claim().claim_id,
        who: Absent::Helper,
        by: Party::Requester,
        at: at("2026-11-07T12:30:00Z"),
    }
}

pub fn contest_no_show() -> ContestNoShow {
    ContestNoShow {
        claim_id: claim().claim_id,
        at: at("2026-11-08T09:00:00Z"),
    }
}

pub fn cancel() -> Cancel {
    Cancel {
        reason: CancelReason::NotPossible,
        at: at("2026-11-06T20:00:00Z"),
    }
}

pub fn expire() -> Expire {
    Expire {
        at: at("2026-11-10T00:00:00Z"),
    }
}

pub fn erase_note() -> EraseNote {
    EraseNote {
        at: at("2026-12-10T00:00:00Z"),
    }
}

/// The task after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = TaskCommand>) -> Task {
    commands
        .into_iter()
        .fold(Task::Unknown, |mut task, command| {
            for event in task.decide(&command).expect("allowed") {
                task.evolve(event);
            }
            task
        })
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<TaskCommand>> {
    vec![
        vec![
            create().into(),
            claim().into(),
            start().into(),
            complete().into(),
            walk_in().into(),
            confirm().into(),
        ],
        vec![
            create().into(),
            claim().into(),
            complete().into(),
            dispute().into(),
            resolve_dispute().into(),
            expire().into(),
            erase_note().into(),
        ],
        vec![
            create().into(),
            claim().into(),
            report_no_show().into(),
            contest_no_show().into(),
            resolve_dispute().into(),
        ],
        vec![
            create().into(),
            claim().into(),
            release().into(),
            other_claim().into(),
            cancel().into(),
        ],
    ]
}

pub fn created() -> Task {
    after([create().into()])
}

pub fn claimed() -> Task {
    after([create().into(), claim().into()])
}

/// Both slots are claimed.
pub fn full() -> Task {
    after([create().into(), claim().into(), other_claim().into()])
}

pub fn released() -> Task {
    after([create().into(), claim().into(), release().into()])
}

pub fn lapsed() -> Task {
    after([create().into(), claim().into(), lapse().into()])
}

pub fn started() -> Task {
    after([create().into(), claim().into(), start().into()])
}

/// One of two slots is completed.
pub fn completed() -> Task {
    after([create().into(), claim().into(), complete().into()])
}

/// Both slots are completed.
pub fn done() -> Task {
    after([
        create().into(),
        claim().into(),
        complete().into(),
        walk_in().into(),
    ])
}

pub fn confirmed() -> Task {
    after([
        create().into(),
        claim().into(),
        complete().into(),
        confirm().into(),
    ])
}

pub fn disputed() -> Task {
    after([
        create().into(),
        claim().into(),
        complete().into(),
        dispute().into(),
    ])
}

/// The task was done, then one completion was struck.
pub fn struck() -> Task {
    after([
        create().into(),
        claim().into(),
        complete().into(),
        walk_in().into(),
        dispute().into(),
        resolve_dispute().into(),
    ])
}

pub fn no_show() -> Task {
    after([create().into(), claim().into(), report_no_show().into()])
}

pub fn no_show_contested() -> Task {
    after([
        create().into(),
        claim().into(),
        report_no_show().into(),
        contest_no_show().into(),
    ])
}

pub fn cancelled() -> Task {
    after([create().into(), cancel().into()])
}

pub fn expired() -> Task {
    after([create().into(), expire().into()])
}

pub fn note_erased() -> Task {
    after([create().into(), expire().into(), erase_note().into()])
}
