//! Rows, checkpoints and queries.

use projections::rebuild;
use projections::store::{Checkpoint, Query, ReadStore};
use projections::table::Row as _;
use serde::Deserialize;
use serde_json::Value;

use tests::views::{live, shown};

use super::{MODEL, Note, at, change, engines, filled, json, note, tables};

/// Whatever JSON escapes, or does not, and whatever sorts otherwise in a language than in bytes.
const NASTY: &[&str] = &[
    "",
    " ",
    "\"\\/",
    "\u{8}\u{c}\n\r\t",
    "\u{1}\u{1f}\u{7f}\u{80}",
    "'; DROP TABLE notebook_note; --",
    "{\"key\":[1,null]}",
    "\u{2028}\u{2029}<>&",
    "Žižkov ch ČÁP čáp",
    "\u{1f35e}\u{fffd}\u{feff}",
    "$1 %s \\u0041 \\\\u0000",
];

fn nasty() -> Vec<Note> {
    let texts = NASTY.iter().enumerate();
    texts
        .map(|(number, text)| Note {
            limit_minor: (number % 2 == 0).then_some(i64::MAX - 1),
            owner: (*text).to_owned(),
            ..note(&format!("k{number}{text}"), Some(text), i64::MIN + 1)
        })
        .chain([note("null", None, 0)])
        .collect()
}

async fn stored(store: &dyn ReadStore, keys: &[&str]) -> Vec<Note> {
    let copy = live(&Notebook, store).await;
    let keys = keys.iter().map(ToString::to_string).collect();
    let found = store.load(copy, Note::TABLE, keys).await.expect("rows");
    let row = |json: &String| serde_json::from_str(json).expect("a row");
    let mut rows: Vec<Note> = found.iter().map(row).collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    rows
}

#[tokio::test]
async fn what_was_saved_is_loaded() {
    for engine in engines().await {
        let notes = nasty();
        filled(&*engine.store, &notes).await;
        for note in notes {
            let found = stored(&*engine.store, &[&note.key, "none"]).await;
            assert_eq!(found, [note], "{}", engine.name);
        }
    }
}

#[tokio::test]
async fn rows_are_replaced_and_deleted() {
    for engine in engines().await {
        let store = &*engine.store;
        let copy = filled(store, &[note("a", Some("one"), 1), note("b", None, 2)]).await;
        let changes = vec![change(
            &[note("a", None, 3), note("c", None, 4)],
            &["b", "none"],
        )];
        assert!(
            store
                .save(copy, 1, at(2), changes)
                .await
                .expect("an answer")
        );
        let expected = [note("a", None, 3), note("c", None, 4)];
        assert_eq!(
            stored(store, &["a", "b", "c"]).await,
            expected,
            "{}",
            engine.name
        );
    }
}

#[tokio::test]
async fn of_two_who_save_from_one_position_one_wins_whole() {
    for engine in engines().await {
        let store = &*engine.store;
        let copy = filled(store, &[]).await;
        let by = |name: &str| {
            let changes = vec![change(
                &[note("winner", Some(name), 0), note(name, None, 0)],
                &[],
            )];
            store.save(copy.clone(), 1, at(2), changes)
        };
        let (one, other) = tokio::join!(by("one"), by("other"));
        let (one, other) = (one.expect("an answer"), other.expect("an answer"));
        assert!(one != other, "{}: {one} {other}", engine.name);
        let winner = if one { "one" } else { "other" };
        let expected = [note(winner, None, 0), note("winner", Some(winner), 0)];
        assert_eq!(stored(store, &["one", "other", "winner"]).await, expected);
        assert_eq!(store.checkpoint(copy).await.expect("a checkpoint"), at(2));
    }
}

#[tokio::test]
async fn a_new_copy_stands_before_the_first_act() {
    for engine in engines().await {
        let copy = shown(MODEL, tables(), &*engine.store).await;
        let checkpoint = engine.store.checkpoint(copy).await.expect("a checkpoint");
        assert_eq!(checkpoint, Checkpoint::start(), "{}", engine.name);
    }
}

