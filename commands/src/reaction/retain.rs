//! What may not be held any longer is erased: people at the end of their time, and the texts of
//! requests and tasks under their own key, so many days after the end as the policy says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::help_request::{HelpRequest, HelpRequestEvent};
use domain::ids::{HelpRequestId, NetworkId, SubjectId, TaskId};
use domain::network::{Initiative, Network};
use domain::subject::erase::ErasureReason;
use domain::subject::{Subject, SubjectEvent};
use domain::task::{Task, TaskEvent};
use domain::text::Slug;
use futures::future::BoxFuture;

use super::cause::Cause;
use super::{Reaction, each_due, issue};
use crate::executor::{Desk, Failure};
use crate::help_request::erase_texts::EraseTexts;
use crate::lookup::{Due, DueKind};
use crate::subject::erase::Erase;
use crate::task::erase_note::EraseNote;

const NAME: &str = "retain";
/// How often those that have ended are looked through: a policy speaks of days.
const EVERY: TimeDelta = TimeDelta::hours(1);

/// See the module.
#[derive(Default)]
pub struct Retain {
    /// When those that have ended were last looked through.
    looked: Mutex<Option<DateTime<Utc>>>,
}

impl Reaction for Retain {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(async move {
            let people = each_due(desk, DueKind::SubjectRetention, NAME, move |due| {
                person(desk, due)
            });
            people.await?;
            let now = desk.clock().now();
            if self.looked_lately(now) {
                return Ok(false);
            }
            let policies = Policies::default();
            each_due(desk, DueKind::HelpRequestTexts, NAME, |due| {
                texts(desk, &policies, due)
            })
            .await?;
            each_due(desk, DueKind::TaskNote, NAME, |due| {
                note(desk, &policies, due)
            })
            .await?;
            *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
            Ok(false)
        })
    }
}

impl Retain {
    fn looked_lately(&self, now: DateTime<Utc>) -> bool {
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_some_and(|at| now.signed_duration_since(at).abs() < EVERY)
    }
}

async fn person(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let act = Erase {
        subject_id: SubjectId(due.id),
        reason: ErasureReason::RetentionOver,
    };
    let key = format!("{}/{}", due.id, due.at.timestamp_micros());
    let said = |event: &SubjectEvent| {
        matches!(
            event,
            SubjectEvent::Introduced(_) | SubjectEvent::RetentionSet(_)
        )
    };
    let cause = Cause::last::<Subject>(desk, due.id, said).await?;
    let erased = issue(desk, NAME, &due.network, cause, key, act).await;
    erased.map(|_| ())
}

async fn texts(desk: &Arc<Desk>, policies: &Policies, due: Due) -> Result<(), Failure> {
    if !policies.is_over(desk, &due).await? {
        return Ok(());
    }
    let help_request_id = HelpRequestId(due.id);
    let act = EraseTexts { help_request_id };
    // A request may be opened again and end again.
    let key = format!("{}/{}", due.id, due.at.timestamp_micros());
    let ended = |event: &HelpRequestEvent| {
        matches!(
            event,
            HelpRequestEvent::Fulfilled(_)
                | HelpRequestEvent::Withdrawn(_)
                | HelpRequestEvent::Expired(_)
                | HelpRequestEvent::ClosedUnmet(_)
        )
    };
    let cause = Cause::last::<HelpRequest>(desk, due.id, ended).await?;
    let erased = issue(desk, NAME, &due.network, cause, key, act).await;
    erased.map(|_| ())
}

async fn note(desk: &Arc<Desk>, policies: &Policies, due: Due) -> Result<(), Failure> {
    if !policies.is_over(desk, &due).await? {
        return Ok(());
    }
    let task_id = TaskId(due.id);
    let key = format!("{}/{}", due.id, due.at.timestamp_micros());
    let ended = |event: &TaskEvent| {
        matches!(
            event,
            TaskEvent::Completed(_) | TaskEvent::Cancelled(_) | TaskEvent::Expired(_)
        )
    };
    let cause = Cause::last::<Task>(desk, due.id, ended).await?;
    let act = EraseNote { task_id };
    let erased = issue(desk, NAME, &due.network, cause, key, act).await;
    erased.map(|_| ())
}

/// The policies of the networks, each read once in a look.
#[derive(Default)]
struct Policies(Mutex<HashMap<String, Initiative>>);

impl Policies {
    /// Whether the texts of what ended then may not be held any more: the shorter time counts of
    /// the policy in force when it ended, which the person may have been told, and today's.
    async fn is_over(&self, desk: &Arc<Desk>, due: &Due) -> Result<bool, Failure> {
        let now = desk.clock().now();
        let initiative = self.of(desk, &due.network).await?;
        let days = |at| initiative.policy(at).retain_contact_days;
        let days = days(due.at).min(days(now));
        Ok(due.at + TimeDelta::days(i64::from(days)) <= now)
    }

    async fn of(&self, desk: &Arc<Desk>, network: &str) -> Result<Initiative, Failure> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(initiative) = known().get(network) {
            return Ok(initiative.clone());
        }
        let slug: Slug = network.parse().map_err(|_| Failure::NotFound)?;
        let found = desk.read::<Network>(&slug, NetworkId::of(&slug)).await?;
        let initiative = found.as_ref().and_then(|network| network.initiative());
        let initiative = initiative.ok_or(Failure::NotFound)?.clone();
        known().insert(network.to_owned(), initiative.clone());
        Ok(initiative)
    }
}
