//! An operator or a coordinator introduces a person about whom something is to be held.

use chrono::{DateTime, Utc};
use domain::envelope::Role;
use domain::ids::SubjectId;
use domain::subject::Subject;
use domain::subject::introduce::{Basis, Introduce as Decision, Introduced, SubjectKind};
use domain::text::Label;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Introduce a subject.
#[derive(Clone, Debug)]
pub struct Introduce {
    /// As what the person deals with the network.
    pub kind: SubjectKind,
    /// Why something may be held.
    pub basis: Basis,
    /// Which version of the privacy notice the person was given.
    pub notice_version: Label,
    /// The instant from which nothing is held any more.
    pub retain_until: Option<DateTime<Utc>>,
}

/// The subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SubjectIntroduced)]
pub struct Answer {
    /// The subject.
    pub subject_id: SubjectId,
}

impl UseCase for Introduce {
    const NAME: &'static str = "subject.introduce";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator])
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let subject_id: SubjectId = work.new_id();
        let introduced = Introduced {
            network: work.network().clone(),
            kind: self.kind,
            basis: self.basis,
            notice_version: self.notice_version.clone(),
            retain_until: self.retain_until,
        };
        let at = work.at();
        work.decide::<Subject>(subject_id, Decision { introduced, at })
            .await?;
        Ok(Answer { subject_id })
    }
}
