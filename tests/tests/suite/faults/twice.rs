//! Two processes on one database, each with everything: one leads, the other takes over when it is
//! killed, and nobody does anything twice.

use async_nats::jetstream;
use infra::nats::stream::Target;
use tests::installation::Installation;
use tests::servers::{NatsServer, postgres};
use tests::wait;

use super::experiment::Experiment;
use super::extent::times;
use super::history::{History, exported};

const CLIENTS: usize = 4;
const MOST: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_take_over_from_each_other_on_sqlite() {
    take_over(&Installation::found(None, None), "SQLite", None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_gateways_take_over_from_each_other_on_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    let nats = NatsServer::start(folder.path(), None);
    let database = postgres().database().await;
    let town = Installation::found(Some(database.owner_url()), Some(&nats.url()));
    take_over(&town, "PostgreSQL and NATS", Some(&nats.url())).await;
}

async fn take_over(town: &Installation, engine: &str, nats: Option<&str>) {
    let kills = times(2, 20, 100);
    let mut here = town.serve();
    let mut it = Experiment::begin(town, &here, CLIENTS).await;
    let mut there = town.serve();
    for _ in 0..kills {
        let both = [&here, &there].map(|gateway| it.start(gateway));
        let acts = usize::try_from(it.dice.throw(MOST)).expect("few");
        for running in &both {
            running.answered(acts).await;
        }
        // The one that started first leads, if anybody does.
        here.kill();
        let mut heard = History::default();
        for running in both {
            heard.add(running.stop().await);
        }
        it.settle(heard, &there).await;
        here = there;
        there = town.serve();
    }
    let log = exported(town).len();
    wait::until("the views and the seal to follow", async || {
        let ready = here.operator().get_root("/readyz").await.done();
        let views = ready["views"].as_array().expect("views").clone();
        let current = |view: &serde_json::Value| view["position"] == log;
        let sealed = [&here, &there].map(|it| it.operator().get_root("/readyz"));
        let sealed = futures::future::join_all(sealed).await;
        let sealed = sealed.iter().any(|it| it.body["seal"]["position"] == log);
        (views.iter().all(current) && sealed).then_some(())
    })
    .await;
    if let Some(url) = nats {
        streamed(url, log).await;
    }
    assert!(here.end() && there.end(), "both end in order");
    let what = "two gateways, projectors, relays; one is killed";
    it.holds(what, engine, &format!("{kills} kills"));
}

/// The stream holds exactly the log.
async fn streamed(url: &str, log: usize) {
    let target = Target::new(url);
    let client = async_nats::connect(url).await.expect("NATS");
    let stream = jetstream::new(client).get_stream(&target.stream).await;
    let stream = stream.expect("the stream");
    wait::until("the stream to hold the log", async || {
        let state = stream.get_info().await.expect("its state").state;
        let whole = state.messages == state.last_sequence && state.last_sequence == log as u64;
        whole.then_some(())
    })
    .await;
}
