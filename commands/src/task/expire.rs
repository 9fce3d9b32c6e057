//! The window of a task is over and nobody is at it. Only the reaction does this.

use domain::ids::TaskId;
use domain::task::Task;
use domain::task::expire::Expire as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Record that a task expired.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// The task.
    pub task_id: TaskId,
}

impl UseCase for Expire {
    const NAME: &'static str = "task.expire";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Task>(self.task_id).await?;
        let at = work.at();
        work.decide::<Task>(self.task_id, Decision { at }).await?;
        Ok(())
    }
}
