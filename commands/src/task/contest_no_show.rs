//! Whoever is said not to have come disagrees, or tells a coordinator so.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::claims::{ClaimStage, Work as TaskWork};
use domain::task::contest_no_show::ContestNoShow as Decision;
use domain::task::report_no_show::Absent;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Contest the report of an absence.
#[derive(Clone, Copy, Debug)]
pub struct ContestNoShow {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for ContestNoShow {
    const NAME: &'static str = "task.contest_no_show";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Organisation, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (task, standing) = known(work, self.task_id).await?;
        let known = task.work().ok_or(Failure::NotFound)?;
        match absent(known, self.claim_id) {
            Some(Absent::Host) => standing.host()?,
            Some(Absent::Helper) | None => standing.holder(known, self.claim_id)?,
        }
        let command = Decision {
            claim_id: self.claim_id,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}

/// Who is said not to have been there.
fn absent(work: &TaskWork, claim: ClaimId) -> Option<Absent> {
    match work.claims.get(&claim)?.stage {
        ClaimStage::NoShow { who }
        | ClaimStage::NoShowContested { who }
        | ClaimStage::NoShowUpheld { who } => Some(who),
        _ => None,
    }
}
