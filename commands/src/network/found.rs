//! Whoever holds the machine founds a network.

use domain::fund::Fund;
use domain::fund::open::{FundKind, Open, Opened};
use domain::ids::{FundId, NetworkId};
use domain::network::Network;
use domain::network::found::{Found as Decision, Founded};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Found a network.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is.
    pub founded: Founded,
}

/// The network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NetworkFounded)]
pub struct Answer {
    /// Its stream.
    pub network_id: NetworkId,
}

impl UseCase for Found {
    const NAME: &'static str = "network.found";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let network_id = NetworkId::of(work.network());
        let founded = self.founded.clone();
        work.decide::<Network>(network_id, Decision { founded })
            .await?;
        let common = FundId::common(work.network());
        let opened = self.common();
        work.decide_after::<Fund>(network_id, common, Open { opened })
            .await?;
        Ok(Answer { network_id })
    }
}

impl Found {
    /// The fund with which every network is founded: it gets what nobody gave for another purpose.
    fn common(&self) -> Opened {
        Opened {
            network: self.founded.network.clone(),
            kind: FundKind::Common,
            name: self.founded.name.clone(),
            funder: None,
            purpose: None,
            from: None,
            to: None,
        }
    }
}
