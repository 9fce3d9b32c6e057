//! A copy is built beside the one that answers, and takes its place at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use projections::fold::Fold;
use projections::log::Log;
use projections::progress::Progress;
use projections::projector::Projector;
use projections::store::{Query, ReadStore};
use projections::voucher_board::VoucherBoard;
use serde::Deserialize;
use tests::lives::Lives;
use tests::views::{live, rebuilt};

use super::{MODEL, Note, at, change, engines, filled, note, tables};

#[derive(Deserialize)]
struct Text {
    text: String,
}

const TEXTS: &str = "SELECT text FROM notebook_note ORDER BY key";

async fn texts(store: &dyn ReadStore) -> (i64, Vec<String>) {
    let query = Query {
        sql: TEXTS,
        args: vec![],
    };
    let snapshot = store.query(MODEL, vec![query]).await.expect("an answer");
    let texts: Vec<Text> = snapshot.found[0].read().expect("texts");
    let texts = texts.into_iter().map(|row| row.text).collect();
    (snapshot.checkpoint.position, texts)
}

/// A copy beside the live one, with as many notes as it has come far.
async fn beside(store: &dyn ReadStore, position: i64, text: &str) -> projections::store::Copy {
    let copy = store.beside(MODEL, tables()).await.expect("a copy");
    let notes: Vec<Note> = (0..position)
        .map(|number| note(&number.to_string(), Some(text), number))
        .collect();
    let saved = store.save(copy.clone(), 0, at(position), vec![change(&notes, &[])]);
    assert!(saved.await.expect("an answer"));
    copy
}

#[tokio::test]
async fn a_copy_is_seen_from_the_switch_on() {
    for engine in engines().await {
        let store = &*engine.store;
        filled(store, &[note("a", Some("old"), 1)]).await;
        let copy = beside(store, 2, "new").await;
        assert_eq!(
            texts(store).await,
            (1, vec!["old".to_owned()]),
            "{}",
            engine.name
        );
        store
            .switch(copy.clone(), tables())
            .await
            .expect("switched");
        assert_eq!(
            texts(store).await,
            (2, vec!["new".to_owned(); 2]),
            "{}",
            engine.name
        );
        let live = store.live(MODEL.name).await;
        assert_eq!(live, Ok(Some((copy, MODEL.version))), "{}", engine.name);
    }
}

#[tokio::test]
async fn a_copy_that_is_dropped_changes_nothing() {
    for engine in engines().await {
        let store = &*engine.store;
        filled(store, &[note("a", Some("old"), 1)]).await;
        let copy = beside(store, 2, "new").await;
        store
            .drop_copy(copy.clone(), tables())
            .await
            .expect("dropped");
        assert_eq!(
            texts(store).await,
            (1, vec!["old".to_owned()]),
            "{}",
            engine.name
        );
        assert!(store.checkpoint(copy).await.is_err(), "{}", engine.name);
    }
}

/// Every answer is wholly of one copy: as many notes as its checkpoint says.
#[tokio::test]
async fn readers_never_see_half_a_switch() {
    for engine in engines().await {
        let store = &*engine.store;
        filled(store, &[note("a", Some("1"), 1)]).await;
        let done = AtomicBool::new(false);
        let read = || async {
            let mut answers = 0;
            while !done.load(Ordering::Relaxed) {
                let (position, found) = texts(store).await;
                let expected =
                    vec![position.to_string(); usize::try_from(position).expect("small")];
                assert_eq!(found, expected, "{}", engine.name);
                answers += 1;
                tokio::task::yield_now().await;
            }
            answers
        };
        let switch = async {
            for position in 2..12 {
                let copy = beside(store, position, &position.to_string()).await;
                store.switch(copy, tables()).await.expect("switched");
            }
            done.store(true, Ordering::Relaxed);
        };
        let ((), one, other) = tokio::join!(switch, read(), read());
        assert!(one > 0 && other > 0, "{}: {one} {other}", engine.name);
    }
}

/// `sospeso projection rebuild` beside a running `sospeso serve`.
#[tokio::test]
async fn who_follows_a_copy_goes_over_to_the_one_that_replaces_it() {
    for engine in engines().await {
        let store: Arc<dyn ReadStore> = Arc::from(engine.store);
        let lives = Lives::new();
        let log: Arc<dyn Log> = Arc::new(lives.story.log());
        let fold: Arc<dyn Fold> = Arc::new(VoucherBoard);
        let start = Projector::start(
            Arc::clone(&log),
            Arc::clone(&store),
            vec![Arc::clone(&fold)],
            Progress::default(),
        );
        let mut projector = start.await.expect("a projector");
        let rebuilt = rebuilt(&[Arc::clone(&fold)], &log, &store).await.remove(0);
        projector.catch_up().await.expect("it goes over");
        assert_eq!(live(&*fold, &*store).await, rebuilt, "{}", engine.name);
        let checkpoint = store.checkpoint(rebuilt).await.expect("a checkpoint");
        let head = i64::try_from(lives.story.recorded().len()).expect("a short story");
        assert_eq!(checkpoint.position, head, "{}", engine.name);
    }
}
