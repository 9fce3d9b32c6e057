//! Somebody did not come, or did not open the door.

use domain::envelope::Role;
use domain::ids::{ClaimId, TaskId};
use domain::task::Task;
use domain::task::report_no_show::{Absent, ReportNoShow as Decision};

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Report that somebody did not come.
#[derive(Clone, Copy, Debug)]
pub struct ReportNoShow {
    /// The task.
    pub task_id: TaskId,
    /// The claim.
    pub claim_id: ClaimId,
    /// Who was not there.
    pub who: Absent,
}

impl UseCase for ReportNoShow {
    const NAME: &'static str = "task.report_no_show";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Organisation, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (task, standing) = known(work, self.task_id).await?;
        let known = task.work().ok_or(Failure::NotFound)?;
        let by = standing.party(known, self.claim_id)?;
        let command = Decision {
            claim_id: self.claim_id,
            who: self.who,
            by,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
