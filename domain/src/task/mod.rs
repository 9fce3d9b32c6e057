//! A task: a piece of work for one or more volunteers, each of whom holds a claim.

pub mod claims;

pub mod cancel;
pub mod claim;
pub mod complete;
pub mod confirm;
pub mod contest_no_show;
pub mod create;
pub mod dispute;
pub mod erase_note;
pub mod expire;
pub mod release;
pub mod report_no_show;
pub mod resolve_dispute;
pub mod start;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod properties;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use self::claims::{ClaimStage, Work};
use crate::help::INVOLVED_AFTER;
use crate::ids::MemberId;
use crate::text::Slug;

/// The most people that one task needs.
pub const MAX_SLOTS: u32 = 200;
/// The most claims on one task, also ended ones, and completions without a claim.
pub const MAX_CLAIMS: usize = 500;
/// The most minutes of one completion: a week, day and night.
pub const MAX_MINUTES: u32 = 7 * 24 * 60;

aggregate! {
    Task "task", TaskCommand, TaskEvent {
        create: Create => Created "created" "1",
        claim: Claim => Claimed "claimed" "1",
        release: Release => Released "released" "1",
        start: Start => Started "started" "1",
        complete: Complete => Completed "completed" "1",
        confirm: Confirm => Confirmed "confirmed" "1",
        dispute: Dispute => Disputed "disputed" "1",
        resolve_dispute: ResolveDispute => DisputeResolved "dispute_resolved" "1",
        report_no_show: ReportNoShow => NoShowReported "no_show_reported" "1",
        contest_no_show: ContestNoShow => NoShowContested "no_show_contested" "1",
        cancel: Cancel => Cancelled "cancelled" "1",
        expire: Expire => Expired "expired" "1",
        erase_note: EraseNote => NoteErased "note_erased" "1",
    }
}

/// The life of a task. Each claim on it has a life of its own, which goes on after the task's:
/// work can be confirmed or disputed when the task is long done, cancelled or expired.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
#[allow(
    clippy::large_enum_variant,
    reason = "every task but the unknown one is large"
)]
pub enum Task {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Work is left to do.
    Open(Work),
    /// As many completions as slots stand.
    Done(Work),
    /// It is not needed or not possible any more.
    Cancelled(Work),
    /// Its window was over and not all of it done by then; work that is told later counts, but the
    /// task does not open again.
    Expired(Work),
}

/// Who may say whether work was done: never whoever did it.
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
pub enum Witness {
    /// Who asked for help.
    Requester,
    /// The organisation whose task it is.
    Organisation,
    /// A coordinator.
    Coordinator,
}

