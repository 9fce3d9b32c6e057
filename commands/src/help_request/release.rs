//! A claim ends without help: given up, taken back by a coordinator, left behind, or lapsed.

use domain::envelope::Role;
use domain::help::ReleaseReason;
use domain::help_request::HelpRequest;
use domain::help_request::release::Release as Decision;
use domain::ids::{ClaimId, HelpRequestId, MemberId};
use domain::member::Member;

use super::standing::known;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Release a claim.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// The claim.
    pub claim_id: ClaimId,
}

impl UseCase for Release {
    const NAME: &'static str = "help_request.release";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let (request, standing) = known(work, self.help_request_id).await?;
        standing.holder(&request, self.claim_id)?;
        let holder = request
            .claim()
            .filter(|held| held.claim_id == self.claim_id);
        let command = Decision {
            claim_id: self.claim_id,
            reason: release_reason(work, holder.map(|held| held.member)).await?,
            at: work.at(),
        };
        work.decide::<HelpRequest>(self.help_request_id, command)
            .await?;
        Ok(())
    }
}

/// Who releases a claim says why: its holder gives it up, the software notices that the holder left
/// or that it lapsed.
pub(crate) async fn release_reason(
    work: &mut Work,
    holder: Option<MemberId>,
) -> Result<ReleaseReason, Failure> {
    Ok(match (work.who().role(), holder) {
        (Role::Member, _) => ReleaseReason::GivenUp,
        (Role::System, Some(member)) if work.get::<Member>(member).await?.has_left() => {
            ReleaseReason::MemberLeft
        }
        (Role::System, _) => ReleaseReason::Lapsed,
        _ => ReleaseReason::Coordinator,
    })
}
