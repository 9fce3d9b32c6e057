//! A coordinator decides what stands after a dispute.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::resolve_dispute::{Outcome, ResolveDispute as Decision};

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Resolve a dispute.
#[derive(Clone, Copy, Debug)]
pub struct ResolveDispute {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
    /// What stands.
    pub outcome: Outcome,
}

impl UseCase for ResolveDispute {
    const NAME: &'static str = "task.resolve_dispute";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (_, standing) = known(work, self.task_id).await?;
        standing.coordinator()?;
        let command = Decision {
            claim_id: self.claim_id,
            outcome: self.outcome,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
