//! Somebody says that the work was not done, or not so.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::dispute::{Dispute as Decision, DisputeReason};

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Dispute a completion.
#[derive(Clone, Copy, Debug)]
pub struct Dispute {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
    /// Why.
    pub reason: DisputeReason,
}

impl UseCase for Dispute {
    const NAME: &'static str = "task.dispute";
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
            reason: self.reason,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
