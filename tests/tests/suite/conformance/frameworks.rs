//! A program that uses cqrs-es itself.

use commands::log::EventLog;
use commands::store::Store;
use cqrs_es::{AggregateError, CqrsFramework};
use domain::ids::NetworkId;
use domain::network::found::{Found, Founded};
use domain::network::{Network, NetworkCommand};
use domain::{Entity, Refused};

use super::Harness;
use super::given::assert_whole;

fn found(name: &str) -> NetworkCommand {
    let founded = Founded {
        network: "praha".parse().expect("a slug"),
        name: name.parse().expect("a name"),
        currency: "CZK".parse().expect("a currency"),
        timezone: chrono_tz::Europe::Prague,
        country: "CZ".parse().expect("a country"),
        languages: vec!["cs".parse().expect("a language")],
    };
    Found { founded }.into()
}

pub async fn cqrs_es_runs_over_our_store(harness: &impl Harness) {
    let handle = harness.open().await;
    let network = "praha".parse().expect("a slug");
    let stream = Network::stream(NetworkId::of(&network));
    let id = stream.id.to_string();
    let framework =
        CqrsFramework::<Network, Store>::new(Store::new(handle.log.clone(), network), vec![], ());
    let execute = |name| framework.execute(&id, found(name));
    execute("Místní místním").await.expect("founded");
    execute("Místní místním").await.expect("nothing to do");
    let refused = execute("Another name").await;
    assert!(matches!(
        refused,
        Err(AggregateError::UserError(Refused { .. }))
    ));
    let all = assert_whole(&*handle.log).await;
    assert_eq!(all.len(), 1);
    let log: &dyn EventLog = &*handle.log;
    let act = domain::event::Act::read(&all[0]);
    assert!(act.is_err(), "there is no metadata of ours in it: {act:?}");
    assert_eq!(log.load(stream, 0).await.expect("a stream").len(), 1);
}
