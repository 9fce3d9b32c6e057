//! Somebody keeps a transaction of PostgreSQL open: reads go on, acts wait for it or are told to come
//! again, and nothing is skipped.

use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::installation::Installation;
use tests::servers::postgres;

use super::experiment::Experiment;
use super::extent::times;

const CLIENTS: usize = 4;
const BEFORE: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_the_log_holds_no_reader() {
    let holds = times(1, 3, 10);
    let database = postgres().database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    let gateway = town.serve();
    let mut it = Experiment::begin(&town, &gateway, CLIENTS).await;
    for _ in 0..holds {
        let running = it.start(&gateway);
        running.answered(BEFORE).await;
        let mut holder = PgConnection::connect(database.superuser_url())
            .await
            .expect("a connection");
        let hold = "BEGIN; SELECT position FROM log.head FOR UPDATE";
        holder.execute(hold).await.expect("the lock");
        let board = gateway.operator().get("/voucher-board").await;
        assert_eq!(board.status, 200, "{}", board.body);
        // Longer than a request may take: it is told to come again, and not that all is well.
        let act = gateway
            .operator()
            .post("/prepayments", it.load.town.coffees(1))
            .await;
        assert_ne!(act.header("retry-after"), "");
        assert_eq!(act.status, 503, "{}", act.body);
        holder.execute("COMMIT").await.expect("the end");
        running.answered(2 * BEFORE).await;
        it.settle(running.stop().await, &gateway).await;
    }
    assert!(gateway.end(), "it ends in order");
    let how_often = format!("{holds} times, longer than a request");
    it.holds("slow transaction", "PostgreSQL", &how_often);
}
