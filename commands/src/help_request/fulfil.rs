//! Help was given: whoever gave it says so, or the person, or a coordinator.

use domain::envelope::Role;
use domain::help_request::HelpRequest;
use domain::help_request::fulfil::Fulfil as Decision;
use domain::ids::{ClaimId, HelpRequestId};

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Fulfil a request.
#[derive(Clone, Copy, Debug)]
pub struct Fulfil {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// The claim under which help was given; `None` if somebody outside helped.
    pub claim_id: Option<ClaimId>,
}

impl UseCase for Fulfil {
    const NAME: &'static str = "help_request.fulfil";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (request, standing) = known(work, self.help_request_id).await?;
        match self.claim_id {
            Some(claim) if standing.holds(&request, claim) => {}
            Some(_) | None => standing.person()?,
        }
        let command = Decision {
            claim_id: self.claim_id,
            at: work.at(),
        };
        work.decide::<HelpRequest>(self.help_request_id, command)
            .await?;
        Ok(())
    }
}
