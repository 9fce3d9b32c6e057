//! A full disk: told as "come again", and over as soon as there is room.

use std::process::Command;

use commands::log::{Appended, EventLog as _, LogError};
use infra::sqlite::SqliteLog;
use tests::installation::Installation;
use tests::wait;

use super::extent::tell;
use super::history::is_sound;
use super::town::Town;
use crate::conformance::given::{assert_whole, keyed, several, stream};

/// Pages that the file may have beyond those that it has.
const FEW: i64 = 4;
/// Events of one command, too many for those pages.
const MANY: i64 = 200;
/// Acts that are asked for while the disk is full.
const IN_VAIN: usize = 12;

/// A process that is told by the system, not by a signal, that a file may not grow.
const TOLD: [&str; 4] = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

#[tokio::test]
async fn a_log_without_room_is_away_and_comes_back_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = SqliteLog::open(folder.path().join("log.db")).await;
    let log = log.expect("a log");
    let pages = pragma(&log, "PRAGMA page_count".to_owned()).await;
    pragma(&log, format!("PRAGMA max_page_count = {}", pages + FEW)).await;
    let command = || keyed(several(&log, stream(1), 0, MANY), "the same command");
    assert_eq!(log.append(command()).await, Err(LogError::Unavailable));
    // As if somebody had made room.
    pragma(&log, format!("PRAGMA max_page_count = {}", 1 << 20)).await;
    let position = MANY;
    assert_eq!(log.append(command()).await, Ok(Appended::Done { position }));
    assert_eq!(assert_whole(&log).await.len(), 200);
}

async fn pragma(log: &SqliteLog, sql: String) -> i64 {
    let writer = &log.database().writer;
    let said = sqlx::query_scalar(&sql).fetch_one(writer).await;
    said.expect("an answer")
}

#[tokio::test]
async fn while_the_disk_is_full_acts_are_told_to_come_again() {
    let town = Installation::found(None, None);
    let gateway = town.serve_with(&TOLD, &[]);
    let operator = gateway.operator();
    let cafe = Town::built(operator).await;
    let first = operator.post("/prepayments", cafe.coffees(3)).await.done();

    files_may_have(gateway.pid(), "1:unlimited");
    for number in 0..IN_VAIN {
        let client = operator.with_key(&format!("in vain {number}"));
        let answer = client.post("/prepayments", cafe.coffees(3)).await;
        assert_eq!(answer.header("retry-after"), "1");
        answer.refused(503, "unavailable");
    }
    let board = operator.get("/voucher-board").await;
    assert_eq!(board.status, 200, "what is there is read: {}", board.body);

    files_may_have(gateway.pid(), "unlimited:unlimited");
    let again = operator.with_key("in vain 0");
    let again = wait::until("the act to be done", async || {
        let answer = again.post("/prepayments", cafe.coffees(3)).await;
        (answer.status == 201).then(|| answer.done())
    })
    .await;
    let position = again["position"].as_i64().expect("a position");
    assert_eq!(Some(position), first["position"].as_i64().map(|p| p + 3));
    wait::until("the views to go on", async || {
        let ready = gateway.operator().get_root("/readyz").await.done();
        let views = ready["views"].as_array().expect("views").clone();
        let current = views.iter().all(|view| view["position"] == position);
        current.then_some(())
    })
    .await;
    assert!(gateway.end(), "it ends in order");
    is_sound(&town);
    let how_often = format!("{IN_VAIN} acts");
    let result = "each told 503 with Retry-After, reads go on, recovered without a restart";
    tell("disk full", "SQLite", &how_often, result, 0);
}

/// The largest file that this process may write, as `soft:hard` bytes.
fn files_may_have(pid: u32, bytes: &str) {
    let mut command = Command::new("prlimit");
    command.args(["--pid", &pid.to_string(), &format!("--fsize={bytes}")]);
    assert!(command.status().expect("prlimit starts").success());
}
