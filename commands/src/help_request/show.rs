//! One request as its reader may see it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::help::{Category, Effort, Window};
use domain::help_request::{HelpRequest, Need, request};
use domain::ids::{ClaimId, HelpRequestId, MemberId};
use domain::member::Member;
use domain::sealed::Sealed;
use domain::subject::Subject;
use serde::Serialize;
use utoipa::ToSchema;

use super::standing::Standing;
use crate::executor::{Desk, Failure};
use crate::opening::{Opened, Place, Reader, audience};
use crate::principal::{Denied, Principal};
use crate::subject::show::contact;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HelpRequestShown)]
pub struct Shown {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// Where it stands.
    pub status: Status,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: String,
    /// When help is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// How much time it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// The language of the texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The instant from which it is no longer offered.
    pub expires_at: DateTime<Utc>,
    /// The claim that somebody holds, for the involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// What is needed, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Opened>,
    /// How to reach the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Opened>,
    /// What the person can give in return.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_return: Option<Opened>,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HelpRequestStatus)]
pub enum Status {
    /// Somebody is wanted.
    Open,
    /// Somebody has taken it on.
    Claimed,
    /// Help was given.
    Fulfilled,
    /// It is no longer wanted.
    Withdrawn,
    /// Its time was over.
    Expired,
    /// Help could not be found.
    ClosedUnmet,
}

/// The claim that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HelpRequestClaim)]
pub struct Claim {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who holds it.
    pub member_id: MemberId,
    /// The instant from which it is released if nothing was heard.
    pub lapses_at: DateTime<Utc>,
}

/// Shows a request: to a member what helps to choose, to the involved all of it.
///
/// # Errors
/// `Denied` for those who are neither members nor look after the district.
pub async fn show(desk: &Arc<Desk>, who: &Principal, id: HelpRequestId) -> Result<Shown, Failure> {
    who.any_of(&[
        Role::Coordinator,
        Role::Organisation,
        Role::Member,
        Role::Subject,
    ])?;
    let request = desk.read::<HelpRequest>(&who.network, id).await?;
    let request = request.ok_or(Failure::NotFound)?;
    let need = request.need().ok_or(Failure::NotFound)?;
    let reader = reader(desk, who, &request, need).await?;
    let open = async |field, sealed: Option<&Sealed>| {
        let place = Place::of::<HelpRequest>(&who.network, id);
        let reads = reader.reads(audience(request::SEALED, field));
        place.open(desk, field, reads, sealed).await
    };
    let terms = &need.terms;
    let (note, in_return) = (
        open("note", terms.note.as_ref()).await?,
        open("in_return", terms.in_return.as_ref()).await?,
    );
    let contact = match open("contact", terms.contact.as_ref()).await? {
        Some(own) => Some(own),
        None => contact_of_person(desk, who, need, reader).await?,
    };
    let claim = request.claim().filter(|_| reader.is_involved);
    Ok(Shown {
        help_request_id: id,
        status: status(&request).ok_or(Failure::NotFound)?,
        category: terms.category,
        district_code: terms.district_code.to_string(),
        window: terms.window,
        effort: terms.effort,
        language: terms.language.as_ref().map(ToString::to_string),
        expires_at: terms.expires_at,
        claim: claim.map(|claim| Claim {
            claim_id: claim.claim_id,
            member_id: claim.member,
            lapses_at: claim.lapses_at,
        }),
        note,
        contact,
        in_return,
    })
}

/// Who reads: a coordinator of another district nothing, a member and the organisation that entered
/// it a little, the involved all.
async fn reader(
    desk: &Arc<Desk>,
    who: &Principal,
    request: &HelpRequest,
    need: &Need,
) -> Result<Reader, Failure> {
    let member = match who.member_id() {
        Some(member) => desk.read::<Member>(&who.network, member).await?,
        None => None,
    };
    let standing = Standing::of(who, need, member.as_deref());
    let helper = standing.member.zip(member.as_ref());
    let takes_part = helper
        .and_then(|(id, member)| member.helper(id))
        .is_some_and(|helper| helper.takes_part);
    let now = desk.clock().now();
    let involves = helper.is_some_and(|(id, _)| request.involves(id, now));
    let reader = Reader {
        is_member: takes_part || standing.entered,
        is_involved: standing.coordinates || standing.is_person || involves,
    };
    if reader.is_member || reader.is_involved {
        Ok(reader)
    } else {
        Err(Denied::Foreign.into())
    }
}

async fn contact_of_person(
    desk: &Arc<Desk>,
    who: &Principal,
    need: &Need,
    reader: Reader,
) -> Result<Option<Opened>, Failure> {
    let Some(id) = need.requested.subject else {
        return Ok(None);
    };
    let subject = desk.read::<Subject>(&who.network, id).await?;
    let subject = subject.ok_or(Failure::NotFound)?;
    contact(desk, who, id, &subject, reader).await
}

fn status(request: &HelpRequest) -> Option<Status> {
    match request {
        HelpRequest::Unknown => None,
        HelpRequest::Open(_) => Some(Status::Open),
        HelpRequest::Claimed { .. } => Some(Status::Claimed),
        HelpRequest::Fulfilled(_) => Some(Status::Fulfilled),
        HelpRequest::Withdrawn(_) => Some(Status::Withdrawn),
        HelpRequest::Expired(_) => Some(Status::Expired),
        HelpRequest::ClosedUnmet(_) => Some(Status::ClosedUnmet),
    }
}
