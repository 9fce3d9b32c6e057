//! Whoever holds the claim did a part of it and goes on.

use domain::envelope::Role;
use domain::help_request::HelpRequest;
use domain::help_request::partly_fulfil::PartlyFulfil as Decision;
use domain::ids::{ClaimId, HelpRequestId};

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Fulfil a part of a request.
#[derive(Clone, Copy, Debug)]
pub struct PartlyFulfil {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for PartlyFulfil {
    const NAME: &'static str = "help_request.partly_fulfil";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (request, standing) = known(work, self.help_request_id).await?;
        standing.holder(&request, self.claim_id)?;
        let command = Decision {
            claim_id: self.claim_id,
            at: work.at(),
        };
        work.decide::<HelpRequest>(self.help_request_id, command)
            .await?;
        Ok(())
    }
}
