//! Claims of which nothing was heard in time are released, so that others can help.

use std::sync::Arc;

use domain::help_request::{HelpRequest, HelpRequestEvent};
use domain::ids::{HelpRequestId, TaskId};
use domain::task::claims::ClaimStage;
use domain::task::{Task, TaskEvent};
use domain::text::Slug;
use futures::future::BoxFuture;

use super::cause::Cause;
use super::{Reaction, each_due, issue};
use crate::executor::{Desk, Failure};
use crate::help_request::release::Release as ReleaseRequest;
use crate::lookup::{Due, DueKind};
use crate::task::release::Release as ReleaseTask;

const NAME: &str = "lapse_claims";

/// See the module.
pub struct LapseClaims;

impl Reaction for LapseClaims {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(async move {
            let requests = each_due(desk, DueKind::HelpRequestClaim, NAME, move |due| {
                of_help_request(desk, due)
            });
            requests.await?;
            let tasks = each_due(desk, DueKind::TaskClaim, NAME, move |due| {
                of_task(desk, due)
            });
            tasks.await
        })
    }
}

async fn of_help_request(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let network: Slug = due.network.parse().map_err(|_| Failure::NotFound)?;
    let request = desk.read::<HelpRequest>(&network, due.id).await?;
    let request = request.ok_or(Failure::NotFound)?;
    let now = desk.clock().now();
    let Some(claim) = request.claim().filter(|claim| claim.lapses_at <= now) else {
        return Ok(());
    };
    let key = format!("{}/{}", claim.claim_id, claim.lapses_at.timestamp_micros());
    let act = ReleaseRequest {
        help_request_id: HelpRequestId(due.id),
        claim_id: claim.claim_id,
    };
    let is_it = |event: &HelpRequestEvent| match event {
        HelpRequestEvent::Claimed(claimed) => claimed.claim_id == claim.claim_id,
        _ => false,
    };
    let cause = Cause::last::<HelpRequest>(desk, due.id, is_it).await?;
    let released = issue(desk, NAME, &due.network, cause, key, act).await;
    released.map(|_| ())
}

/// All claims on the task that have lapsed: it is due with the first of them.
async fn of_task(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let network: Slug = due.network.parse().map_err(|_| Failure::NotFound)?;
    let task = desk.read::<Task>(&network, due.id).await?;
    let task = task.ok_or(Failure::NotFound)?;
    let work = task.work().ok_or(Failure::NotFound)?;
    let now = desk.clock().now();
    for (claim_id, claim) in work.live() {
        let Some(lapses_at) = claim.lapses_at.filter(|at| *at <= now) else {
            continue;
        };
        // A completion that is taken back leaves a claim that lapses once more.
        let started = u8::from(claim.stage == ClaimStage::Started);
        let key = format!("{claim_id}/{}/{started}", lapses_at.timestamp_micros());
        let act = ReleaseTask {
            task_id: TaskId(due.id),
            claim_id: *claim_id,
        };
        let is_it = |event: &TaskEvent| match event {
            TaskEvent::Claimed(claimed) => claimed.claim_id == *claim_id,
            _ => false,
        };
        let cause = Cause::last::<Task>(desk, due.id, is_it).await?;
        match issue(desk, NAME, &due.network, cause, key, act).await {
            Ok(_) | Err(Failure::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
