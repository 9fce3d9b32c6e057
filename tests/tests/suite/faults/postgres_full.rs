//! PostgreSQL's disk is full: first no table may grow, then not even the write-ahead log is taken.
//! Acts are told to come again, reads go on as long as the server does, and nothing is lost.

use std::path::Path;

use tests::client::Client;
use tests::installation::{Gateway, Installation};
use tests::servers::Postgres;

use super::experiment::Experiment;
use super::extent::times;
use super::postgres_away::works_again;
use super::town::Town;

const CLIENTS: usize = 4;
const BEFORE: usize = 20;
/// A page of a table, and a file of the write-ahead log, in bytes.
const PAGE: u64 = 8192;
const OF_THE_LOG: u64 = 1 << 20;
/// What clients may write meanwhile, before the limit holds.
const MEANWHILE: u64 = 32 * PAGE;
/// Acts of so many events fill what is left of a file.
const MANY: usize = 100;
/// More of these than fit into it.
const TOO_MANY: usize = 100;
/// Acts that are asked for while the disk is full.
const IN_VAIN: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_room_is_away_and_loses_nothing() {
    let rounds = times(1, 3, 10);
    let mut server = Postgres::with_small_files();
    let database = server.database().await;
    let town = Installation::found(Some(database.owner_url()), None);
    let gateway = town.serve();
    let mut it = Experiment::begin(&town, &gateway, CLIENTS).await;
    for _ in 0..rounds {
        let running = it.start(&gateway);
        running.answered(BEFORE).await;
        let data = server.data().expect("a private server");
        server.files_may_have(&no_table_grows(&data).to_string());
        told_to_come_again(&gateway, &it.load.town).await;
        server.files_may_have("unlimited");
        works_again(&gateway, &it.load.town).await;
        running.answered(2 * BEFORE).await;

        // The server ends itself, as it does when its log finds no room, and is started again when
        // there is some.
        server.files_may_have("1");
        refused_as_away(gateway.operator(), &it.load.town, 1).await;
        server.kill();
        server.restart();
        works_again(&gateway, &it.load.town).await;
        it.settle(running.stop().await, &gateway).await;
    }
    assert!(gateway.end(), "it ends in order");
    let how_often = format!("{rounds} x tables, {rounds} x write-ahead log");
    it.holds("PostgreSQL's disk is full", "PostgreSQL", &how_often);
}

/// A little beyond the largest file, and half a page: the page that fits by half is refused as on a
/// full disk, what is written already is written again.
fn no_table_grows(data: &Path) -> u64 {
    let folders = std::fs::read_dir(data.join("base")).expect("the databases");
    let files = folders.filter_map(|folder| std::fs::read_dir(folder.ok()?.path()).ok());
    let sizes = files
        .flatten()
        .filter_map(|file| file.ok()?.metadata().ok());
    let largest = sizes.map(|file| file.len()).max().expect("tables");
    largest.max(OF_THE_LOG).next_multiple_of(PAGE) + MEANWHILE + PAGE / 2
}

/// Fills the last file, and then asks in vain; whoever reads is answered.
async fn told_to_come_again(gateway: &Gateway, town: &Town) {
    let operator = gateway.operator();
    let mut acts = 0;
    while operator
        .post("/prepayments", town.coffees(MANY))
        .await
        .status
        == 201
    {
        acts += 1;
        assert!(acts < TOO_MANY, "the disk does not fill");
    }
    for _ in 0..IN_VAIN {
        refused_as_away(operator, town, MANY).await;
    }
    let board = operator.get("/voucher-board").await;
    assert_eq!(board.status, 200, "what is there is read: {}", board.body);
    assert_eq!(operator.get_root("/livez").await.status, 200);
}

/// At once, or when it took too long: in both cases with the time after which to come again.
async fn refused_as_away(operator: &Client, town: &Town, coffees: usize) {
    let act = operator.post("/prepayments", town.coffees(coffees)).await;
    assert_ne!(act.header("retry-after"), "", "{}", act.body);
    assert_eq!(act.status, 503, "{}", act.body);
}
