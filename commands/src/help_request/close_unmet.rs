//! A coordinator closes a request for which no help could be found.

use domain::envelope::Role;
use domain::help_request::HelpRequest;
use domain::help_request::close_unmet::{CloseUnmet as Decision, UnmetReason};
use domain::ids::HelpRequestId;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Close a request as unmet.
#[derive(Clone, Copy, Debug)]
pub struct CloseUnmet {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// Why.
    pub reason: UnmetReason,
}

impl UseCase for CloseUnmet {
    const NAME: &'static str = "help_request.close_unmet";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (_, standing) = known(work, self.help_request_id).await?;
        standing.coordinator()?;
        let command = Decision {
            reason: self.reason,
            at: work.at(),
        };
        work.decide::<HelpRequest>(self.help_request_id, command)
            .await?;
        Ok(())
    }
}
