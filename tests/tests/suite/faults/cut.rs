//! The connection to PostgreSQL breaks around a commit: nobody knows what became of it, and the same
//! key finds out.

use tests::installation::Installation;
use tests::servers::postgres;

use super::experiment::Experiment;
use super::extent::times;
use super::proxy::{Proxy, When};

/// Clients that ask beside the one whose connection is cut: their commands are in the same batches.
const OTHERS: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_nobody_heard_of_is_done_once() {
    let cuts = times(6, 60, 300);
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
    let mut it = Experiment::begin(&town, &gateway, OTHERS).await;
    for round in 0..cuts {
        let when = if round % 2 == 0 {
            When::After
        } else {
            When::Before
        };
        let running = it.start(&gateway);
        let asked = it.load.town.prepay(2);
        proxy.cut(&format!("\"device\":\"{}\"", asked.mark), when);
        // What was told in earlier rounds too: each time half of what nobody knows is asked for again.
        let mut heard = std::mem::take(&mut it.history);
        heard.add(it.load.once(gateway.url(), asked).await);
        assert!(proxy.has_cut(), "the command went another way");
        heard.add(running.stop().await);
        it.settle(heard, &gateway).await;
    }
    assert!(gateway.end(), "it ends in order");
    let how_often = format!("{cuts} cuts");
    let what = "connection cut before and after COMMIT";
    it.holds(what, "PostgreSQL", &how_often);
}

/// The port of a URL, and the text before it that tells it from other numbers.
fn port_of(url: &str) -> (&'static str, u16) {
    let (_, after) = url.rsplit_once("127.0.0.1:").expect("a server on loopback");
    let (port, _) = after.split_once('/').expect("a database");
    ("127.0.0.1:", port.parse().expect("a port"))
}