#[tokio::test]
async fn a_scan_is_the_same_text_in_the_same_order_everywhere() {
    for engine in engines().await {
        let mut notes = nasty();
        let copy = filled(&*engine.store, &notes).await;
        notes.sort_by(|one, other| one.key.cmp(&other.key));
        let expected = json(&notes);
        let mut after = String::new();
        let mut found = Vec::new();
        loop {
            let page = engine.store.scan(copy.clone(), Note::TABLE, after, 5).await;
            let page = page.expect("a page");
            let Some(last) = page.last() else { break };
            let last: Note = serde_json::from_str(last).expect("a row");
            after = last.key;
            found.extend(page);
        }
        assert_eq!(found, expected, "{}", engine.name);
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Sums {
    owner: String,
    notes: i64,
    sum: i64,
    most: Option<i64>,
    named: Option<String>,
    any: i64,
}

#[tokio::test]
async fn a_query_answers_in_types_of_its_own() {
    const SUMS: &str = "SELECT owner, COUNT(*) AS notes, CAST(SUM(amount) AS BIGINT) AS sum,
            MAX(limit_minor) AS most, MAX(text) AS named, CASE WHEN SUM(amount) > $2 THEN 1 ELSE 0 END AS any
        FROM notebook_note WHERE owner = $1 OR owner = CAST($3 AS TEXT)
        GROUP BY owner ORDER BY owner LIMIT $4";
    for engine in engines().await {
        filled(
            &*engine.store,
            &[note("a", None, 2), note("b", Some("x"), 3)],
        )
        .await;
        let query = Query {
            sql: SUMS,
            args: vec![
                "somebody".into(),
                4_i64.into(),
                Option::<String>::None.into(),
                9_i64.into(),
            ],
        };
        let snapshot = engine.store.query(MODEL, vec![query.clone(), query]).await;
        let snapshot = snapshot.expect("an answer");
        assert_eq!(snapshot.checkpoint, at(1), "{}", engine.name);
        for rows in snapshot.found {
            let expected = Sums {
                owner: "somebody".to_owned(),
                notes: 2,
                sum: 5,
                most: None,
                named: Some("x".to_owned()),
                any: 1,
            };
            assert_eq!(
                rows.read::<Sums>().expect("sums"),
                [expected],
                "{}",
                engine.name
            );
        }
    }
}

/// The same text with a number, with none and with another: no engine remembers the wrong type.
#[tokio::test]
async fn a_value_may_be_null_now_and_a_number_then() {
    const AT_LEAST: &str = "SELECT key FROM notebook_note
        WHERE CAST($1 AS BIGINT) IS NULL OR amount >= CAST($1 AS BIGINT) ORDER BY key";
    for engine in engines().await {
        filled(&*engine.store, &[note("a", None, 2), note("b", None, 3)]).await;
        for (least, found) in [(None, 2), (Some(3), 1), (None, 2), (Some(9), 0)] {
            // One connection after the other may be asked, so each is asked often.
            for _ in 0..3 {
                let args = vec![Option::<i64>::into(least)];
                let query = Query {
                    sql: AT_LEAST,
                    args,
                };
                let snapshot = engine.store.query(MODEL, vec![query]).await;
                let rows = &snapshot.expect("an answer").found[0];
                let rows: Vec<Value> = rows.read().expect("rows");
                assert_eq!(rows.len(), found, "{} {least:?}", engine.name);
            }
        }
    }
}

/// A fold that does nothing: only its tables matter here.
struct Notebook;

impl projections::fold::Fold for Notebook {
    fn model(&self) -> projections::fold::Model {
        MODEL
    }
    fn tables(&self) -> Vec<projections::table::Table> {
        tables()
    }
    fn apply(
        &self,
        _act: &domain::event::Act,
        _rows: &mut projections::rows::Rows,
    ) -> Result<(), projections::fold::Stop> {
        Ok(())
    }
}

#[tokio::test]
async fn equal_rows_have_equal_digests_whatever_the_engine() {
    let mut digests = std::collections::BTreeSet::new();
    for engine in engines().await {
        let copy = filled(&*engine.store, &nasty()).await;
        let digest = rebuild::digest(&Notebook, &copy, &*engine.store).await;
        digests.insert(digest.expect("a digest"));
    }
    assert_eq!(digests.len(), 1, "{digests:?}");
}
