//! A member takes a request on, or a coordinator records that one does.

use domain::envelope::Role;
use domain::help_request::HelpRequest;
use domain::help_request::claim::Claim as Decision;
use domain::ids::{ClaimId, HelpRequestId, MemberId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::member::helper;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Claim a request.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// Who takes it on, where it is not the caller.
    pub member_id: Option<MemberId>,
}

/// The claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HelpRequestClaimed)]
pub struct Answer {
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for Claim {
    const NAME: &'static str = "help_request.claim";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let claim_id: ClaimId = work.new_id();
        let (_, standing) = known(work, self.help_request_id).await?;
        if standing.member.is_none() {
            standing.coordinator()?;
        }
        let command = Decision {
            claim_id,
            helper: helper(work, self.member_id).await?,
            at: work.at(),
        };
        work.decide::<HelpRequest>(self.help_request_id, command)
            .await?;
        Ok(Answer { claim_id })
    }
}