impl Task {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.work().map(|work| &work.created.network)
    }

    /// What is known of it, in whatever stage.
    #[must_use]
    pub fn work(&self) -> Option<&Work> {
        match self {
            Self::Unknown => None,
            Self::Open(work) | Self::Done(work) | Self::Cancelled(work) | Self::Expired(work) => {
                Some(work)
            }
        }
    }

    /// When it ended: when it was closed, or the last of its work was done; `None` while work is
    /// left to do.
    #[must_use]
    pub fn ended_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Unknown | Self::Open(_) => None,
            Self::Done(work) => work
                .claims
                .values()
                .filter_map(|claim| claim.ended_at)
                .max(),
            Self::Cancelled(work) | Self::Expired(work) => work.closed_at,
        }
    }

    /// Whether this member may read at that time what only the involved may read: a claim is held,
    /// or ended less than [`INVOLVED_AFTER`] ago. Work without a claim opens nothing.
    #[must_use]
    pub fn involves(&self, member: MemberId, at: DateTime<Utc>) -> bool {
        let is_recent =
            |ended_at: DateTime<Utc>| at.signed_duration_since(ended_at) < INVOLVED_AFTER;
        self.work().is_some_and(|work| {
            work.claims.values().any(|claim| {
                claim.member == Some(member)
                    && !claim.without_claim
                    && claim.ended_at.is_none_or(is_recent)
            })
        })
    }

    fn evolve(&mut self, event: TaskEvent) {
        let before = std::mem::take(self);
        *self = match event {
            TaskEvent::Created(created) => Self::Open(Work::new(created)),
            TaskEvent::Claimed(claimed) => before.with(|work| work.claimed(&claimed)),
            TaskEvent::Released(released) => before.with(|work| {
                let reason = released.reason;
                work.ended(
                    released.claim_id,
                    ClaimStage::Released { reason },
                    released.at,
                );
            }),
            TaskEvent::Started(started) => before.with(|work| work.started(started.claim_id)),
            TaskEvent::Completed(completed) => before.with(|work| work.completed(&completed)),
            TaskEvent::Confirmed(confirmed) => {
                before.with(|work| work.confirmed(confirmed.claim_id))
            }
            TaskEvent::Disputed(disputed) => before.with(|work| work.disputed(disputed.claim_id)),
            TaskEvent::DisputeResolved(resolved) => {
                before.with(|work| work.dispute_resolved(&resolved))
            }
            TaskEvent::NoShowReported(reported) => before.with(|work| {
                let who = reported.who;
                work.ended(reported.claim_id, ClaimStage::NoShow { who }, reported.at);
            }),
            TaskEvent::NoShowContested(contested) => {
                before.with(|work| work.no_show_contested(contested.claim_id))
            }
            TaskEvent::Cancelled(cancelled) => before.cancelled(&cancelled),
            TaskEvent::Expired(expired) => before.expired(expired.at),
            TaskEvent::NoteErased(_) => before.with(|work| work.note_erased = true),
        };
    }

    /// The task after a change of its claims: whether it is open or done follows from them.
    fn with(self, change: impl FnOnce(&mut Work)) -> Self {
        let changed = |mut work: Work| {
            change(&mut work);
            work
        };
        match self {
            Self::Unknown => Self::Unknown,
            Self::Cancelled(work) => Self::Cancelled(changed(work)),
            Self::Open(work) | Self::Done(work) => match changed(work) {
                work if work.is_done() => Self::Done(work),
                work => Self::Open(work),
            },
            Self::Expired(work) => Self::Expired(changed(work)),
        }
    }

    fn cancelled(self, cancelled: &cancel::Cancelled) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Open(mut work)
            | Self::Done(mut work)
            | Self::Cancelled(mut work)
            | Self::Expired(mut work) => {
                for claim_id in &cancelled.claim_ids {
                    work.ended(*claim_id, ClaimStage::CalledOff, cancelled.at);
                }
                work.closed_at = Some(cancelled.at);
                Self::Cancelled(work)
            }
        }
    }

    fn expired(self, at: DateTime<Utc>) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Open(mut work)
            | Self::Done(mut work)
            | Self::Cancelled(mut work)
            | Self::Expired(mut work) => {
                work.closed_at = Some(at);
                Self::Expired(work)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_note_opens_for_who_holds_a_claim_and_thirty_days_after() {
        let helper = examples::claim().helper.member;
        let at = examples::claim().at;
        assert!(examples::claimed().involves(helper, at));
        assert!(!examples::created().involves(helper, at));

        let ended = examples::complete().at;
        assert!(examples::completed().involves(helper, ended + TimeDelta::days(29)));
        assert!(!examples::completed().involves(helper, ended + TimeDelta::days(30)));
    }

    #[test]
    fn work_without_a_claim_opens_no_note() {
        let walk_in = examples::walk_in();
        let task = examples::after([examples::create().into(), walk_in.into()]);
        assert!(!task.involves(examples::other().member, walk_in.at));
    }

    #[test]
    fn a_task_is_done_when_all_its_slots_are_completed() {
        assert!(matches!(examples::completed(), Task::Open(_)));
        assert!(matches!(examples::done(), Task::Done(_)));
        assert!(
            matches!(examples::struck(), Task::Open(_)),
            "what was struck leaves its slot free again"
        );
    }
}
