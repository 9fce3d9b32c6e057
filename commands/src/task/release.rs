//! A claim ends without work: given up, taken back by a coordinator, left behind, or lapsed.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::release::Release as Decision;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::help_request::release::release_reason;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Release a claim.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for Release {
    const NAME: &'static str = "task.release";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (task, standing) = known(work, self.task_id).await?;
        let known = task.work().ok_or(Failure::NotFound)?;
        standing.holder(known, self.claim_id)?;
        let holder = known
            .claims
            .get(&self.claim_id)
            .and_then(|claim| claim.member);
        let command = Decision {
            claim_id: self.claim_id,
            reason: release_reason(work, holder).await?,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
