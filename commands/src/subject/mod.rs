//! People about whom something sealed is held.

pub mod erase;
pub mod introduce;
pub mod set_contact;

pub mod show;

use domain::donor::Donor;
use domain::ids::SubjectId;
use domain::member::Member;

use crate::executor::Failure;
use crate::principal::{Denied, Principal};
use crate::work::Work;

impl crate::lookup::Indexed for domain::subject::Subject {}

/// Whether the caller is this person, by the member or the donor that their access is for.
fn is_person(subject: SubjectId, member: Option<&Member>, donor: Option<&Donor>) -> bool {
    let membership = member.and_then(Member::membership);
    let theirs = membership.map(|membership| membership.subject);
    theirs.or(donor.and_then(Donor::subject)) == Some(subject)
}

/// The operator, or the person; another person learns nothing.
async fn person_or_operator(work: &mut Work, subject: SubjectId) -> Result<(), Failure> {
    let who: Principal = work.who().clone();
    let member = match who.member_id() {
        Some(member) => Some(work.get::<Member>(member).await?),
        None => None,
    };
    let donor = match who.donor_id() {
        Some(donor) => Some(work.get::<Donor>(donor).await?),
        None => None,
    };
    if who.is_operator() || is_person(subject, member.as_deref(), donor.as_deref()) {
        Ok(())
    } else {
        Err(Denied::Foreign.into())
    }
}
