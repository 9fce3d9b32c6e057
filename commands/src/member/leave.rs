//! A member leaves, or a coordinator records it. What the member still
//! had claimed is released, and what is held about the person is given up in time.

use domain::envelope::Role;
use domain::ids::MemberId;
use domain::member::Member;
use domain::member::leave::Leave as Decision;

use super::theirs;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Leave the network.
#[derive(Clone, Copy, Debug)]
pub struct Leave {
    /// The member.
    pub member_id: MemberId,
}

impl UseCase for Leave {
    const NAME: &'static str = "member.leave";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.any_of(&[Role::Coordinator, Role::Member])
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        theirs(work, self.member_id).await?;
        work.decide::<Member>(self.member_id, Decision {}).await?;
        Ok(())
    }
}
