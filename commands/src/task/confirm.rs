//! Somebody who was there, or knows, says that the work was done.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::confirm::Confirm as Decision;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Confirm a completion.
#[derive(Clone, Copy, Debug)]
pub struct Confirm {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for Confirm {
    const NAME: &'static str = "task.confirm";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Organisation, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (task, standing) = known(work, self.task_id).await?;
        let known = task.work().ok_or(Failure::NotFound)?;
        let by = standing.witness(known, self.claim_id)?;
        let command = Decision {
            claim_id: self.claim_id,
            by,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
