//! Work was done: under a claim, or by somebody who simply came.

use domain::envelope::Role;
use domain::ids::{ClaimId, MemberId, TaskId};
use domain::member::Member;
use domain::task::Task;
use domain::task::complete::{By as Way, Complete as Decision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::standing::{Standing, known};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Complete a claim, or work without one.
#[derive(Clone, Copy, Debug)]
pub struct Complete {
    /// The task.
    pub task_id: TaskId,
    /// Under which claim.
    pub by: By,
    /// How long it took.
    pub minutes: u32,
}

/// By whom work was done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CompletedBy)]
pub enum By {
    /// By whoever holds the claim.
    Claim {
        /// The claim.
        claim_id: ClaimId,
    },
    /// By somebody who had not claimed it.
    WithoutClaim {
        /// The member, where it was one and not the caller.
        member_id: Option<MemberId>,
    },
}

/// Under which id the work can be confirmed or disputed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TaskCompleted)]
pub struct Answer {
    /// The claim, or the id that stands for one.
    pub claim_id: ClaimId,
}

impl UseCase for Complete {
    const NAME: &'static str = "task.complete";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Organisation, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let (task, standing) = known(work, self.task_id).await?;
        let known = task.work().ok_or(Failure::NotFound)?;
        let (claim_id, by) = match self.by {
            By::Claim { claim_id } if standing.holds(known, claim_id) => (claim_id, Way::Claim),
            By::Claim { claim_id } => {
                outside(standing)?;
                (claim_id, Way::Claim)
            }
            By::WithoutClaim { member_id } => {
                let member = who_came(work, standing, member_id).await?;
                (work.new_id(), Way::WithoutClaim { member })
            }
        };
        let command = Decision {
            claim_id,
            by,
            at: work.at(),
            minutes: self.minutes,
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(Answer { claim_id })
    }
}

/// Whoever did not do the work says so only as a coordinator or for the organisation.
fn outside(standing: Standing) -> Result<(), Denied> {
    if standing.coordinates || standing.hosts {
        Ok(())
    } else {
        Err(Denied::Foreign)
    }
}

/// A member tells of its own work; for others a coordinator or the organisation does.
async fn who_came(
    work: &mut Work,
    standing: Standing,
    named: Option<MemberId>,
) -> Result<Option<MemberId>, Failure> {
    if let Some(caller) = standing.member {
        let is_own = named.is_none_or(|named| named == caller);
        return if is_own {
            Ok(Some(caller))
        } else {
            Err(Denied::Foreign.into())
        };
    }
    outside(standing)?;
    if let Some(member) = named {
        work.get::<Member>(member).await?;
        work.acts_for(member);
    }
    Ok(named)
}
