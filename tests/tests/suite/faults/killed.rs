//! The process goes away at any moment under load, killed or asked to, and is started again.

use tests::installation::Installation;
use tests::servers::postgres;

use super::experiment::Experiment;
use super::extent::times;

/// Clients that ask at once.
const CLIENTS: usize = 8;

/// How the process goes.
#[derive(Clone, Copy)]
enum Goes {
    /// By kill -9.
    Killed,
    /// By SIGTERM, in order.
    Asked,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    again_and_again(&Installation::found(None, None), "SQLite", Goes::Killed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgresql() {
    on_postgresql(Goes::Killed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_under_load_is_an_orderly_one_on_sqlite() {
    again_and_again(&Installation::found(None, None), "SQLite", Goes::Asked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_under_load_is_an_orderly_one_on_postgresql() {
    on_postgresql(Goes::Asked).await;
}

async fn on_postgresql(goes: Goes) {
    let database = postgres().database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    again_and_again(&town, "PostgreSQL", goes).await;
}

async fn again_and_again(town: &Installation, engine: &str, goes: Goes) {
    // The most acts that are answered before it goes.
    let (rounds, most) = match goes {
        Goes::Killed => (times(4, 100, 500), 60),
        Goes::Asked => (times(2, 20, 100), 40),
    };
    let mut gateway = town.serve();
    let mut it = Experiment::begin(town, &gateway, CLIENTS).await;
    for _ in 0..rounds {
        let running = it.start_and_answer(&gateway, most).await;
        match goes {
            Goes::Killed => {
                gateway.kill();
                let heard = running.stop().await;
                gateway = town.serve();
                it.settle(heard, &gateway).await;
            }
            Goes::Asked => {
                assert!(gateway.end(), "it ends in order");
                it.history.add(running.stop().await);
                gateway = town.serve();
            }
        }
    }
    assert!(gateway.end(), "it ends in order");
    match goes {
        Goes::Killed => it.holds("kill -9 under load", engine, &format!("{rounds} kills")),
        Goes::Asked => it.holds("SIGTERM under load", engine, &format!("{rounds} times")),
    }
}
