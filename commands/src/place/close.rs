//! An operator closes a place for good.

use domain::ids::PlaceId;
use domain::place::Place;
use domain::place::close::Close as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Close a place.
#[derive(Clone, Copy, Debug)]
pub struct Close {
    /// The place.
    pub place_id: PlaceId,
}

impl UseCase for Close {
    const NAME: &'static str = "place.close";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Place>(self.place_id).await?;
        work.decide::<Place>(self.place_id, Decision {}).await?;
        Ok(())
    }
}
