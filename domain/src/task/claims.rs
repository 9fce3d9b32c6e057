//! The claims of a task, each with its own life: held, started, completed, confirmed or disputed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::report_no_show::Absent;
use super::resolve_dispute::Outcome;
use super::{claim, complete, create, resolve_dispute};
use crate::help::ReleaseReason;
use crate::ids::{ClaimId, MemberId};

/// What is known of a task in every stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// As created.
    pub created: create::Created,
    /// Its claims, also ended ones; at most [`super::MAX_CLAIMS`].
    pub claims: BTreeMap<ClaimId, TaskClaim>,
    /// When it was cancelled or expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether the note under its own key was erased.
    #[serde(default)]
    pub note_erased: bool,
}

/// One claim, or one completion without a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskClaim {
    /// Who holds it; absent where somebody without an account did the work.
    pub member: Option<MemberId>,
    /// Whether the work was done without having been claimed.
    pub without_claim: bool,
    /// The instant from which it may be released because nothing was heard.
    pub lapses_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub stage: ClaimStage,
    /// When it was completed, or ended otherwise.
    pub ended_at: Option<DateTime<Utc>>,
    /// How a dispute about it ended.
    pub resolved: Option<Outcome>,
}

/// How far a claim has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClaimStage {
    /// Somebody is going to come.
    Held,
    /// Somebody is at work.
    Started,
    /// The work is said to be done.
    Completed {
        /// How long it took.
        minutes: u32,
    },
    /// It was done.
    Confirmed {
        /// How long it took.
        minutes: u32,
    },
    /// Somebody says that it was not done so.
    Disputed {
        /// How long it is said to have taken.
        minutes: u32,
    },
    /// It ended without work.
    Released {
        /// Why.
        reason: ReleaseReason,
    },
    /// The task was cancelled.
    CalledOff,
    /// Somebody did not come.
    NoShow {
        /// Who.
        who: Absent,
    },
    /// Whoever is said not to have come disagrees.
    NoShowContested {
        /// Who.
        who: Absent,
    },
    /// A coordinator found that somebody did not come.
    NoShowUpheld {
        /// Who.
        who: Absent,
    },
    /// A coordinator found that what was said of it does not stand.
    Struck,
}

impl ClaimStage {
    /// Whether somebody is going to come, or at work.
    #[must_use]
    pub fn is_live(self) -> bool {
        match self {
            Self::Held | Self::Started => true,
            Self::Completed { .. }
            | Self::Confirmed { .. }
            | Self::Disputed { .. }
            | Self::Released { .. }
            | Self::CalledOff
            | Self::NoShow { .. }
            | Self::NoShowContested { .. }
            | Self::NoShowUpheld { .. }
            | Self::Struck => false,
        }
    }

    /// The minutes of work that stand, if any do. Disputed work stands until it is struck.
    #[must_use]
    pub fn minutes(self) -> Option<u32> {
        match self {
            Self::Completed { minutes }
            | Self::Confirmed { minutes }
            | Self::Disputed { minutes } => Some(minutes),
            Self::Held
            | Self::Started
            | Self::Released { .. }
            | Self::CalledOff
            | Self::NoShow { .. }
            | Self::NoShowContested { .. }
            | Self::NoShowUpheld { .. }
            | Self::Struck => None,
        }
    }
}

impl Work {
    pub(super) fn new(created: create::Created) -> Self {
        Self {
            created,
            claims: BTreeMap::new(),
            closed_at: None,
            note_erased: false,
        }
    }

    /// The claims that somebody is going to keep, or keeps just now.
    pub fn live(&self) -> impl Iterator<Item = (&ClaimId, &TaskClaim)> {
        self.claims
            .iter()
            .filter(|(_, claim)| claim.stage.is_live())
    }

    /// How many more people can claim it.
    #[must_use]
    pub fn free_slots(&self) -> u32 {
        let taken = |claim: &&TaskClaim| claim.stage.is_live() || claim.stage.minutes().is_some();
        let taken = self.claims.values().filter(taken).count();
        let taken = u32::try_from(taken).unwrap_or(u32::MAX);
        self.created.slots.saturating_sub(taken)
    }

    /// Whether this member holds a claim now.
    #[must_use]
    pub fn is_held_by(&self, member: MemberId) -> bool {
        self.live().any(|(_, claim)| claim.member == Some(member))
    }

    pub(super) fn is_done(&self) -> bool {
        let stands = |claim: &&TaskClaim| claim.stage.minutes().is_some();
        let completed = self.claims.values().filter(stands).count();
        u32::try_from(completed).unwrap_or(u32::MAX) >= self.created.slots
    }

    pub(super) fn claimed(&mut self, claimed: &claim::Claimed) {
        let claim = TaskClaim {
            member: Some(claimed.member),
            without_claim: false,
            lapses_at: Some(claimed.lapses_at),
            stage: ClaimStage::Held,
            ended_at: None,
            resolved: None,
        };
        self.claims.insert(claimed.claim_id, claim);
    }

    pub(super) fn started(&mut self, id: ClaimId) {
        self.change(id, |claim| {
            claim.stage = ClaimStage::Started;
            claim.ended_at = None;
        });
    }

    pub(super) fn completed(&mut self, completed: &complete::Completed) {
        let stage = ClaimStage::Completed {
            minutes: completed.minutes,
        };
        if completed.without_claim {
            let claim = TaskClaim {
                member: completed.member,
                without_claim: true,
                lapses_at: None,
                stage,
                ended_at: Some(completed.at),
                resolved: None,
            };
            self.claims.insert(completed.claim_id, claim);
        } else {
            self.ended(completed.claim_id, stage, completed.at);
        }
    }

    pub(super) fn confirmed(&mut self, id: ClaimId) {
        self.change(id, |claim| {
            let minutes = claim.stage.minutes().unwrap_or_default();
            claim.stage = ClaimStage::Confirmed { minutes };
        });
    }

    pub(super) fn disputed(&mut self, id: ClaimId) {
        self.change(id, |claim| {
            let minutes = claim.stage.minutes().unwrap_or_default();
            claim.stage = ClaimStage::Disputed { minutes };
        });
    }

    pub(super) fn no_show_contested(&mut self, id: ClaimId) {
        self.change(id, |claim| {
            if let ClaimStage::NoShow { who } = claim.stage {
                claim.stage = ClaimStage::NoShowContested { who };
            }
        });
    }

    pub(super) fn dispute_resolved(&mut self, resolved: &resolve_dispute::DisputeResolved) {
        self.change(resolved.claim_id, |claim| {
            claim.stage = resolved.outcome.stage(claim.stage);
            claim.resolved = Some(resolved.outcome);
        });
    }

    pub(super) fn ended(&mut self, id: ClaimId, stage: ClaimStage, at: DateTime<Utc>) {
        self.change(id, |claim| {
            claim.stage = stage;
            claim.ended_at = Some(at);
        });
    }

    fn change(&mut self, id: ClaimId, change: impl FnOnce(&mut TaskClaim)) {
        if let Some(claim) = self.claims.get_mut(&id) {
            change(claim);
        }
    }
}
