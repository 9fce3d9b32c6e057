//! A person gets a private link: an operator or a coordinator prints it, or reads it out, once.

use domain::access::grant::{Grant, Granted};
use domain::access::{Access, Scope};
use domain::envelope::Role;
use domain::ids::{AccessId, SubjectId};
use domain::subject::Subject;
use domain::subject::introduce::SubjectKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::tokens;
use crate::vault::VaultError;
use crate::work::Work;

/// Give a private link. An older one stays valid until its access is revoked.
#[derive(Clone, Copy, Debug)]
pub struct GiveLink {
    /// The person.
    pub subject_id: SubjectId,
}

/// The access of the link. Its token is among the secrets, as `subject_token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SubjectLinkGiven)]
pub struct Answer {
    /// The access.
    pub access_id: AccessId,
}

impl UseCase for GiveLink {
    const NAME: &'static str = "subject.give_link";
    const SECRETS: &'static [&'static str] = &["subject_token"];
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator])
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let subject_id = self.subject_id;
        let subject = work.get::<Subject>(subject_id).await?;
        let person = subject.person().ok_or(VaultError::Erased)?;
        if work.who().role() == Role::Coordinator {
            requesters_only(person.introduced.kind)?;
        }
        work.acts_for(subject_id);
        let token = tokens::draw();
        let granted = Granted {
            network: work.network().clone(),
            scope: Scope::Subject { subject_id },
            token_digest: tokens::digest(&token),
            until: None,
        };
        let access_id: AccessId = work.new_id();
        work.decide::<Access>(access_id, Grant { granted }).await?;
        work.reveal("subject_token", token);
        Ok(Answer { access_id })
    }
}

/// Whoever gives a link away could use it. A coordinator may read the contact of a person who asked
/// for help anyway, and nobody else's.
fn requesters_only(kind: SubjectKind) -> Result<(), Denied> {
    match kind {
        SubjectKind::Requester => Ok(()),
        SubjectKind::Member | SubjectKind::Donor | SubjectKind::Contact => Err(Denied::Foreign),
    }
}
