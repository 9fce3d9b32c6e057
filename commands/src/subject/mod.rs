//! People about whom something sealed is held.

pub mod erase;
pub mod give_link;
pub mod introduce;
pub mod set_contact;
pub mod set_retention;

pub mod export;
pub mod show;

use std::sync::Arc;

use domain::Stream;
use domain::donor::Donor;
use domain::ids::SubjectId;
use domain::member::Member;
use domain::subject::introduce::SubjectKind;
use domain::subject::{Subject, SubjectEvent};

use crate::codes::CodeKeys;
use crate::executor::{Desk, Failure};
use crate::lookup::{DueKind, Indexed, LookupWrite};
use crate::principal::{Denied, Principal};
use crate::work::Work;

impl Indexed for Subject {
    /// A person is due on the day until which they are held.
    fn lookups(
        &self,
        stream: Stream,
        _events: &[SubjectEvent],
        _keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        let Some(network) = self.network() else {
            return Vec::new();
        };
        vec![LookupWrite::Due {
            kind: DueKind::SubjectRetention,
            network: network.to_string(),
            id: stream.id,
            at: self.person().and_then(|person| person.retain_until),
        }]
    }
}

/// A coordinator answers the telephone of neighbours; donors and contacts of houses are the
/// operator's.
fn neighbours_only(kind: SubjectKind) -> Result<(), Denied> {
    match kind {
        SubjectKind::Member | SubjectKind::Requester => Ok(()),
        SubjectKind::Donor | SubjectKind::Contact => Err(Denied::Foreign),
    }
}

/// The person that the caller is, if anything is held about the caller.
///
/// # Errors
/// If the log is away.
pub async fn own(desk: &Arc<Desk>, who: &Principal) -> Result<Option<SubjectId>, Failure> {
    let network = &who.network;
    if let Some(member) = who.member_id() {
        let member = desk.read::<Member>(network, member).await?;
        let membership = member.as_ref().and_then(|member| member.membership());
        return Ok(membership.map(|membership| membership.subject));
    }
    if let Some(donor) = who.donor_id() {
        let donor = desk.read::<Donor>(network, donor).await?;
        return Ok(donor.and_then(|donor| donor.subject()));
    }
    Ok(who.subject_id())
}

/// The operator, or the person; another person learns nothing.
async fn person_or_operator(work: &mut Work, subject: SubjectId) -> Result<(), Failure> {
    let who: Principal = work.who().clone();
    let own = match (who.member_id(), who.donor_id()) {
        (Some(member), _) => {
            let member = work.get::<Member>(member).await?;
            member.membership().map(|membership| membership.subject)
        }
        (None, Some(donor)) => work.get::<Donor>(donor).await?.subject(),
        (None, None) => who.subject_id(),
    };
    if who.is_operator() || own == Some(subject) {
        Ok(())
    } else {
        Err(Denied::Foreign.into())
    }
}
