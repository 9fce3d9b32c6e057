//! After a member left, what the member had claimed is free for others at once, and what is held
//! about the person is given up when the policy says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use domain::envelope::Recorded;
use domain::help_request::HelpRequest;
use domain::ids::{ClaimId, HelpRequestId, MemberId, NetworkId, TaskId};
use domain::member::Member;
use domain::network::Network;
use domain::subject::Subject;
use domain::subject::introduce::SubjectKind;
use domain::task::Task;
use domain::text::Slug;
use futures::future::BoxFuture;
use uuid::Uuid;

use super::cause::Cause;
use super::follow::Follow;
use super::ports::Checkpoints;
use super::{Reaction, concerns, issue};
use crate::executor::{Desk, Failure};
use crate::help_request::release::Release as ReleaseRequest;
use crate::subject::set_retention::SetRetention;
use crate::task::release::Release as ReleaseTask;

const NAME: &str = "leave";

/// See the module.
pub struct LetGo {
    follow: Follow,
}

impl LetGo {
    /// A reaction that goes on from its checkpoint.
    pub fn new(checkpoints: Arc<dyn Checkpoints>) -> Self {
        Self {
            follow: Follow::new(NAME, checkpoints),
        }
    }
}

impl Reaction for LetGo {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(self.follow.page(desk, |event| left(desk, event)))
    }
}

async fn left(desk: &Arc<Desk>, event: Recorded) -> Result<(), Failure> {
    if event.record.event_type != "member.left" {
        return Ok(());
    }
    let network: Slug = event
        .record
        .network
        .parse()
        .map_err(|_| Failure::NotFound)?;
    let member = MemberId(event.record.aggregate_id);
    let cause = Some(Cause::of(&event));
    release_requests(desk, &network, member, cause).await?;
    release_tasks(desk, &network, member, cause).await?;
    give_up(desk, &network, member, &event).await
}

async fn release_requests(
    desk: &Arc<Desk>,
    network: &Slug,
    member: MemberId,
    cause: Option<Cause>,
) -> Result<(), Failure> {
    concerns::each(desk, member.0, "help_request", move |id| async move {
        let request = desk.read::<HelpRequest>(network, id).await?;
        let request = request.ok_or(Failure::NotFound)?;
        let Some(claim) = request.claim().filter(|claim| claim.member == member) else {
            return Ok(());
        };
        let act = ReleaseRequest {
            help_request_id: HelpRequestId(id),
            claim_id: claim.claim_id,
        };
        let key = format!("{}/left", claim.claim_id);
        issue(desk, NAME, network.as_str(), cause, key, act)
            .await
            .map(|_| ())
    })
    .await
}

async fn release_tasks(
    desk: &Arc<Desk>,
    network: &Slug,
    member: MemberId,
    cause: Option<Cause>,
) -> Result<(), Failure> {
    concerns::each(desk, member.0, "task", move |id| async move {
        let task = desk.read::<Task>(network, id).await?;
        let task = task.ok_or(Failure::NotFound)?;
        let work = task.work().ok_or(Failure::NotFound)?;
        let held = work
            .live()
            .filter(|(_, claim)| claim.member == Some(member));
        let held: Vec<ClaimId> = held.map(|(claim_id, _)| *claim_id).collect();
        for claim_id in held {
            let act = ReleaseTask {
                task_id: TaskId(id),
                claim_id,
            };
            let key = format!("{claim_id}/left");
            match issue(desk, NAME, network.as_str(), cause, key, act).await {
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    })
    .await
}

/// Whoever is held as a member only is held no longer than the policy says after the last act of
/// the membership. A donor who was a member too stays a donor.
async fn give_up(
    desk: &Arc<Desk>,
    network: &Slug,
    member: MemberId,
    event: &Recorded,
) -> Result<(), Failure> {
    let known = desk.read::<Member>(network, member).await?;
    let known = known.ok_or(Failure::NotFound)?;
    let subject_id = known.membership().ok_or(Failure::NotFound)?.subject;
    let subject = desk.read::<Subject>(network, subject_id).await?;
    let person = subject.as_ref().and_then(|subject| subject.person());
    if person.is_none_or(|person| person.introduced.kind != SubjectKind::Member)
        || takes_part(desk, network, subject_id.0).await?
    {
        return Ok(());
    }
    let days = retain_days(desk, network, event).await?;
    let act = SetRetention {
        subject_id,
        retain_until: event.record.occurred_at + days,
    };
    let key = format!("{member}/left");
    let cause = Some(Cause::of(event));
    issue(desk, NAME, network.as_str(), cause, key, act)
        .await
        .map(|_| ())
}

/// Whether the person is a member in another way.
async fn takes_part(desk: &Arc<Desk>, network: &Slug, subject: Uuid) -> Result<bool, Failure> {
    let takes_part = &AtomicBool::new(false);
    concerns::each(desk, subject, "member", move |id| async move {
        let member = desk.read::<Member>(network, id).await?;
        if member.is_some_and(|member| !member.has_left()) {
            takes_part.store(true, Ordering::Relaxed);
        }
        Ok(())
    })
    .await?;
    Ok(takes_part.load(Ordering::Relaxed))
}

async fn retain_days(
    desk: &Arc<Desk>,
    network: &Slug,
    event: &Recorded,
) -> Result<TimeDelta, Failure> {
    let known = desk
        .read::<Network>(network, NetworkId::of(network))
        .await?;
    let initiative = known.as_ref().and_then(|network| network.initiative());
    let policy = initiative
        .ok_or(Failure::NotFound)?
        .policy(event.record.occurred_at);
    Ok(TimeDelta::days(i64::from(policy.retain_contact_days)))
}
