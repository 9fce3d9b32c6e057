//! What `audit verify` says where checkpoints are missing or cannot be read: never that all is well.

use serde_json::Value;

use super::on_both;
use super::world::World;

on_both!(
    a_log_without_checkpoints_is_not_vouched_for,
    an_empty_log_needs_no_checkpoint,
    checkpoints_that_are_gone_are_missed,
    checkpoints_that_cannot_be_read_are_an_error,
);

#[track_caller]
fn is_not_vouched_for(found: &(i32, Value)) {
    let (code, report) = found;
    assert_eq!(*code, 4, "{report:#}");
    assert_eq!(report["sound"], true, "{report:#}");
    assert_eq!(report["vouched"], false, "{report:#}");
    assert_eq!(report["report"]["checkpoints"], 0, "{report:#}");
}

async fn a_log_without_checkpoints_is_not_vouched_for(world: World) {
    world.record(10).await;
    is_not_vouched_for(&world.verify(&[]));
    world.seal().await;
    let (code, report) = world.verify(&[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["vouched"], true);
    assert_eq!(report["report"]["streams"], 4, "three events a stream");
}

async fn an_empty_log_needs_no_checkpoint(world: World) {
    let (code, report) = world.verify(&[]);
    assert_eq!((code, &report["report"]["events"]), (0, &0.into()));
}

async fn checkpoints_that_are_gone_are_missed(world: World) {
    world.record(10).await;
    world.seal().await;
    let kept = world.keep("kept").await;
    world.tamper_with_seals("DELETE FROM {checkpoints}").await;
    is_not_vouched_for(&world.verify(&[]));
    let (code, report) = world.verify(&["--checkpoint", &kept]);
    assert_eq!(code, 0, "one that was kept vouches for it: {report:#}");
}

/// A login without the right to read them, or a file that is none any more.
async fn checkpoints_that_cannot_be_read_are_an_error(world: World) {
    world.record(10).await;
    world.seal().await;
    let kept = world.keep("kept").await;
    let login = world.auditor().await;
    if login.is_none() {
        let seals = world.file("seals.db");
        std::fs::write(
            &seals,
            "this is no database, long enough to be read".repeat(99),
        )
        .expect("written");
        for beside in ["seals.db-wal", "seals.db-shm"] {
            let _it_may_not_be_there = std::fs::remove_file(world.file(beside));
        }
    }
    let (code, said) = world.verify_as(login.as_deref(), &[]);
    assert_eq!(code, 1, "{said:#}");
    let error = said["error"].as_str().expect("an error");
    assert!(error.contains("reading the stored checkpoints"), "{error}");
    let only = ["--kept-only", "--checkpoint", &kept];
    let (code, report) = world.verify_as(login.as_deref(), &only);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["report"]["checkpoints"], 1, "{report:#}");
}
