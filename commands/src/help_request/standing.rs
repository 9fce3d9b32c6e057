//! How the caller stands to a request: what most acts on one begin with.

use std::sync::Arc;

use domain::help_request::{HelpRequest, Need};
use domain::ids::{ClaimId, DistrictId, HelpRequestId, MemberId};
use domain::member::Member;

use crate::executor::Failure;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// How the caller stands to a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// Runs the network, or coordinates the district.
    pub coordinates: bool,
    /// Is the person who asked.
    pub is_person: bool,
    /// Works for the organisation that entered it for the person.
    pub entered: bool,
    /// The member that the caller is.
    pub member: Option<MemberId>,
}

impl Standing {
    /// The standing of a caller, with the member that the caller is.
    pub(crate) fn of(who: &Principal, need: &Need, member: Option<&Member>) -> Self {
        let code = need.terms.district_code.as_str();
        let district = DistrictId::of(&need.requested.network, code);
        let membership = member.and_then(Member::membership);
        let subject = membership.map(|membership| membership.subject);
        let subject = subject.or(who.subject_id());
        let organisation = who.organisation_id();
        Self {
            coordinates: who.coordinator(district).is_ok(),
            is_person: subject.is_some() && subject == need.requested.subject,
            entered: organisation.is_some() && organisation == need.requested.organisation,
            member: who.member_id(),
        }
    }

    /// The person, the organisation that entered it for the person, or who coordinates.
    pub(crate) fn person(self) -> Result<(), Denied> {
        allowed(self.coordinates || self.is_person || self.entered)
    }

    /// Who coordinates.
    pub(crate) fn coordinator(self) -> Result<(), Denied> {
        allowed(self.coordinates)
    }

    /// Who holds or held this claim, or who coordinates.
    pub(crate) fn holder(self, request: &HelpRequest, claim: ClaimId) -> Result<(), Denied> {
        allowed(self.coordinates || self.holds(request, claim))
    }

    /// Whether the caller holds or held this claim.
    pub(crate) fn holds(self, request: &HelpRequest, claim: ClaimId) -> bool {
        let live = request.claim().filter(|held| held.claim_id == claim);
        let past = || request.need().and_then(|need| need.past(claim));
        let holder = live.map(|held| held.member);
        let holder = holder.or_else(|| past().map(|past| past.member));
        holder.is_some() && holder == self.member
    }
}

fn allowed(is_allowed: bool) -> Result<(), Denied> {
    if is_allowed {
        Ok(())
    } else {
        Err(Denied::Foreign)
    }
}

/// The request, and how the caller stands to it.
pub(crate) async fn known(
    work: &mut Work,
    id: HelpRequestId,
) -> Result<(Arc<HelpRequest>, Standing), Failure> {
    let request = work.get::<HelpRequest>(id).await?;
    let need = request.need().ok_or(Failure::NotFound)?;
    let member = match work.who().member_id() {
        Some(member) => Some(work.get::<Member>(member).await?),
        None => None,
    };
    let standing = Standing::of(work.who(), need, member.as_deref());
    if let (false, Some(subject)) = (standing.is_person, need.requested.subject)
        && member.is_none()
    {
        work.acts_for(subject);
    }
    Ok((request, standing))
}
