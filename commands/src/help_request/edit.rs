//! The person, or a coordinator for the person, changes what is asked for.

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::help::{Category, Effort, Window};
use domain::help_request::edit::Edit as Decision;
use domain::help_request::{HelpRequest, Need};
use domain::ids::HelpRequestId;
use domain::sealed::{Change, PersonalText};
use domain::text::{Label, Language};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Edit a request.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The request.
    pub help_request_id: HelpRequestId,
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
    /// What becomes of the note.
    pub note: TextChange,
    /// What becomes of the contact.
    pub contact: TextChange,
    /// What becomes of what is offered in return.
    pub in_return: TextChange,
    /// The instant from which it is no longer offered; `None` = the end of the window, or as before.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What becomes of a text that is sealed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TextChange {
    /// It stays, unread.
    #[default]
    Keep,
    /// It is no longer shown.
    Remove,
    /// Another takes its place.
    Set {
        /// The new text.
        text: PersonalText,
    },
}

impl UseCase for Edit {
    const NAME: &'static str = "help_request.edit";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[
            Role::Coordinator,
            Role::Organisation,
            Role::Member,
            Role::Subject,
        ])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let id = self.help_request_id;
        let (request, standing) = known(work, id).await?;
        standing.person()?;
        let need = request.need().ok_or(Failure::NotFound)?;
        let key = need.requested.subject.map_or(id.0, |subject| subject.0);
        let command = Decision {
            at: work.at(),
            category: self.category,
            district_code: self.district_code.clone(),
            district_is_drawn: work.is_drawn(&self.district_code).await?,
            window: self.window,
            effort: self.effort,
            language: self.language.clone(),
            note: self.note.seal(work, id, "note", key).await?,
            contact: self.contact.seal(work, id, "contact", key).await?,
            in_return: self.in_return.seal(work, id, "in_return", key).await?,
            expires_at: self.expires_at(need),
        };
        work.decide::<HelpRequest>(id, command).await?;
        Ok(())
    }
}

impl Edit {
    fn expires_at(&self, need: &Need) -> DateTime<Utc> {
        let end = self
            .window
            .map_or(need.terms.expires_at, |window| window.to);
        self.expires_at.unwrap_or(end)
    }
}

impl TextChange {
    async fn seal(
        &self,
        work: &Work,
        id: HelpRequestId,
        field: &'static str,
        key: Uuid,
    ) -> Result<Change, Failure> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Remove => Change::Remove,
            Self::Set { text } => {
                Change::Set(work.seal::<HelpRequest>(id, field, key, text).await?)
            }
        })
    }
}
