//! Read models of a story, and the proof that they do not depend on how they were built.

use std::sync::Arc;
use std::time::Duration;

use infra::views::sqlite::SqliteViews;
use projections::fold::{Fold, Model};
use projections::follower::{Follower, Page, State};
use projections::log::Log;
use projections::progress::Progress;
use projections::projector::Projector;
use projections::rebuild::{Pace, digest, fill_at, rebuild};
use projections::store::{Copy, ReadStore};
use projections::table::Table;

use crate::acts::{ListLog, Story};

/// How long a test waits for a position: no time, because nothing moves while it asks.
pub const NO_WAIT: Duration = Duration::ZERO;

/// A store with this read model of the whole story.
///
/// # Panics
/// If an act cannot be applied.
pub async fn folded(fold: Arc<dyn Fold>, story: &Story) -> SqliteViews {
    let views = SqliteViews::memory().await.expect("memory");
    let (log, progress) = (Arc::new(story.log()), Progress::default());
    let shared = Arc::new(views.clone());
    let mut projector = Projector::start(log, shared, vec![fold], progress.clone())
        .await
        .expect("a store");
    projector.catch_up().await.expect("a store");
    for (name, _, state) in progress.all() {
        assert_eq!(state, State::Following, "{name}");
    }
    views
}

/// Checks that one page, pages of every size up to seven, a second time and a rebuild all give the
/// same rows.
///
/// # Panics
/// If they do not.
pub async fn is_the_same_however_it_is_built(fold: Arc<dyn Fold>, story: &Story) {
    let log = story.log();
    let whole = digest_in_pages_of(&fold, &log, usize::MAX).await;
    for size in [usize::MAX, 1, 2, 3, 5, 7] {
        let parts = digest_in_pages_of(&fold, &log, size).await;
        assert_eq!(parts, whole, "{} in pages of {size}", fold.name());
    }
    for (page, most_rows) in [(1, 0), (2, 4), (5, 12), (7, usize::MAX)] {
        let built = digest_at(Pace { page, most_rows }, &fold, &log).await;
        let name = fold.name();
        assert_eq!(
            built, whole,
            "{name} {page} at a time, {most_rows} rows in memory"
        );
    }
    let views: Arc<dyn ReadStore> = Arc::new(folded(Arc::clone(&fold), story).await);
    let (folds, log): (_, Arc<dyn Log>) = ([Arc::clone(&fold)], Arc::new(log));
    let copies = rebuilt(&folds, &log, &views).await;
    let rebuilt = digest(&*fold, &copies[0], &*views).await;
    assert_eq!(rebuilt.expect("a digest"), whole, "{} rebuilt", fold.name());
}

/// Checks that an act that nobody knows stops the read model, and that the operator reads its name.
///
/// # Panics
/// If it is passed over.
pub async fn stops_at_what_it_does_not_know(fold: Arc<dyn Fold>, mut story: Story) {
    let id = story.id();
    story.stored("venue", id, "venue.painted_blue", "1", "{}".to_owned());
    let (views, log) = (SqliteViews::memory().await.expect("memory"), story.log());
    let copy = new_copy(&fold, &views).await;
    let mut follower = Follower::resume(Arc::clone(&fold), copy, &views, &log)
        .await
        .expect("a store");
    let page = Page::of(story.recorded().to_vec());
    follower.follow(&page, &log, &views).await.expect("a store");
    let last = i64::try_from(story.recorded().len()).expect("a short story");
    match follower.state() {
        State::Stopped { position, why } => {
            assert_eq!(*position, last);
            assert!(why.contains("venue.painted_blue"), "{why}");
        }
        State::Following | State::Building | State::Held { .. } => {
            panic!("{} passed over an unknown act", fold.name())
        }
    }
    assert_eq!(follower.position(), last - 1, "what came before is kept");
}

/// Built in an empty copy, with little of it in memory.
async fn digest_at(pace: Pace, fold: &Arc<dyn Fold>, log: &ListLog) -> String {
    let views = SqliteViews::memory().await.expect("memory");
    let copy = new_copy(fold, &views).await;
    let filled = fill_at(pace, fold, copy.clone(), log, &views, i64::MAX, |_, _| ());
    filled.await.expect("a store");
    digest(&**fold, &copy, &views).await.expect("a digest")
}

async fn digest_in_pages_of(fold: &Arc<dyn Fold>, log: &ListLog, size: usize) -> String {
    let views = SqliteViews::memory().await.expect("memory");
    let copy = new_copy(fold, &views).await;
    let mut at = 0;
    loop {
        // A new follower for each page has nothing in memory, as after a restart.
        let mut follower = Follower::resume(Arc::clone(fold), copy.clone(), &views, log)
            .await
            .expect("a store");
        let page = projections::log::Log::read(log, at, size).await;
        let page = Page::of(page.expect("a list"));
        let Some(last) = page.recorded.last() else {
            break;
        };
        at = last.position;
        follower.follow(&page, log, &views).await.expect("a store");
        assert_eq!(follower.state(), &State::Following, "{}", fold.name());
    }
    digest(&**fold, &copy, &views).await.expect("a digest")
}

/// Builds these read models anew; their copies.
///
/// # Panics
/// If one cannot be built.
pub async fn rebuilt(
    folds: &[Arc<dyn Fold>],
    log: &Arc<dyn Log>,
    store: &Arc<dyn ReadStore>,
) -> Vec<Copy> {
    let built = rebuild(folds, log, store, |_, _| ()).await;
    let built = built.into_iter().collect::<Result<_, _>>();
    built.expect("new copies")
}

/// An empty copy that queries see.
///
/// # Panics
/// If the store is away.
pub async fn shown(model: Model, tables: Vec<Table>, store: &dyn ReadStore) -> Copy {
    let copy = store.beside(model, tables.clone()).await.expect("a copy");
    store
        .switch(copy.clone(), tables)
        .await
        .expect("it is shown");
    copy
}

/// The copy of a read model that queries see.
///
/// # Panics
/// If there is none of this version.
pub async fn live(fold: &dyn Fold, store: &dyn ReadStore) -> Copy {
    let (copy, made_by) = store
        .live(fold.name())
        .await
        .expect("a store")
        .expect("a copy");
    assert_eq!(made_by, fold.model().version, "{}", fold.name());
    copy
}

async fn new_copy(fold: &Arc<dyn Fold>, views: &SqliteViews) -> Copy {
    views
        .beside(fold.model(), fold.tables())
        .await
        .expect("a copy")
}
