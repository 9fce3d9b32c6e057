//! An operator closes a fund.

use domain::fund::Fund;
use domain::fund::close::Close as Decision;
use domain::ids::FundId;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Close a fund.
#[derive(Clone, Copy, Debug)]
pub struct Close {
    /// The fund.
    pub fund_id: FundId,
}

impl UseCase for Close {
    const NAME: &'static str = "fund.close";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Fund>(self.fund_id).await?;
        work.decide::<Fund>(
            self.fund_id,
            Decision {
                fund_id: self.fund_id,
            },
        )
        .await?;
        Ok(())
    }
}
