//! Read models are built anew while clients work, and nobody notices.

use tests::installation::Installation;
use tests::servers::postgres;

use super::experiment::Experiment;
use super::extent::times;

const CLIENTS: usize = 4;
/// Acts before the first is built anew, so that there is something to build.
const BEFORE: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_are_built_anew_under_load_on_sqlite() {
    built_anew(&Installation::found(None, None), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_are_built_anew_under_load_on_postgresql() {
    let database = postgres().database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    built_anew(&town, "PostgreSQL").await;
}

async fn built_anew(town: &Installation, engine: &str) {
    let times = times(1, 5, 20);
    let gateway = town.serve();
    let mut it = Experiment::begin(town, &gateway, CLIENTS).await;
    let running = it.start(&gateway);
    running.answered(BEFORE).await;
    let names: Vec<&str> = projections::folds()
        .iter()
        .map(|fold| fold.name())
        .collect();
    for _ in 0..times {
        for name in &names {
            let rebuild = || town.done(&["projection", "rebuild", name]);
            tokio::task::block_in_place(rebuild);
            gateway.operator().get("/voucher-board").await.done();
        }
    }
    it.history.add(running.stop().await);
    assert!(gateway.end(), "it ends in order");
    let how_often = format!("{} read models, {times} times", names.len());
    it.holds("rebuild under load", engine, &how_often);
}
