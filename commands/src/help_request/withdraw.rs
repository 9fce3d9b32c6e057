//! The person, or a coordinator for the person, withdraws a request.

use domain::envelope::Role;
use domain::help_request::HelpRequest;
use domain::help_request::withdraw::Withdraw as Decision;
use domain::ids::HelpRequestId;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Withdraw a request.
#[derive(Clone, Copy, Debug)]
pub struct Withdraw {
    /// The request.
    pub help_request_id: HelpRequestId,
}

impl UseCase for Withdraw {
    const NAME: &'static str = "help_request.withdraw";
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
        let (_, standing) = known(work, self.help_request_id).await?;
        standing.person()?;
        let at = work.at();
        work.decide::<HelpRequest>(self.help_request_id, Decision { at })
            .await?;
        Ok(())
    }
}
