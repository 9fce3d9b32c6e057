//! Read models are built anew while clients work, and nobody notices.

use tests::installation::Installation;
use tests::servers::postgres;

use super::dice::Dice;
use super::extent::{tell, times};
use super::history::{History, exported, is_sound};
use super::load::Load;
use super::town::Town;

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
    let (times, seed) = (times(1, 5, 20), Dice::seed());
    let mut dice = Dice::of(seed);
    let gateway = town.serve();
    let load = Load {
        town: Town::built(gateway.operator()).await,
        token: town.token().to_owned(),
        clients: CLIENTS,
    };
    let running = load.start(gateway.url(), &mut dice);
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
    let mut history = History::default();
    history.add(running.stop().await);
    assert!(gateway.end(), "it ends in order");
    let tally = history.agrees_with(&exported(town));
    is_sound(town);
    let how_often = format!("{} read models, {times} times", names.len());
    tell(
        "rebuild under load",
        engine,
        &how_often,
        &tally.to_string(),
        seed,
    );
}
