//! An operator sets the network's rules from an instant on.

use chrono::{DateTime, Utc};
use domain::ids::NetworkId;
use domain::network::Network;
use domain::network::set_policy::{Policy, PolicySet, SetPolicy as Decision};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Set the policy.
#[derive(Clone, Copy, Debug)]
pub struct SetPolicy {
    /// From when it holds; `None` = from now on.
    pub from: Option<DateTime<Utc>>,
    /// The rules.
    pub policy: Policy,
}

impl UseCase for SetPolicy {
    const NAME: &'static str = "network.set_policy";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let network = work.network().clone();
        let network_id = NetworkId::of(&network);
        work.get::<Network>(network_id).await?;
        let from = self.from.unwrap_or_else(|| work.at());
        let set = PolicySet {
            network,
            from,
            policy: self.policy,
        };
        work.decide::<Network>(network_id, Decision { set }).await?;
        Ok(())
    }
}
