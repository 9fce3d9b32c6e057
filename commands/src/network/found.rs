//! Whoever holds the machine founds a network.

use domain::ids::NetworkId;
use domain::network::Network;
use domain::network::found::{Found as Decision, Founded};
use serde::{Deserialize, Serialize};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, May, Principal};
use crate::work::Work;

/// Found a network.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is.
    pub founded: Founded,
}

/// The network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its stream.
    pub network_id: NetworkId,
}

impl UseCase for Found {
    const NAME: &'static str = "network.found";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        if who.may == May::System {
            Ok(())
        } else {
            Err(Denied::Role)
        }
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let network_id = NetworkId::of(work.network());
        work.decide::<Network>(
            network_id,
            Decision {
                founded: self.founded.clone(),
            },
        )
        .await?;
        Ok(Answer { network_id })
    }
}
