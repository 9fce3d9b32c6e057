//! A read model that has no copy of its version yet is built, beside those that go on.

use std::sync::Arc;
use std::time::Duration;

use domain::event::Act;
use projections::donor_impact::DonorImpact;
use projections::fold::{Fold, Model, Stop};
use projections::follower::{PAGE, State};
use projections::log::Log;
use projections::progress::Progress;
use projections::projector::Projector;
use projections::rebuild::digest;
use projections::rows::Rows;
use projections::store::{Query, ReadStore, StoreError};
use projections::table::Table;
use projections::voucher_board::VoucherBoard;
use tests::acts::{HeldLog, Story};
use tests::lives::Lives;
use tests::views::{folded, live, rebuilt, shown};
use tokio::sync::watch;

use super::{MODEL, engines, pg_views, tables};

const PATIENCE: Duration = Duration::from_secs(30);

fn nothing() -> Vec<Query> {
    Vec::new()
}

#[tokio::test]
async fn a_copy_of_another_version_answers_nobody() {
    for engine in engines().await {
        let store = &*engine.store;
        let none = store.query(MODEL, nothing()).await;
        assert_eq!(none.err(), Some(StoreError::Building), "{}", engine.name);
        let old = Model {
            version: 7,
            ..MODEL
        };
        shown(old, tables(), store).await;
        let other = store.query(MODEL, nothing()).await;
        assert_eq!(other.err(), Some(StoreError::Building), "{}", engine.name);
        shown(MODEL, tables(), store).await;
        assert!(
            store.query(MODEL, nothing()).await.is_ok(),
            "{}",
            engine.name
        );
    }
}

/// A process that was killed while it built leaves tables behind.
#[tokio::test]
async fn a_copy_that_was_left_halfway_goes_with_the_next_switch() {
    for engine in engines().await {
        let store = &*engine.store;
        let left = store.beside(MODEL, tables()).await.expect("a copy");
        let copy = shown(MODEL, tables(), store).await;
        assert!(
            store.checkpoint(left.clone()).await.is_err(),
            "{}",
            engine.name
        );
        let rows = store.scan(left, tables()[0], String::new(), 1).await;
        assert!(rows.is_err(), "{}: its tables are there", engine.name);
        assert!(store.checkpoint(copy).await.is_ok(), "{}", engine.name);
    }
}

#[tokio::test]
async fn two_processes_come_to_follow_one_first_copy() {
    let (_database, views) = pg_views().await;
    let views: Arc<dyn ReadStore> = Arc::new(views);
    let lives = Lives::new();
    let log: Arc<dyn Log> = Arc::new(lives.story.log());
    let fold: Arc<dyn Fold> = Arc::new(VoucherBoard);
    let start = || {
        let folds = vec![Arc::clone(&fold)];
        Projector::start(
            Arc::clone(&log),
            Arc::clone(&views),
            folds,
            Progress::default(),
        )
    };
    let (one, other) = tokio::join!(start(), start());
    for projector in [one, other] {
        let mut projector = projector.expect("a projector");
        projector.catch_up().await.expect("a store");
    }
    let copy = live(&*fold, &*views).await;
    let expected = folded(Arc::clone(&fold), &lives.story).await;
    let whole = digest(&*fold, &live(&*fold, &expected).await, &expected).await;
    assert_eq!(digest(&*fold, &copy, &*views).await, whole);
}

#[tokio::test]
async fn beside_a_long_log_the_others_go_on_meanwhile() {
    let mut story = Story::new("praha");
    for _ in 0..3 * PAGE {
        story.at("2026-11-02T09:00:00Z").venue("Na Rohu");
    }
    let before: Arc<dyn Log> = Arc::new(story.log());
    let folder = tempfile::tempdir().expect("a folder");
    let views = infra::views::sqlite::SqliteViews::open(&folder.path().join("views.db")).await;
    let views: Arc<dyn ReadStore> = Arc::new(views.expect("a store"));
    let known: Arc<dyn Fold> = Arc::new(VoucherBoard);
    rebuilt(&[Arc::clone(&known)], &before, &views).await;
    story.venue("Za Rohem");
    let (let_go, open) = watch::channel(false);
    let log: Arc<dyn Log> = Arc::new(story.log());
    let log: Arc<dyn Log> = Arc::new(HeldLog { log, open });
    let last = log.head().await.expect("a list");
    let new: Arc<dyn Fold> = Arc::new(DonorImpact);
    let progress = Progress::default();
    let projector = Projector::start(
        Arc::clone(&log),
        Arc::clone(&views),
        vec![Arc::clone(&known), Arc::clone(&new)],
        progress.clone(),
    );
    let projector = projector.await.expect("it does not wait for the build");
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(projector.run(stopped));

    let mut moved = progress.moved();
    while progress.all()
        != [
            ("donor_impact", 0, State::Building),
            ("voucher_board", last, State::Following),
        ]
    {
        let moved = tokio::time::timeout(PATIENCE, moved.changed()).await;
        moved.expect("the other goes on").expect("a projector");
    }
    let asked = views.query(new.model(), nothing()).await;
    assert_eq!(asked.err(), Some(StoreError::Building));

    let_go.send(true).expect("somebody waits");
    progress.reach(last, PATIENCE).await.expect("it is built");
    let copy = live(&*new, &*views).await;
    assert_eq!(
        views.checkpoint(copy).await.expect("a store").position,
        last
    );
    stop.send(true).expect("a projector that runs");
    running.await.expect("it ends");
}

/// A fold that has no answer to anything.
struct Refuses;

impl Fold for Refuses {
    fn model(&self) -> Model {
        MODEL
    }
    fn tables(&self) -> Vec<Table> {
        tables()
    }
    fn apply(&self, _: &Act, _: &mut Rows) -> Result<(), Stop> {
        Err(Stop::Broken("it makes no sense".to_owned()))
    }
}

#[tokio::test]
async fn one_that_cannot_be_built_keeps_nobody_from_being_built() {
    let lives = Lives::new();
    let last = i64::try_from(lives.story.recorded().len()).expect("a short story");
    for engine in engines().await {
        let store: Arc<dyn ReadStore> = Arc::from(engine.store);
        let progress = Progress::default();
        let projector = Projector::start(
            Arc::new(lives.story.log()),
            store,
            vec![Arc::new(VoucherBoard), Arc::new(Refuses)],
            progress.clone(),
        );
        let mut projector = projector.await.expect("a projector");
        projector.catch_up().await.expect("a store");
        let all = progress.all();
        assert_eq!(
            all[1],
            ("voucher_board", last, State::Following),
            "{}",
            engine.name
        );
        let State::Held { why } = &all[0].2 else {
            panic!("{}: {all:?}", engine.name);
        };
        assert!(why.contains("position 1: it makes no sense"), "{why}");
    }
}
