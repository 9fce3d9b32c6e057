//! A member takes one of the slots.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{MAX_CLAIMS, Task, TaskEvent};
use crate::help::lapses_at;
use crate::ids::{ClaimId, MemberId};
use crate::member::Helper;

/// Claim a slot.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The id of this claim.
    pub claim_id: ClaimId,
    /// Who is going to come.
    pub helper: Helper,
    /// When this is said.
    pub at: DateTime<Utc>,
}

/// A slot was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The id of this claim.
    pub claim_id: ClaimId,
    /// Who is going to come.
    pub member: MemberId,
    /// When this was said.
    pub at: DateTime<Utc>,
    /// The instant from which it is released if nothing was heard.
    pub lapses_at: DateTime<Utc>,
}

refusals! {
    /// Why no slot is claimed.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// It was cancelled or has expired.
        #[error("this task is closed")]
        NotOpen,
        /// Its window is over.
        #[error("this task was open until an earlier time")]
        Expired,
        /// As many people come as are needed.
        #[error("enough people have taken this on")]
        NoSlotLeft,
        /// The member comes already.
        #[error("this member has already taken this on")]
        AlreadyClaimed,
        /// This claim was held before and ended.
        #[error("this claim has ended; a new one is needed")]
        ClaimEnded,
        /// The member has left.
        #[error("the member has left the network")]
        MemberLeft,
        /// So many claims came to nothing that a coordinator should look at it.
        #[error("this task was claimed {MAX_CLAIMS} times; please make a new one")]
        TooManyClaims,
    }
}

/// Whether the slot is claimed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Claim) -> Result<Vec<TaskEvent>, Refusal> {
    let member = command.helper.member;
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    match work.claims.get(&command.claim_id) {
        Some(claim) if claim.stage.is_live() && claim.member == Some(member) => return Ok(vec![]),
        Some(_) => return Err(Refusal::ClaimEnded),
        None => {}
    }
    match task {
        Task::Unknown | Task::Cancelled(_) | Task::Expired(_) => return Err(Refusal::NotOpen),
        Task::Done(_) => return Err(Refusal::NoSlotLeft),
        Task::Open(_) => {}
    }
    if work.created.window.to <= command.at {
        return Err(Refusal::Expired);
    }
    if !command.helper.takes_part {
        return Err(Refusal::MemberLeft);
    }
    if work.is_held_by(member) {
        return Err(Refusal::AlreadyClaimed);
    }
    if work.free_slots() == 0 {
        return Err(Refusal::NoSlotLeft);
    }
    if work.claims.len() >= MAX_CLAIMS {
        return Err(Refusal::TooManyClaims);
    }
    Ok(vec![
        Claimed {
            claim_id: command.claim_id,
            member,
            at: command.at,
            lapses_at: lapses_at(command.at, Some(work.created.window)),
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help::CLAIM_GRACE;
    use crate::task::examples;

    #[test]
    fn a_free_slot_is_claimed_until_a_day_after_the_window() {
        let command = examples::claim();
        let claimed = Claimed {
            claim_id: command.claim_id,
            member: command.helper.member,
            at: command.at,
            lapses_at: examples::create().created.window.to + CLAIM_GRACE,
        };
        assert_eq!(
            decide(&examples::created(), &command),
            Ok(vec![claimed.into()])
        );
    }

    #[test]
    fn never_more_people_come_than_are_needed() {
        let mut third = examples::claim();
        third.claim_id = examples::claim_id(3);
        third.helper.member = examples::third().member;
        assert_eq!(decide(&examples::full(), &third), Err(Refusal::NoSlotLeft));
        assert_eq!(decide(&examples::done(), &third), Err(Refusal::NoSlotLeft));
    }

    #[test]
    fn nobody_takes_two_slots() {
        let mut again = examples::claim();
        again.claim_id = examples::claim_id(3);
        assert_eq!(
            decide(&examples::claimed(), &again),
            Err(Refusal::AlreadyClaimed)
        );
    }

    #[test]
    fn what_is_closed_or_over_is_not_claimed() {
        let mut command = examples::claim();
        assert_eq!(
            decide(&examples::cancelled(), &examples::other_claim()),
            Err(Refusal::NotOpen)
        );
        command.at = examples::create().created.window.to;
        assert_eq!(
            decide(&examples::created(), &command),
            Err(Refusal::Expired)
        );
    }

    #[test]
    fn who_left_claims_nothing() {
        let mut command = examples::claim();
        command.helper.takes_part = false;
        assert_eq!(
            decide(&examples::created(), &command),
            Err(Refusal::MemberLeft)
        );
    }

    #[test]
    fn a_claim_that_ended_does_not_come_back() {
        assert_eq!(
            decide(&examples::released(), &examples::claim()),
            Err(Refusal::ClaimEnded)
        );
    }

    #[test]
    fn the_same_claim_again_changes_nothing() {
        assert_eq!(decide(&examples::claimed(), &examples::claim()), Ok(vec![]));
    }
}
