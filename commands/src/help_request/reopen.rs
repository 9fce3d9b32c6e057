//! The person, or a coordinator, opens a closed request again.

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::help_request::reopen::{Reopen as Decision, ReopenReason, Reopened};
use domain::help_request::{HelpRequest, OPEN_FOR};
use domain::ids::HelpRequestId;
use domain::subject::Subject;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::vault::VaultError;
use crate::work::Work;

/// Open a request again.
#[derive(Clone, Copy, Debug)]
pub struct Reopen {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// Why.
    pub reason: ReopenReason,
    /// The instant from which it is no longer offered; `None` = after 30 days.
    pub expires_at: Option<DateTime<Utc>>,
}

impl UseCase for Reopen {
    const NAME: &'static str = "help_request.reopen";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (request, standing) = known(work, self.help_request_id).await?;
        standing.person()?;
        let need = request.need().ok_or(Failure::NotFound)?;
        if let Some(subject) = need.requested.subject {
            // Nobody could reach whoever was erased.
            let subject = work.get::<Subject>(subject).await?;
            subject.person().ok_or(VaultError::Erased)?;
        }
        let at = work.at();
        let reopened = Reopened {
            reason: self.reason,
            at,
            expires_at: self.expires_at.unwrap_or(at + OPEN_FOR),
        };
        work.decide::<HelpRequest>(self.help_request_id, Decision { reopened })
            .await?;
        Ok(())
    }
}
