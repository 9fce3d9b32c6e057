//! Tasks whose window is over and that nobody is at any more are no longer offered.

use std::sync::Arc;

use domain::ids::TaskId;
use domain::task::{Task, TaskEvent};
use domain::text::Slug;
use futures::future::BoxFuture;

use super::cause::Cause;
use super::{Reaction, each_due, issue};
use crate::executor::{Desk, Failure};
use crate::lookup::{Due, DueKind};
use crate::task::expire::Expire;

const NAME: &str = "expire_tasks";

/// See the module.
pub struct ExpireTasks;

impl Reaction for ExpireTasks {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(each_due(desk, DueKind::TaskExpiry, NAME, move |due| {
            expire(desk, due)
        }))
    }
}

async fn expire(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let network: Slug = due.network.parse().map_err(|_| Failure::NotFound)?;
    let task = desk.read::<Task>(&network, due.id).await?;
    let task = task.ok_or(Failure::NotFound)?;
    let work = task.work().ok_or(Failure::NotFound)?;
    // What was told of its claims just now may keep it open for a while; then this is another
    // command.
    let key = format!(
        "{}/{}/{}/{}",
        due.id,
        due.at.timestamp_micros(),
        work.claims.len(),
        work.free_slots()
    );
    let act = Expire {
        task_id: TaskId(due.id),
    };
    let created = |event: &TaskEvent| matches!(event, TaskEvent::Created(_));
    let cause = Cause::last::<Task>(desk, due.id, created).await?;
    let expired = issue(desk, NAME, &due.network, cause, key, act).await;
    expired.map(|_| ())
}
