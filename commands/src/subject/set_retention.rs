//! The software sees to it that a person who left is not held for ever.

use chrono::{DateTime, Utc};
use domain::ids::SubjectId;
use domain::subject::Subject;
use domain::subject::set_retention::SetRetention as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Set until when something is held about a person.
#[derive(Clone, Copy, Debug)]
pub struct SetRetention {
    /// The person.
    pub subject_id: SubjectId,
    /// The instant from which nothing is held any more.
    pub retain_until: DateTime<Utc>,
}

impl UseCase for SetRetention {
    const NAME: &'static str = "subject.set_retention";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let retain_until = self.retain_until;
        work.get::<Subject>(self.subject_id).await?;
        work.decide::<Subject>(self.subject_id, Decision { retain_until })
            .await?;
        Ok(())
    }
}
