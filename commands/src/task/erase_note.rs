//! The software gives up the note under a task's own key, some time after its end.

use domain::ids::TaskId;
use domain::task::Task;
use domain::task::erase_note::EraseNote as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Erase the note of a task.
#[derive(Clone, Copy, Debug)]
pub struct EraseNote {
    /// The task.
    pub task_id: TaskId,
}

impl UseCase for EraseNote {
    const NAME: &'static str = "task.erase_note";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let at = work.at();
        work.get::<Task>(self.task_id).await?;
        let erased = work.decide::<Task>(self.task_id, Decision { at }).await?;
        if !erased.is_empty() {
            work.block_after(self.task_id.0);
        }
        Ok(())
    }
}
