//! The connection to PostgreSQL breaks around a commit: nobody knows what became of it, and the same
//! key finds out.

use tests::installation::Installation;
use tests::servers::postgres;

use super::dice::Dice;
use super::extent::{tell, times};
use super::history::{History, exported, is_sound};
use super::load::Load;
use super::proxy::{Proxy, When};
use super::town::Town;

/// Clients that ask beside the one whose connection is cut: their commands are in the same batches.
const OTHERS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_nobody_heard_of_is_done_once() {
    let (cuts, seed) = (times(6, 60, 300), Dice::seed());
    let mut dice = Dice::of(seed);
    let database = postgres().database().await;
    let (before_port, port) = port_of(database.owner_url());
    let proxy = Proxy::to(port).await;
    let through = database.owner_url().replacen(
        &format!("{before_port}{port}/"),
        &format!("{before_port}{}/", proxy.port),
        1,
    );
    let town = Installation::found(Some(&through), None);
    let gateway = town.serve();
    let load = Load {
        town: Town::built(gateway.operator()).await,
        token: town.token().to_owned(),
        clients: OTHERS,
    };
    let mut history = History::default();
    for round in 0..cuts {
        let when = if round % 2 == 0 {
            When::After
        } else {
            When::Before
        };
        let running = load.start(gateway.url(), &mut dice);
        let asked = load.town.prepay(2);
        proxy.cut(&format!("\"device\":\"{}\"", asked.mark), when);
        history.add(load.once(gateway.url(), asked).await);
        assert!(proxy.has_cut(), "the command went another way");
        history.add(running.stop().await);
        load.settle(gateway.url(), &mut history, &mut dice).await;
    }
    assert!(gateway.end(), "it ends in order");
    let tally = history.agrees_with(&exported(&town));
    is_sound(&town);
    let how_often = format!("{cuts} cuts");
    let what = "connection cut before and after COMMIT";
    tell(what, "PostgreSQL", &how_often, &tally.to_string(), seed);
}

/// The port of a URL, and the text before it that tells it from other numbers.
fn port_of(url: &str) -> (&'static str, u16) {
    let (_, after) = url.rsplit_once("127.0.0.1:").expect("a server on loopback");
    let (port, _) = after.split_once('/').expect("a database");
    ("127.0.0.1:", port.parse().expect("a port"))
}
