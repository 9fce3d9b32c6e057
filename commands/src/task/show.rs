//! One task as its reader may see it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::help::{Category, Window};
use domain::help_request::HelpRequest;
use domain::ids::{ClaimId, HelpRequestId, MemberId, OrganisationId, TaskId};
use domain::member::Member;
use domain::task::claims::{ClaimStage, Work as TaskWork};
use domain::task::{Task, create};
use serde::Serialize;
use utoipa::ToSchema;

use super::standing::{Standing, requester};
use crate::executor::{Desk, Failure};
use crate::opening::{Opened, Place, Reader, audience};
use crate::principal::{Denied, Principal};

/// One task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TaskShown)]
pub struct Shown {
    /// The task.
    pub task_id: TaskId,
    /// Where it stands.
    pub status: Status,
    /// What is to be done.
    pub title: String,
    /// The language of the title and the note.
    pub language: String,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: String,
    /// When it is to be done.
    pub window: Window,
    /// How many people it needs.
    pub slots: u32,
    /// How many more can come.
    pub free_slots: u32,
    /// The request for help that it serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_request_id: Option<HelpRequestId>,
    /// The organisation whose task it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// The claims: a member sees its own, who asked for the work all of them.
    pub claims: Vec<Claim>,
    /// What whoever comes has to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Opened>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TaskStatus)]
pub enum Status {
    /// Work is left to do.
    Open,
    /// All of it was done.
    Done,
    /// It was cancelled.
    Cancelled,
    /// Its window was over.
    Expired,
}

/// One claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TaskClaimShown)]
pub struct Claim {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who holds it, where it is a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// Whether somebody is going to come, or at work.
    pub live: bool,
    /// The minutes of work that stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Whether the work was confirmed.
    pub confirmed: bool,
    /// The instant from which it is released if nothing was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lapses_at: Option<DateTime<Utc>>,
}

/// Shows a task: to a member what helps to choose, to the involved all of it.
///
/// # Errors
/// `Denied` for those who are neither members, nor of the organisation, nor look after the district.
pub async fn show(desk: &Arc<Desk>, who: &Principal, id: TaskId) -> Result<Shown, Failure> {
    who.any_of(&[Role::Coordinator, Role::Organisation, Role::Member])?;
    let task = desk.read::<Task>(&who.network, id).await?;
    let task = task.ok_or(Failure::NotFound)?;
    let work = task.work().ok_or(Failure::NotFound)?;
    let (standing, reader) = reader(desk, who, &task, work).await?;
    let place = Place::of::<Task>(&who.network, id);
    let reads = reader.reads(audience(create::SEALED, "note"));
    let created = &work.created;
    Ok(Shown {
        task_id: id,
        status: status(&task).ok_or(Failure::NotFound)?,
        title: created.title.to_string(),
        language: created.language.to_string(),
        category: created.category,
        district_code: created.district_code.to_string(),
        window: created.window,
        slots: created.slots,
        free_slots: work.free_slots(),
        help_request_id: created.help_request,
        organisation_id: created.organisation,
        claims: claims(work, standing),
        note: place
            .open(desk, "note", reads, created.note.as_ref())
            .await?,
    })
}

async fn reader(
    desk: &Arc<Desk>,
    who: &Principal,
    task: &Task,
    work: &TaskWork,
) -> Result<(Standing, Reader), Failure> {
    let network = &who.network;
    let member = match who.member_id() {
        Some(member) => desk.read::<Member>(network, member).await?,
        None => None,
    };
    let request = match work.created.help_request {
        Some(request) => desk.read::<HelpRequest>(network, request).await?,
        None => None,
    };
    let requester = requester(request.as_deref());
    let standing = Standing::of(who, work, member.as_deref(), requester);
    let helper = standing.member.zip(member);
    let takes_part = helper
        .and_then(|(id, member)| member.helper(id))
        .is_some_and(|helper| helper.takes_part);
    let now = desk.clock().now();
    let involves = standing
        .member
        .is_some_and(|member| task.involves(member, now));
    let reader = Reader {
        is_member: takes_part,
        is_involved: standing.host().is_ok() || involves,
    };
    if reader.is_member || reader.is_involved {
        Ok((standing, reader))
    } else {
        Err(Denied::Foreign.into())
    }
}

fn claims(work: &TaskWork, standing: Standing) -> Vec<Claim> {
    let sees_all = standing.host().is_ok();
    let claims = work.claims.iter();
    let seen = claims.filter(|(id, _)| sees_all || standing.holds(work, **id));
    seen.map(|(id, claim)| Claim {
        claim_id: *id,
        member_id: claim.member,
        live: claim.stage.is_live(),
        minutes: claim.stage.minutes(),
        confirmed: matches!(claim.stage, ClaimStage::Confirmed { .. }),
        lapses_at: claim.lapses_at.filter(|_| claim.stage.is_live()),
    })
    .collect()
}

fn status(task: &Task) -> Option<Status> {
    match task {
        Task::Unknown => None,
        Task::Open(_) => Some(Status::Open),
        Task::Done(_) => Some(Status::Done),
        Task::Cancelled(_) => Some(Status::Cancelled),
        Task::Expired(_) => Some(Status::Expired),
    }
}
