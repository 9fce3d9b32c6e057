//! A coordinator, an organisation or whoever asked for help asks for people for a piece of work.

use std::sync::Arc;

use domain::envelope::Role;
use domain::help::{Category, Window};
use domain::help_request::HelpRequest;
use domain::ids::{DistrictId, HelpRequestId, OrganisationId, TaskId};
use domain::organisation::Organisation;
use domain::sealed::{PersonalText, Sealed};
use domain::task::Task;
use domain::task::create::{Create as Decision, Created};
use domain::text::{Label, Language, Name};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::help_request::standing::known;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Create a task.
#[derive(Clone, Debug)]
pub struct Create {
    /// What is to be done, in one line that names no person.
    pub title: Name,
    /// The language of the title and the note.
    pub language: Language,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: Label,
    /// When it is to be done.
    pub window: Window,
    /// How many people it needs.
    pub slots: u32,
    /// The request for help that it serves.
    pub help_request_id: Option<HelpRequestId>,
    /// The organisation whose task it is; a worker's own unless said.
    pub organisation_id: Option<OrganisationId>,
    /// What whoever comes has to know.
    pub note: Option<PersonalText>,
}

/// The task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = TaskCreated)]
pub struct Answer {
    /// The task.
    pub task_id: TaskId,
}

impl UseCase for Create {
    const NAME: &'static str = "task.create";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        match (who.role(), self.organisation_id) {
            (Role::Organisation, Some(organisation)) => who.organisation(organisation),
            (Role::Organisation | Role::Member, None) => Ok(()),
            _ => who.coordinator(DistrictId::of(&who.network, self.district_code.as_str())),
        }
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let task_id: TaskId = work.new_id();
        let request = self.request(work).await?;
        let subject = request
            .as_ref()
            .and_then(|request| request.need()?.requested.subject);
        // A note about a person whom the task helps goes with that person's key.
        let key = subject.map_or(task_id.0, |subject| subject.0);
        let organisation = self.organisation_id.or(work.who().organisation_id());
        let note = match &self.note {
            Some(note) => Some(work.seal::<Task>(task_id, "note", key, note).await?),
            None => None,
        };
        let command = Decision {
            created: self.created(work, organisation, note),
            district_is_drawn: work.is_drawn(&self.district_code).await?,
            help_request_is_open: request.is_none_or(|request| request.is_open()),
            organisation_takes_part: takes_part(work, organisation).await?,
        };
        work.decide::<Task>(task_id, command).await?;
        Ok(Answer { task_id })
    }
}

impl Create {
    /// The request that it serves. A member asks for people only for what the member asked for.
    async fn request(&self, work: &mut Work) -> Result<Option<Arc<HelpRequest>>, Failure> {
        let is_member = work.who().member_id().is_some();
        let Some(id) = self.help_request_id else {
            return if is_member {
                Err(Denied::Role.into())
            } else {
                Ok(None)
            };
        };
        let (request, standing) = known(work, id).await?;
        standing.person()?;
        Ok(Some(request))
    }

    fn created(
        &self,
        work: &Work,
        organisation: Option<OrganisationId>,
        note: Option<Sealed>,
    ) -> Created {
        Created {
            network: work.network().clone(),
            at: work.at(),
            title: self.title.clone(),
            language: self.language.clone(),
            category: self.category,
            district_code: self.district_code.clone(),
            window: self.window,
            slots: self.slots,
            help_request: self.help_request_id,
            organisation,
            note,
        }
    }
}

async fn takes_part(
    work: &mut Work,
    organisation: Option<OrganisationId>,
) -> Result<bool, Failure> {
    match organisation {
        Some(id) => Ok(work.look::<Organisation>(id).await?.takes_part()),
        None => Ok(true),
    }
}
