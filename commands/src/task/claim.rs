//! A member takes one of the slots, or a coordinator records that one does.

use domain::envelope::Role;
use domain::ids::{ClaimId, MemberId, TaskId};
use domain::task::Task;
use domain::task::claim::Claim as Decision;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::member::helper;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Claim a slot.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The task.
    pub task_id: TaskId,
    /// Who is going to come, where it is not the caller.
    pub member_id: Option<MemberId>,
}

/// The claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TaskClaimed)]
pub struct Answer {
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for Claim {
    const NAME: &'static str = "task.claim";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let claim_id: ClaimId = work.new_id();
        let (_, standing) = known(work, self.task_id).await?;
        if standing.member.is_none() {
            standing.coordinator()?;
        }
        let command = Decision {
            claim_id,
            helper: helper(work, self.member_id).await?,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(Answer { claim_id })
    }
}
