//! What those who help see of a request or a task, and who may open its sealed texts.

use chrono::{DateTime, Utc};
use domain::help::{Category, Effort, Window};
use domain::help_request::{HelpRequest, Need};
use domain::ids::{ClaimId, DistrictId, HelpRequestId, MemberId, OrganisationId, TaskId};
use domain::sealed::Sealed;
use domain::task::Task;
use domain::task::claims::TaskClaim;
use serde::Serialize;
use utoipa::ToSchema;

use super::query::{FoundRequest, FoundTask, Viewer};

/// A request for help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RequestEntry {
    /// The request.
    pub help_request_id: HelpRequestId,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: String,
    /// When; absent = at any time.
    pub window: Option<Window>,
    /// How much time it takes.
    pub effort: Option<Effort>,
    /// The language of its texts.
    pub language: Option<String>,
    /// When it was requested.
    pub requested_at: DateTime<Utc>,
    /// When it is no longer offered.
    pub expires_at: DateTime<Utc>,
    /// How often a part of it was fulfilled.
    pub parts_fulfilled: u32,
    /// Who has taken it on; absent = nobody.
    pub claim: Option<ClaimEntry>,
    /// Whether it is still wanted.
    pub wanted: bool,
    /// Whether you may read its note and contact.
    pub involved: bool,
    /// The sealed texts that you may read, to be opened for you and for nobody else.
    #[serde(skip)]
    #[schema(ignore)]
    pub sealed: SealedTexts,
}

/// A task with free slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskEntry {
    /// The task.
    pub task_id: TaskId,
    /// What is to be done, in one line.
    pub title: String,
    /// The language of the title and the note.
    pub language: String,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: String,
    /// When.
    pub window: Window,
    /// How many people it needs.
    pub slots: u32,
    /// How many more can claim it.
    pub free_slots: u32,
    /// The organisation whose task it is.
    pub organisation_id: Option<OrganisationId>,
    /// Your claim, or for coordinators all of them.
    pub claims: Vec<ClaimEntry>,
    /// Whether work is left to do.
    pub wanted: bool,
    /// Whether you may read its note.
    pub involved: bool,
    /// The sealed texts that you may read, to be opened for you and for nobody else.
    #[serde(skip)]
    #[schema(ignore)]
    pub sealed: SealedTexts,
}

/// A claim that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimEntry {
    /// Whether it is yours.
    pub mine: bool,
    /// Its id; for its holder and for coordinators.
    pub claim_id: Option<ClaimId>,
    /// Who holds it; for coordinators.
    pub member_id: Option<MemberId>,
    /// The instant from which it may be released because nothing was heard.
    pub lapses_at: Option<DateTime<Utc>>,
}

/// Texts that only their key opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedTexts {
    /// What is needed, or what whoever comes has to know; for the involved.
    pub note: Option<Sealed>,
    /// How to reach the person; for the involved.
    pub contact: Option<Sealed>,
    /// What the person can give in return; for members.
    pub in_return: Option<Sealed>,
}

impl FoundRequest {
    /// What this viewer sees of it.
    pub fn tell(self, viewer: &Viewer, now: DateTime<Utc>) -> Option<RequestEntry> {
        let need = self.state.0.need()?;
        let terms = &need.terms;
        let district = DistrictId::of(&need.requested.network, terms.district_code.as_str());
        let involved = viewer.is_involved_in(&self.state.0, district, now);
        Some(RequestEntry {
            help_request_id: self.key,
            category: terms.category,
            district_code: terms.district_code.to_string(),
            window: terms.window,
            effort: terms.effort,
            language: terms.language.as_ref().map(ToString::to_string),
            requested_at: need.requested.at,
            expires_at: terms.expires_at,
            parts_fulfilled: need.parts,
            claim: self.state.0.claim().map(|held| {
                let member = Some(held.member);
                viewer.claim(district, held.claim_id, member, Some(held.lapses_at))
            }),
            wanted: self.state.0.is_open() && terms.expires_at > now,
            involved,
            sealed: texts(need, involved),
        })
    }
}

fn texts(need: &Need, involved: bool) -> SealedTexts {
    let terms = &need.terms;
    SealedTexts {
        note: terms.note.clone().filter(|_| involved),
        contact: terms.contact.clone().filter(|_| involved),
        in_return: terms.in_return.clone(),
    }
}

impl FoundTask {
    /// What this viewer sees of it.
    pub fn tell(self, viewer: &Viewer, now: DateTime<Utc>) -> Option<TaskEntry> {
        let work = self.state.0.work()?;
        let created = &work.created;
        let district = DistrictId::of(&created.network, created.district_code.as_str());
        let involved = viewer.is_involved_in(&self.state.0, district, now);
        let claim = |(id, claim): (&ClaimId, &TaskClaim)| {
            viewer.claim(district, *id, claim.member, claim.lapses_at)
        };
        let claims = work.live().map(claim);
        Some(TaskEntry {
            task_id: self.key,
            title: created.title.to_string(),
            language: created.language.to_string(),
            category: created.category,
            district_code: created.district_code.to_string(),
            window: created.window,
            slots: created.slots,
            free_slots: work.free_slots(),
            organisation_id: created.organisation,
            claims: claims.filter(|claim| claim.claim_id.is_some()).collect(),
            wanted: matches!(self.state.0, Task::Open(_)) && created.window.to > now,
            involved,
            sealed: SealedTexts {
                note: created.note.clone().filter(|_| involved),
                ..SealedTexts::default()
            },
        })
    }
}

/// Who is involved in something, as the aggregate says.
trait Involves {
    fn involves(&self, member: MemberId, at: DateTime<Utc>) -> bool;
}

impl Involves for HelpRequest {
    fn involves(&self, member: MemberId, at: DateTime<Utc>) -> bool {
        self.involves(member, at)
    }
}

impl Involves for Task {
    fn involves(&self, member: MemberId, at: DateTime<Utc>) -> bool {
        self.involves(member, at)
    }
}

impl Viewer {
    fn is_involved_in(
        &self,
        what: &impl Involves,
        district: DistrictId,
        now: DateTime<Utc>,
    ) -> bool {
        match self {
            Self::Public => false,
            Self::Member(member) => what.involves(*member, now),
            Self::Coordinator { .. } => self.looks_after(district),
        }
    }

    fn looks_after(&self, district: DistrictId) -> bool {
        match self {
            Self::Public | Self::Member(_) => false,
            Self::Coordinator { districts } => districts
                .as_ref()
                .is_none_or(|districts| districts.contains(&district)),
        }
    }

    fn claim(
        &self,
        district: DistrictId,
        claim_id: ClaimId,
        holder: Option<MemberId>,
        lapses_at: Option<DateTime<Utc>>,
    ) -> ClaimEntry {
        let looks_after = self.looks_after(district);
        let mine = matches!(self, Self::Member(member) if holder == Some(*member));
        ClaimEntry {
            mine,
            claim_id: (mine || looks_after).then_some(claim_id),
            member_id: holder.filter(|_| looks_after),
            lapses_at,
        }
    }
}
