//! A person, or an operator for the person, has all that is sealed under the person's key erased.

use domain::envelope::Role;
use domain::ids::SubjectId;
use domain::subject::Subject;
use domain::subject::erase::{Erase as Decision, ErasureReason};

use super::person_or_operator;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Erase a subject. From the answer on nothing of it is opened; the key is destroyed soon after.
#[derive(Clone, Copy, Debug)]
pub struct Erase {
    /// The person.
    pub subject_id: SubjectId,
    /// Why.
    pub reason: ErasureReason,
}

impl UseCase for Erase {
    const NAME: &'static str = "subject.erase";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Member, Role::Donor, Role::Subject])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Subject>(self.subject_id).await?;
        person_or_operator(work, self.subject_id).await?;
        let reason = self.reason;
        work.decide::<Subject>(self.subject_id, Decision { reason })
            .await?;
        work.block_after(self.subject_id.0);
        Ok(())
    }
}
