//! Whoever holds a claim is at work, or still is.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::start::Start as Decision;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Start.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for Start {
    const NAME: &'static str = "task.start";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (task, standing) = known(work, self.task_id).await?;
        let known = task.work().ok_or(Failure::NotFound)?;
        standing.holder(known, self.claim_id)?;
        let command = Decision {
            claim_id: self.claim_id,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
