//! A member asks for help; a coordinator or an organisation asks for somebody who telephones.

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::help::{Category, Effort, Window};
use domain::help_request::request::{Request as Decision, Requested};
use domain::help_request::{HelpRequest, Terms, expires_at};
use domain::ids::{DistrictId, HelpRequestId, SubjectId};
use domain::member::Member;
use domain::sealed::{PersonalText, Sealed};
use domain::subject::Subject;
use domain::text::{Label, Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Request help.
#[derive(Clone, Debug)]
pub struct Request {
    /// The person, where something about the person is held. A member asks for itself.
    pub subject_id: Option<SubjectId>,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: Label,
    /// When help is wanted.
    pub window: Option<Window>,
    /// How much time it takes.
    pub effort: Option<Effort>,
    /// The language of the texts.
    pub language: Option<Language>,
    /// What is needed, in the person's words.
    pub note: Option<PersonalText>,
    /// How to reach the person, where it is not the subject's own contact.
    pub contact: Option<PersonalText>,
    /// What the person can give in return.
    pub in_return: Option<PersonalText>,
    /// The instant from which it is no longer offered; `None` = the end of the window, or 30 days.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HelpRequested)]
pub struct Answer {
    /// The request.
    pub help_request_id: HelpRequestId,
}

impl UseCase for Request {
    const NAME: &'static str = "help_request.request";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        match who.role() {
            Role::Member | Role::Organisation => Ok(()),
            _ => who.coordinator(DistrictId::of(&who.network, self.district_code.as_str())),
        }
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let help_request_id: HelpRequestId = work.new_id();
        let subject_id = self.subject(work).await?;
        let subject_is_known = match subject_id {
            Some(subject) => work.look::<Subject>(subject).await?.person().is_some(),
            None => true,
        };
        let key = subject_id.map_or(help_request_id.0, |subject| subject.0);
        // Nothing is sealed for an erased person: the domain refuses, and says why.
        let sealing = subject_is_known.then_some((help_request_id, key));
        let command = Decision {
            requested: Requested {
                network: work.network().clone(),
                at: work.at(),
                subject: subject_id,
                organisation: work.who().organisation_id(),
                terms: self.terms(work, sealing).await?,
            },
            district_is_drawn: work.is_drawn(&self.district_code).await?,
            subject_is_known,
        };
        work.decide::<HelpRequest>(help_request_id, command).await?;
        Ok(Answer { help_request_id })
    }
}

impl Request {
    /// A member asks for itself; whoever else enters a request does it on the person's behalf.
    async fn subject(&self, work: &mut Work) -> Result<Option<SubjectId>, Failure> {
        let Some(member_id) = work.who().member_id() else {
            if let Some(subject) = self.subject_id {
                work.acts_for(subject);
            }
            return Ok(self.subject_id);
        };
        let member = work.get::<Member>(member_id).await?;
        let own = member.membership().ok_or(Failure::NotFound)?.subject;
        match self.subject_id {
            Some(other) if other != own => Err(Denied::Foreign.into()),
            Some(_) | None => Ok(Some(own)),
        }
    }

    async fn terms(
        &self,
        work: &Work,
        sealing: Option<(HelpRequestId, Uuid)>,
    ) -> Result<Terms, Failure> {
        Ok(Terms {
            category: self.category,
            district_code: self.district_code.clone(),
            window: self.window,
            effort: self.effort,
            language: self.language.clone(),
            note: seal(work, sealing, "note", self.note.as_ref()).await?,
            contact: seal(work, sealing, "contact", self.contact.as_ref()).await?,
            in_return: seal(work, sealing, "in_return", self.in_return.as_ref()).await?,
            expires_at: self
                .expires_at
                .unwrap_or_else(|| expires_at(work.at(), self.window)),
        })
    }
}

/// Seals a text of a request, if there is one, under the person's key or the request's own.
async fn seal(
    work: &Work,
    sealing: Option<(HelpRequestId, Uuid)>,
    field: &'static str,
    text: Option<&PersonalText>,
) -> Result<Option<Sealed>, Failure> {
    let (Some((id, key)), Some(text)) = (sealing, text) else {
        return Ok(None);
    };
    let sealed = work.seal::<HelpRequest>(id, field, key, text).await?;
    Ok(Some(sealed))
}
