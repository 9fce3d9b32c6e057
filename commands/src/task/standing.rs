//! How the caller stands to a task: what most acts on one begin with.

use std::sync::Arc;

use domain::help_request::HelpRequest;
use domain::ids::{ClaimId, DistrictId, MemberId, SubjectId, TaskId};
use domain::member::Member;
use domain::task::claims::Work as TaskWork;
use domain::task::report_no_show::Party;
use domain::task::{Task, Witness};

use crate::executor::Failure;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// How the caller stands to a task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    /// Runs the network, or coordinates the district.
    pub coordinates: bool,
    /// Works for the organisation whose task it is.
    pub hosts: bool,
    /// Is the person whom the task helps.
    pub is_requester: bool,
    /// The member that the caller is.
    pub member: Option<MemberId>,
}

/// The person whom a task helps, where it serves a request.
pub(crate) fn requester(request: Option<&HelpRequest>) -> Option<SubjectId> {
    request.and_then(HelpRequest::need)?.requested.subject
}

impl Standing {
    /// The standing of a caller, with the member that the caller is and the person who is helped.
    pub(crate) fn of(
        who: &Principal,
        work: &TaskWork,
        member: Option<&Member>,
        requester: Option<SubjectId>,
    ) -> Self {
        let created = &work.created;
        let district = DistrictId::of(&created.network, created.district_code.as_str());
        let membership = member.and_then(Member::membership);
        let subject = membership.map(|membership| membership.subject);
        let organisation = who.organisation_id();
        Self {
            coordinates: who.coordinator(district).is_ok(),
            hosts: organisation.is_some() && organisation == created.organisation,
            is_requester: subject.is_some() && subject == requester,
            member: who.member_id(),
        }
    }

    /// Who coordinates.
    pub(crate) fn coordinator(self) -> Result<(), Denied> {
        allowed(self.coordinates)
    }

    /// Who asked for the work, or who coordinates.
    pub(crate) fn host(self) -> Result<(), Denied> {
        allowed(self.coordinates || self.hosts || self.is_requester)
    }

    /// Who holds this claim, or who coordinates.
    pub(crate) fn holder(self, work: &TaskWork, claim: ClaimId) -> Result<(), Denied> {
        allowed(self.coordinates || self.holds(work, claim))
    }

    /// Whether the caller holds or held this claim.
    pub(crate) fn holds(self, work: &TaskWork, claim: ClaimId) -> bool {
        let holder = work.claims.get(&claim).and_then(|claim| claim.member);
        holder.is_some() && holder == self.member
    }

    /// As whom the caller says whether work was done: never whoever did it.
    pub(crate) fn witness(self, work: &TaskWork, claim: ClaimId) -> Result<Witness, Denied> {
        match self {
            Self {
                coordinates: true, ..
            } => Ok(Witness::Coordinator),
            Self { hosts: true, .. } => Ok(Witness::Organisation),
            Self {
                is_requester: true, ..
            } if !self.holds(work, claim) => Ok(Witness::Requester),
            _ => Err(Denied::Foreign),
        }
    }

    /// As whom the caller says that somebody did not come.
    pub(crate) fn party(self, work: &TaskWork, claim: ClaimId) -> Result<Party, Denied> {
        if self.holds(work, claim) {
            return Ok(Party::Helper);
        }
        Ok(match self.witness(work, claim)? {
            Witness::Coordinator => Party::Coordinator,
            Witness::Organisation => Party::Organisation,
            Witness::Requester => Party::Requester,
        })
    }
}

fn allowed(is_allowed: bool) -> Result<(), Denied> {
    if is_allowed {
        Ok(())
    } else {
        Err(Denied::Foreign)
    }
}

/// The task, and how the caller stands to it.
pub(crate) async fn known(work: &mut Work, id: TaskId) -> Result<(Arc<Task>, Standing), Failure> {
    let task = work.get::<Task>(id).await?;
    let known = task.work().ok_or(Failure::NotFound)?;
    let Some(member_id) = work.who().member_id() else {
        let standing = Standing::of(work.who(), known, None, None);
        return Ok((task, standing));
    };
    let member = work.get::<Member>(member_id).await?;
    let request = match known.created.help_request {
        Some(request) => Some(work.get::<HelpRequest>(request).await?),
        None => None,
    };
    let requester = requester(request.as_deref());
    let standing = Standing::of(work.who(), known, Some(&member), requester);
    Ok((task, standing))
}
