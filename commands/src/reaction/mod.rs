//! What must follow from an act: ordinary commands, with keys derived from what they follow from.
//!
//! A reaction works in bounded batches and may be stopped anywhere: its commands are the same when
//! they come again, so running it twice changes nothing. One process at a time runs them.

mod dispose_vouchers;
pub mod erase;
mod expire_help_requests;
mod expire_tasks;
mod expire_vouchers;
mod lapse_claims;
mod leave;
mod retain;

mod cause;
mod concerns;
mod follow;
pub mod ports;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::envelope::Channel;
use domain::text::Slug;
use futures::future::BoxFuture;
use tokio::sync::watch;
use uuid::Uuid;

use crate::executor::{Desk, Done, Failure, Request, UseCase};
use crate::lookup::{Due, DueKind};
use crate::principal::Principal;
use cause::Cause;
use ports::{Checkpoints, Lead, Leadership};

/// The most that one step of a reaction deals with.
pub const BATCH: usize = 100;
/// How long the runner sleeps when nothing wakes it, and between two tries to become the leader.
const POLL: Duration = Duration::from_secs(1);
/// The least time between two rounds: under load every append would wake the runner.
const PAUSE: Duration = Duration::from_millis(200);
/// The name under which one process leads.
const LEADER: &str = "reactions";
/// How long answers to commands are kept.
pub const KEEP_ANSWERS: TimeDelta = TimeDelta::days(30);

/// One thing that must follow from acts.
pub trait Reaction: Send + Sync {
    /// Its name; it acts in the log under it.
    fn name(&self) -> &'static str;

    /// Deals with one batch; says whether there may be more.
    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>>;
}

/// All reactions.
#[must_use]
pub fn all(checkpoints: Arc<dyn Checkpoints>) -> Vec<Box<dyn Reaction>> {
    vec![
        Box::new(expire_vouchers::ExpireVouchers),
        Box::new(lapse_claims::LapseClaims),
        Box::new(expire_help_requests::ExpireHelpRequests),
        Box::new(expire_tasks::ExpireTasks),
        Box::new(dispose_vouchers::DisposeVouchers),
        Box::new(retain::Retain::default()),
        Box::new(leave::LetGo::new(Arc::clone(&checkpoints))),
        Box::new(erase::Erase::new(checkpoints)),
    ]
}

/// Runs reactions until `stop` says so, while this process leads.
pub async fn run(
    desk: Arc<Desk>,
    leadership: Arc<dyn Leadership>,
    reactions: Vec<Box<dyn Reaction>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut changes = desk.log().changes();
    let mut lead: Option<Box<dyn Lead>> = None;
    while !*stop.borrow_and_update() {
        changes.mark_unchanged();
        if !leads(&mut lead, &*leadership).await || !round(&desk, &reactions).await {
            tokio::time::sleep(PAUSE).await;
            tokio::select! {
                _ = changes.changed() => {}
                _ = stop.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

async fn leads(lead: &mut Option<Box<dyn Lead>>, leadership: &dyn Leadership) -> bool {
    if let Some(held) = lead
        && held.still_held().await
    {
        return true;
    }
    *lead = leadership
        .try_lead(LEADER.to_owned())
        .await
        .unwrap_or_default();
    lead.is_some()
}

/// One step of every reaction; says whether any may have more to do. A reaction that fails is
/// tried again later; the others go on.
pub async fn round(desk: &Arc<Desk>, reactions: &[Box<dyn Reaction>]) -> bool {
    let mut more = false;
    for reaction in reactions {
        match reaction.step(desk).await {
            Ok(some) => more |= some,
            Err(error) => tracing::warn!(reaction = reaction.name(), %error, "tried again later"),
        }
    }
    let before = desk.clock().now() - KEEP_ANSWERS;
    match desk.log().prune_answers(before, BATCH).await {
        Ok(pruned) => more || pruned > 0,
        Err(_) => more,
    }
}

/// Issues a command of a reaction. The key says what it follows from, so that it counts once; the
/// cause is told in the log.
pub(crate) async fn issue<U: UseCase>(
    desk: &Arc<Desk>,
    reaction: &'static str,
    network: &str,
    cause: Option<Cause>,
    key: String,
    act: U,
) -> Result<Done<U::Answer>, Failure> {
    let network: Slug = network.parse().map_err(|_| Failure::NotFound)?;
    let principal = Principal::system(reaction, network);
    let hash = desk.codes().request_hash(U::NAME, key.as_bytes());
    let request = Request {
        causation: cause.map(|cause| cause.event_id),
        correlation: cause.and_then(|cause| cause.correlation),
        ..Request::new(principal, key, hash, Channel::Reaction)
    };
    desk.execute(request, act).await
}

/// Goes through all that is due now, a batch at a time, so that there is no more afterwards. What the
/// domain refuses is passed over: it is due again in the next round.
pub(crate) async fn each_due<F>(
    desk: &Arc<Desk>,
    kind: DueKind,
    reaction: &'static str,
    act: impl Fn(Due) -> F + Send,
) -> Result<bool, Failure>
where
    F: Future<Output = Result<(), Failure>> + Send,
{
    let now: DateTime<Utc> = desk.clock().now();
    let mut after: Option<Due> = None;
    loop {
        let due = desk.lookup().due(kind, after.clone(), now, BATCH).await?;
        for one in &due {
            match act(one.clone()).await {
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(Failure::NotFound) => warn_lost(reaction, one.id),
                Err(error) => return Err(error),
            }
        }
        if due.len() < BATCH {
            return Ok(false);
        }
        after = due.into_iter().next_back();
    }
}

fn warn_lost(reaction: &str, id: Uuid) {
    tracing::error!(reaction, %id, "the lookups name something that the log does not have");
}
