//! What is held about a person, for the person and the operator.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::ids::SubjectId;
use domain::subject::introduce::{Basis, SubjectKind};
use domain::subject::{Subject, set_contact};
use serde::Serialize;
use utoipa::ToSchema;

use super::own;
use crate::executor::{Desk, Failure};
use crate::opening::{Opened, Place, Reader, audience};
use crate::principal::{Denied, Principal};

/// What is held about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SubjectShown)]
pub struct Shown {
    /// The person.
    pub subject_id: SubjectId,
    /// As what the person deals with the network.
    pub kind: SubjectKind,
    /// Why something is held.
    pub basis: Basis,
    /// Which version of the privacy notice the person was given.
    pub notice_version: String,
    /// The instant from which nothing is held any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retain_until: Option<DateTime<Utc>>,
    /// Whether all of it was erased.
    pub erased: bool,
    /// How to reach the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Opened>,
}

/// Shows what is held about a person.
///
/// # Errors
/// `Denied` for everybody but the person and the operator.
pub async fn show(desk: &Arc<Desk>, who: &Principal, id: SubjectId) -> Result<Shown, Failure> {
    who.any_of(&[Role::Member, Role::Donor, Role::Subject])?;
    let subject = desk.read::<Subject>(&who.network, id).await?;
    let subject = subject.ok_or(Failure::NotFound)?;
    if !who.is_operator() && own(desk, who).await? != Some(id) {
        return Err(Denied::Foreign.into());
    }
    let introduced = subject.introduced().ok_or(Failure::NotFound)?;
    Ok(Shown {
        subject_id: id,
        kind: introduced.kind,
        basis: introduced.basis,
        notice_version: introduced.notice_version.to_string(),
        retain_until: subject.person().and_then(|person| person.retain_until),
        erased: subject.person().is_none(),
        contact: contact(desk, who, id, &subject, Reader::INVOLVED).await?,
    })
}

/// How to reach the person, as this reader may know it.
pub(crate) async fn contact(
    desk: &Desk,
    who: &Principal,
    id: SubjectId,
    subject: &Subject,
    reader: Reader,
) -> Result<Option<Opened>, Failure> {
    let Some(person) = subject.person() else {
        return Ok(Some(Opened::Erased));
    };
    let place = Place::of::<Subject>(&who.network, id);
    let audience = audience(set_contact::SEALED, "contact");
    let reads = reader.reads(audience);
    place
        .open(desk, "contact", reads, person.contact.as_ref())
        .await
}
