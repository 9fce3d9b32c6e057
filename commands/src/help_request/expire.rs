//! The time of a request is over and nobody has taken it on. Only the reaction does this.

use domain::help_request::HelpRequest;
use domain::help_request::expire::Expire as Decision;
use domain::ids::HelpRequestId;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Record that a request expired.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// The request.
    pub help_request_id: HelpRequestId,
}

impl UseCase for Expire {
    const NAME: &'static str = "help_request.expire";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<HelpRequest>(self.help_request_id).await?;
        let at = work.at();
        work.decide::<HelpRequest>(self.help_request_id, Decision { at })
            .await?;
        Ok(())
    }
}
