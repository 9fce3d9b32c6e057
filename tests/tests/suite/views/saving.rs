//! What is saved at the same time, and rows that stay in their places in the indexes.

use std::sync::Arc;

use domain::event::Act;
use projections::fold::{Fold, Model, Stop};
use projections::rows::Rows;
use projections::store::{Arg, Change, Copy, StoreError};
use projections::table::{Row as _, Table};
use tests::acts::Story;
use tests::views::is_the_same_however_it_is_built;

use super::{MODEL, Note, at, change, engines, json, note, tables};

#[tokio::test]
async fn of_several_saves_at_once_each_has_an_end_of_its_own() {
    for engine in engines().await {
        let store = &*engine.store;
        let mut copies = Vec::new();
        for _ in 0..5 {
            copies.push(store.beside(MODEL, tables()).await.expect("a copy"));
        }
        let of_owner = |owner| {
            let mut notes = change(&[note("a", None, 1)], &[]);
            notes.rows[0][1] = owner;
            notes
        };
        let good = || of_owner("somebody".into());
        let save = |copy: &Copy, from, notes: Change| {
            store.save(copy.clone(), from, at(from + 1), vec![notes])
        };
        let ends = futures::future::join_all([
            save(&copies[0], 0, good()),
            save(&copies[1], 0, good()),
            // It stands elsewhere.
            save(&copies[2], 7, good()),
            // The owner may not be null.
            save(&copies[3], 0, of_owner(Arg::Null)),
            save(&copies[4], 0, good()),
        ]);
        let ends = ends.await;
        let done = [true, true, false, false, true];
        for (place, (end, done)) in ends.into_iter().zip(done).enumerate() {
            match place {
                3 => assert!(matches!(end, Err(StoreError::Broken(_))), "{}", engine.name),
                _ => assert_eq!(end, Ok(done), "{place}: {}", engine.name),
            }
            let copy = copies[place].clone();
            let checkpoint = store.checkpoint(copy.clone()).await.expect("a checkpoint");
            assert_eq!(
                checkpoint.position,
                i64::from(done),
                "{place}: {}",
                engine.name
            );
            let rows = store.scan(copy, Note::TABLE, String::new(), 9).await;
            let expected = json(&[note("a", None, 1)][..usize::from(done)]);
            assert_eq!(rows, Ok(expected), "{place}: {}", engine.name);
        }
    }
}

#[tokio::test]
async fn of_rows_that_stay_in_place_the_other_columns_are_written() {
    for engine in engines().await {
        let store = &*engine.store;
        let copy = store.beside(MODEL, tables()).await.expect("a copy");
        let first = change(&[note("a", None, 1), note("b", None, 2)], &[]);
        let saved = store.save(copy.clone(), 0, at(1), vec![first]).await;
        assert_eq!(saved, Ok(true), "{}", engine.name);
        let rows = [note("b", Some("moved"), 7), note("a", Some("stays"), 1)];
        let second = Change {
            in_place: 1,
            ..change(&rows, &[])
        };
        let saved = store.save(copy.clone(), 1, at(2), vec![second]).await;
        assert_eq!(saved, Ok(true), "{}", engine.name);
        let found = store.scan(copy, Note::TABLE, String::new(), 9).await;
        let [moved, stays] = rows;
        assert_eq!(found, Ok(json(&[stays, moved])), "{}", engine.name);
    }
}

/// A read model whose rows now stay in their places and now do not, come, go and come back.
struct Restless;

impl Fold for Restless {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        tables()
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        let position = act.position;
        let text = Some(position.to_string());
        for (key, by) in [("a", 2), ("b", 3), ("c", 5)] {
            rows.upsert::<Note>(
                key,
                || note(key, None, 0),
                |note| {
                    note.text.clone_from(&text);
                    note.amount += i64::from(position % by == 0);
                },
            )?;
        }
        match position % 7 {
            2 => rows.delete::<Note>("a"),
            3 => rows.put(note("b", Some("put"), 0)),
            4 => {
                rows.change::<Note>("c", |note| note.amount += 1)?;
                rows.change::<Note>("c", |note| note.amount -= 1)?;
            }
            5 => {
                rows.delete::<Note>("c");
                rows.put(note("c", Some("again"), 9));
            }
            _ => {}
        }
        Ok(())
    }
}

#[tokio::test]
async fn whether_a_row_stays_in_place_is_known() {
    let mut story = Story::new("praha");
    for number in 0..60 {
        story.venue(&format!("Venue {number}"));
    }
    is_the_same_however_it_is_built(Arc::new(Restless), &story).await;
}
