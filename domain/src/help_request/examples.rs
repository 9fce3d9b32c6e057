//! Requests and commands that the tests of this folder start from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::claim::Claim;
use super::close_unmet::{CloseUnmet, UnmetReason};
use super::edit::Edit;
use super::erase_texts::EraseTexts;
use super::expire::Expire;
use super::fulfil::Fulfil;
use super::partly_fulfil::PartlyFulfil;
use super::release::Release;
use super::reopen::{Reopen, ReopenReason, Reopened};
use super::request::{Request, Requested};
use super::withdraw::Withdraw;
use super::{HelpRequest, HelpRequestCommand, Terms};
use crate::Entity;
use crate::help::{Category, Effort, ReleaseReason, Window};
use crate::ids::{ClaimId, SubjectId};
use crate::member::Helper;
use crate::member::examples::helper;
use crate::sealed::Change;
pub use crate::subject::examples::sealed;

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn terms() -> Terms {
    Terms {
        category: Category::Groceries,
        district_code: "500054".parse().expect("a code"),
        window: Some(Window {
            from: at("2026-11-04T14:00:00Z"),
            to: at("2026-11-04T18:00:00Z"),
        }),
        effort: Some(Effort::Short),
        language: Some("cs".parse().expect("a language")),
        note: Some(sealed(7)),
        contact: Some(sealed(7)),
        in_return: Some(sealed(7)),
        expires_at: at("2026-11-04T18:00:00Z"),
    }
}

pub fn request() -> Request {
    Request {
        requested: Requested {
            network: "praha".parse().expect("a slug"),
            at: at("2026-11-02T09:00:00Z"),
            subject: Some(SubjectId(Uuid::from_u128(7))),
            organisation: None,
            terms: terms(),
        },
        district_is_drawn: true,
        subject_is_known: true,
    }
}

pub fn edit() -> Edit {
    let terms = terms();
    Edit {
        at: at("2026-11-02T10:00:00Z"),
        category: Category::Transport,
        district_code: terms.district_code,
        district_is_drawn: true,
        window: terms.window,
        effort: terms.effort,
        language: terms.language,
        note: Change::Set(sealed(8)),
        contact: Change::Keep,
        in_return: Change::Remove,
        expires_at: terms.expires_at,
    }
}

pub fn claim() -> Claim {
    Claim {
        claim_id: ClaimId(Uuid::from_u128(11)),
        helper: helper(1),
        at: at("2026-11-02T12:00:00Z"),
    }
}

/// Another member.
pub fn other() -> Helper {
    helper(2)
}

pub fn release() -> Release {
    Release {
        claim_id: claim().claim_id,
        reason: ReleaseReason::GivenUp,
        at: at("2026-11-03T08:00:00Z"),
    }
}

pub fn partly_fulfil() -> PartlyFulfil {
    PartlyFulfil {
        claim_id: claim().claim_id,
        at: at("2026-11-04T15:00:00Z"),
    }
}

pub fn fulfil() -> Fulfil {
    Fulfil {
        claim_id: Some(claim().claim_id),
        at: at("2026-11-04T16:00:00Z"),
    }
}

pub fn reopen() -> Reopen {
    Reopen {
        reopened: Reopened {
            reason: ReopenReason::NotFulfilled,
            at: at("2026-11-05T09:00:00Z"),
            expires_at: at("2026-12-05T09:00:00Z"),
        },
    }
}

pub fn withdraw() -> Withdraw {
    Withdraw {
        at: at("2026-11-03T09:00:00Z"),
    }
}

pub fn expire() -> Expire {
    Expire {
        at: at("2026-11-04T18:00:00Z"),
    }
}

pub fn erase_texts() -> EraseTexts {
    EraseTexts {
        at: at("2026-12-05T09:00:00Z"),
    }
}

/// A request behind which no person is known.
pub fn nameless_request() -> Request {
    let mut command = request();
    command.requested.subject = None;
    command
}

pub fn close_unmet() -> CloseUnmet {
    CloseUnmet {
        reason: UnmetReason::NobodyFound,
        at: at("2026-11-04T12:00:00Z"),
    }
}

/// The request after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = HelpRequestCommand>) -> HelpRequest {
    commands
        .into_iter()
        .fold(HelpRequest::Unknown, |mut help_request, command| {
            for event in help_request.decide(&command).expect("allowed") {
                help_request.evolve(event);
            }
            help_request
        })
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<HelpRequestCommand>> {
    vec![
        vec![
            request().into(),
            edit().into(),
            claim().into(),
            partly_fulfil().into(),
            fulfil().into(),
            reopen().into(),
        ],
        vec![
            request().into(),
            claim().into(),
            release().into(),
            expire().into(),
        ],
        vec![request().into(), claim().into(), withdraw().into()],
        vec![request().into(), close_unmet().into()],
        vec![
            nameless_request().into(),
            withdraw().into(),
            erase_texts().into(),
        ],
    ]
}

pub fn open() -> HelpRequest {
    after([request().into()])
}

pub fn edited() -> HelpRequest {
    after([request().into(), edit().into()])
}

pub fn claimed() -> HelpRequest {
    after([request().into(), claim().into()])
}

pub fn released() -> HelpRequest {
    after([request().into(), claim().into(), release().into()])
}

pub fn partly_fulfilled() -> HelpRequest {
    after([request().into(), claim().into(), partly_fulfil().into()])
}

pub fn fulfilled() -> HelpRequest {
    after([request().into(), claim().into(), fulfil().into()])
}

pub fn withdrawn() -> HelpRequest {
    after([request().into(), withdraw().into()])
}

pub fn expired() -> HelpRequest {
    after([request().into(), expire().into()])
}

pub fn closed_unmet() -> HelpRequest {
    after([request().into(), close_unmet().into()])
}

pub fn nameless() -> HelpRequest {
    after([nameless_request().into()])
}

pub fn nameless_and_withdrawn() -> HelpRequest {
    after([nameless_request().into(), withdraw().into()])
}

pub fn texts_erased() -> HelpRequest {
    after([
        nameless_request().into(),
        withdraw().into(),
        erase_texts().into(),
    ])
}
