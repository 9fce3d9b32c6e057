//! The process is killed at any moment under load, and started again.

use tests::installation::Installation;
use tests::servers::postgres;

use super::dice::Dice;
use super::extent::{tell, times};
use super::history::{History, exported, is_sound};
use super::load::Load;
use super::town::Town;

/// Clients that ask at once.
const CLIENTS: usize = 8;
/// The most acts that are answered before the next kill.
const MOST: u64 = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    killed_again_and_again(&Installation::found(None, None), "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgresql() {
    let database = postgres().database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    killed_again_and_again(&town, "PostgreSQL").await;
}

async fn killed_again_and_again(installation: &Installation, engine: &str) {
    let (kills, seed) = (times(4, 100, 500), Dice::seed());
    let mut dice = Dice::of(seed);
    let mut gateway = installation.serve();
    let load = Load {
        town: Town::built(gateway.operator()).await,
        token: installation.token().to_owned(),
        clients: CLIENTS,
    };
    let mut history = History::default();
    for _ in 0..kills {
        let running = load.start(gateway.url(), &mut dice);
        let acts = dice.throw(MOST);
        running.answered(usize::try_from(acts).expect("few")).await;
        gateway.kill();
        let mut heard = running.stop().await;
        gateway = installation.serve();
        load.settle(gateway.url(), &mut heard, &mut dice).await;
        history.add(heard);
    }
    assert!(gateway.end(), "it ends in order");
    let tally = history.agrees_with(&exported(installation));
    is_sound(installation);
    let how_often = format!("{kills} kills");
    tell(
        "kill -9 under load",
        engine,
        &how_often,
        &tally.to_string(),
        seed,
    );
}
