//! A task is not needed or not possible any more.

use domain::envelope::Role;
use domain::ids::TaskId;
use domain::task::Task;
use domain::task::cancel::{Cancel as Decision, CancelReason};

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Cancel a task.
#[derive(Clone, Copy, Debug)]
pub struct Cancel {
    /// The task.
    pub task_id: TaskId,
    /// Why.
    pub reason: CancelReason,
}

impl UseCase for Cancel {
    const NAME: &'static str = "task.cancel";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Organisation, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (_, standing) = known(work, self.task_id).await?;
        standing.host()?;
        let command = Decision {
            reason: self.reason,
            at: work.at(),
        };
        work.decide::<Task>(self.task_id, command).await?;
        Ok(())
    }
}
