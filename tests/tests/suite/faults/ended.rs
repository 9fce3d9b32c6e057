//! Asked to end under load: what was acknowledged is there, and the process ends in order.

use tests::installation::Installation;
use tests::servers::postgres;

use super::dice::Dice;
use super::extent::{tell, times};
use super::history::{History, exported, is_sound};
use super::load::Load;
use super::town::Town;

const CLIENTS: usize = 8;
const MOST: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_under_load_is_an_orderly_one_on_sqlite() {
    ended_again_and_again(&Installation::found(None, None), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_under_load_is_an_orderly_one_on_postgresql() {
    let database = postgres().database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    ended_again_and_again(&town, "PostgreSQL").await;
}

async fn ended_again_and_again(installation: &Installation, engine: &str) {
    let (ends, seed) = (times(2, 20, 100), Dice::seed());
    let mut dice = Dice::of(seed);
    let mut gateway = installation.serve();
    let load = Load {
        town: Town::built(gateway.operator()).await,
        token: installation.token().to_owned(),
        clients: CLIENTS,
    };
    let mut history = History::default();
    for _ in 0..ends {
        let running = load.start(gateway.url(), &mut dice);
        let acts = dice.throw(MOST);
        running.answered(usize::try_from(acts).expect("few")).await;
        assert!(gateway.end(), "it ends in order");
        history.add(running.stop().await);
        gateway = installation.serve();
    }
    assert!(gateway.end(), "it ends in order");
    let tally = history.agrees_with(&exported(installation));
    is_sound(installation);
    let how_often = format!("{ends} times");
    tell(
        "SIGTERM under load",
        engine,
        &how_often,
        &tally.to_string(),
        seed,
    );
}
