//! How to reach a person: told by the person, or by the person to an operator or a coordinator.

use domain::envelope::Role;
use domain::ids::SubjectId;
use domain::sealed::PersonalText;
use domain::subject::Subject;
use domain::subject::set_contact::{ContactSet, SetContact as Decision};

use super::{neighbours_only, person_or_operator};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::vault::VaultError;
use crate::work::Work;

/// Set the contact.
#[derive(Clone, Debug)]
pub struct SetContact {
    /// The person.
    pub subject_id: SubjectId,
    /// Name, telephone, e-mail or address, as the person gave it.
    pub contact: PersonalText,
}

impl UseCase for SetContact {
    const NAME: &'static str = "subject.set_contact";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member, Role::Donor, Role::Subject])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let id = self.subject_id;
        let subject = work.get::<Subject>(id).await?;
        let person = subject.person().ok_or(VaultError::Erased)?;
        if work.who().role() == Role::Coordinator {
            neighbours_only(person.introduced.kind)?;
            work.acts_for(id);
        } else {
            person_or_operator(work, id).await?;
        }
        let contact = work
            .seal::<Subject>(id, "contact", id.0, &self.contact)
            .await?;
        let set = ContactSet { contact };
        work.decide::<Subject>(id, Decision { set }).await?;
        Ok(())
    }
}
