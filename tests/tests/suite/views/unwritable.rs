//! A database that takes nothing for a while: the views go on afterwards, and nothing counts twice.

use std::path::Path;
use std::sync::Arc;

use infra::views::sqlite::SqliteViews;
use projections::follower::{Follower, PAGE, Page, State};
use projections::log::Log as _;
use projections::progress::Progress;
use projections::projector::Projector;
use projections::rebuild::digest;
use projections::store::ReadStore as _;
use proptest::collection::vec;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use sqlx::{Connection as _, SqliteConnection};
use tests::acts::Story;
use tests::lives::{Lives, lived, step};
use tests::views::{folded, live, shown};

/// What the database says to every page of a read model while it takes nothing.
const TAKE_NOTHING: &str = "CREATE TRIGGER takes_nothing BEFORE UPDATE ON read_model_copy
    BEGIN SELECT RAISE(ABORT, 'no room'); END";
const TAKE_AGAIN: &str = "DROP TRIGGER takes_nothing";

#[tokio::test]
async fn what_could_not_be_written_is_not_counted_twice() {
    let lives = many_steps();
    let log = lives.story.log();
    let page = Page::of(log.read(0, usize::MAX).await.expect("a list"));
    let folder = tempfile::tempdir().expect("a folder");
    let (views, mut owner) = store_in(folder.path()).await;
    for fold in projections::folds() {
        let name = fold.name();
        let copy = views.beside(fold.model(), fold.tables()).await;
        let copy = copy.expect("a copy");
        let follower = Follower::resume(Arc::clone(&fold), copy.clone(), &views, &log);
        let mut follower = follower.await.expect("a store");
        say(&mut owner, TAKE_NOTHING).await;
        for _ in 0..2 {
            let done = follower.follow(&page, &log, &views).await;
            assert!(done.is_err(), "{name} was written");
            assert_eq!(follower.position(), 0, "{name}");
        }
        say(&mut owner, TAKE_AGAIN).await;
        let done = follower.follow(&page, &log, &views).await;
        done.expect("room again");
        let expected = folded(Arc::clone(&fold), &lives.story).await;
        let copy_of_all = live(&*fold, &expected).await;
        let expected = digest(&*fold, &copy_of_all, &expected).await;
        assert_eq!(digest(&*fold, &copy, &views).await, expected, "{name}");
    }
}

fn many_steps() -> Lives {
    let steps = vec(step(), 120).new_tree(&mut TestRunner::deterministic());
    lived(&steps.expect("steps").current())
}

/// A store, and a connection of somebody who owns its file.
async fn store_in(folder: &Path) -> (SqliteViews, SqliteConnection) {
    let file = folder.join("views.db");
    let views = SqliteViews::open(&file).await.expect("a store");
    let owner = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await;
    (views, owner.expect("a connection"))
}

async fn say(owner: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(sql).execute(owner).await.expect("it is done");
}

/// One read model whose tables take nothing: the others go on, far beyond it, and it catches up.
#[tokio::test]
async fn one_that_is_held_holds_nobody_back() {
    let mut story = Story::new("praha");
    for _ in 0..PAGE {
        story.at("2026-11-02T09:00:00Z").venue("Na Rohu");
    }
    let log = Arc::new(story.log());
    let last = log.head().await.expect("a list");
    let folder = tempfile::tempdir().expect("a folder");
    let (views, mut owner) = store_in(folder.path()).await;
    let views = Arc::new(views);
    for fold in projections::folds() {
        shown(fold.model(), fold.tables(), &*views).await;
    }
    let progress = Progress::default();
    let projector = Projector::start(log, views, projections::folds(), progress.clone());
    let mut projector = projector.await.expect("a store");
    let of_one = TAKE_NOTHING.replace("BEGIN", "WHEN OLD.name = 'voucher_board' BEGIN");
    say(&mut owner, &of_one).await;
    for _ in 0..4 {
        let _held = projector.step().await;
    }
    for (name, position, state) in progress.all() {
        let held = matches!(state, State::Held { .. });
        assert_eq!(held, name == "voucher_board", "{name} {state:?}");
        assert_eq!(position, if held { 0 } else { last }, "{name}");
    }
    say(&mut owner, TAKE_AGAIN).await;
    projector.catch_up().await.expect("room again");
    for (name, position, state) in progress.all() {
        assert_eq!((position, state), (last, State::Following), "{name}");
    }
}

/// A database that crashed may have lost the last pages of a view, whose commits do not wait for the
/// disk: the view goes on from where its copy is, and not from where it was thought to be.
#[tokio::test]
async fn a_copy_that_lost_its_last_pages_goes_on_from_where_it_is() {
    let lives = many_steps();
    let log = lives.story.log();
    let last = log.head().await.expect("a list");
    let third = usize::try_from(last / 3).expect("a short story");
    let folder = tempfile::tempdir().expect("a folder");
    let (views, mut owner) = store_in(folder.path()).await;
    for fold in projections::folds() {
        let name = fold.name();
        let copy = views.beside(fold.model(), fold.tables()).await;
        let copy = copy.expect("a copy");
        let follower = Follower::resume(Arc::clone(&fold), copy.clone(), &views, &log);
        let mut follower = follower.await.expect("a store");
        let page = async |after| Page::of(log.read(after, third).await.expect("a list"));
        let done = follower.follow(&page(0).await, &log, &views).await;
        done.expect("a store");
        let early = folder.path().join(name);
        say(&mut owner, &format!("VACUUM INTO '{}'", early.display())).await;
        let ahead = page(follower.position()).await;
        let done = follower.follow(&ahead, &log, &views).await;
        done.expect("a store");
        say(&mut owner, TAKE_NOTHING).await;
        let more = page(follower.position()).await;
        let done = follower.follow(&more, &log, &views).await;
        assert!(done.is_err(), "{name} was written");
        say(&mut owner, TAKE_AGAIN).await;
        go_back(&mut owner, &early).await;
        while follower.position() < last {
            let next = page(follower.position()).await;
            let done = follower.follow(&next, &log, &views).await;
            done.expect("a store");
            assert_eq!(follower.state(), &State::Following, "{name}");
        }
        let expected = folded(Arc::clone(&fold), &lives.story).await;
        let copy_of_all = live(&*fold, &expected).await;
        let expected = digest(&*fold, &copy_of_all, &expected).await;
        assert_eq!(digest(&*fold, &copy, &views).await, expected, "{name}");
    }
}

/// Makes every row what it was in an earlier copy of the file.
async fn go_back(owner: &mut SqliteConnection, early: &std::path::Path) {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut *owner)
        .await
        .expect("tables");
    say(owner, &format!("ATTACH '{}' AS early", early.display())).await;
    for table in tables {
        let back = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM early.{table}");
        say(owner, &back).await;
    }
    say(owner, "DETACH early").await;
}
