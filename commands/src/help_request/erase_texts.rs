//! The software gives up the texts under a request's own key, some time after its end.

use domain::help_request::HelpRequest;
use domain::help_request::erase_texts::EraseTexts as Decision;
use domain::ids::HelpRequestId;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Erase the texts of a request.
#[derive(Clone, Copy, Debug)]
pub struct EraseTexts {
    /// The request.
    pub help_request_id: HelpRequestId,
}

impl UseCase for EraseTexts {
    const NAME: &'static str = "help_request.erase_texts";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let at = work.at();
        work.get::<HelpRequest>(self.help_request_id).await?;
        let erased = work
            .decide::<HelpRequest>(self.help_request_id, Decision { at })
            .await?;
        if !erased.is_empty() {
            work.block_after(self.help_request_id.0);
        }
        Ok(())
    }
}
