//! A member, or a coordinator, changes with what, where and in which languages the member helps.

use domain::envelope::Role;
use domain::ids::MemberId;
use domain::member::change::{Change as Decision, Changed};
use domain::member::{Member, Profile};

use super::{districts_are_drawn, theirs};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Change what a member helps with.
#[derive(Clone, Debug)]
pub struct Change {
    /// The member.
    pub member_id: MemberId,
    /// All of it, as it is from now on.
    pub profile: Profile,
}

impl UseCase for Change {
    const NAME: &'static str = "member.change";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        theirs(work, self.member_id).await?;
        let command = Decision {
            changed: Changed {
                profile: self.profile.clone(),
            },
            districts_are_drawn: districts_are_drawn(work, &self.profile).await?,
        };
        work.decide::<Member>(self.member_id, command).await?;
        Ok(())
    }
}
