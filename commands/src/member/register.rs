//! Somebody joins as a neighbour who helps.

use domain::envelope::Role;
use domain::ids::{MemberId, SubjectId};
use domain::member::register::{Register as Decision, Registered};
use domain::member::{Member, Profile};
use domain::subject::Subject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{coordinates, districts_are_drawn};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Register a member.
#[derive(Clone, Debug)]
pub struct Register {
    /// The person.
    pub subject_id: SubjectId,
    /// What the member helps with, and where.
    pub profile: Profile,
}

/// The member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberRegistered)]
pub struct Answer {
    /// The member.
    pub member_id: MemberId,
}

impl UseCase for Register {
    const NAME: &'static str = "member.register";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator])?;
        coordinates(who, &self.profile)
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let member_id: MemberId = work.new_id();
        let subject_is_known = match work.look::<Subject>(self.subject_id).await {
            Ok(subject) => subject.person().is_some(),
            // One of another network is as unknown as none: nobody learns that it is there.
            Err(Failure::NotFound) => false,
            Err(other) => return Err(other),
        };
        let command = Decision {
            registered: Registered {
                network: work.network().clone(),
                subject: self.subject_id,
                profile: self.profile.clone(),
            },
            subject_is_known,
            districts_are_drawn: districts_are_drawn(work, &self.profile).await?,
        };
        work.decide::<Member>(member_id, command).await?;
        Ok(Answer { member_id })
    }
}
