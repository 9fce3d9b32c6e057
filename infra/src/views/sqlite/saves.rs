//! Saving: what read models save at the same time is one transaction, because a commit costs the same for
//! one of them as for all.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use projections::store::{Change, Checkpoint, Copy, StoreError};
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::connections::{Connections, failed};
use super::keeper::Keeper;
use super::write::write;

/// A transaction takes no further read model once it has so many rows.
const ENOUGH_ROWS: usize = 20_000;

/// The next state of a copy that stands at `from`.
pub(super) struct Save {
    pub copy: Copy,
    pub from: i64,
    pub next: Checkpoint,
    pub changes: Vec<Change>,
}

/// Whether the copy stood where it was thought to stand.
type Saved = Result<bool, StoreError>;

struct Waiting {
    save: Save,
    answer: oneshot::Sender<Saved>,
}

/// The saves of one store. Whoever has the turn writes what all are waiting for.
#[derive(Clone)]
pub(super) struct Saves {
    writer: Connections,
    /// None where there is no write-ahead log.
    keeper: Option<Keeper>,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    /// How many at once, at most.
    most: usize,
}

impl Saves {
    /// Of a store that can take back what fails.
    pub fn together(writer: Connections, keeper: Keeper) -> Self {
        Self::new(writer, Some(keeper), usize::MAX)
    }

    /// Of a store that cannot.
    pub fn one_by_one(writer: Connections) -> Self {
        Self::new(writer, None, 1)
    }

    fn new(writer: Connections, keeper: Option<Keeper>, most: usize) -> Self {
        Self {
            writer,
            keeper,
            waiting: Arc::default(),
            most,
        }
    }

    /// Says whether the copy stood where it was thought to stand.
    pub async fn save(&self, save: Save) -> Saved {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push_back(Waiting { save, answer });
        loop {
            let saves = self.clone();
            let turn = self.writer.run(move |connection| {
                saves.write_next(connection);
                Ok(())
            });
            turn.await?;
            match answered.try_recv() {
                Ok(done) => return done,
                // Others had waited longer.
                Err(TryRecvError::Empty) => {}
                Err(error @ TryRecvError::Closed) => return Err(StoreError::broken(error)),
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes those that have waited longest, if somebody is waiting still.
    fn write_next(&self, on: &mut Connection) {
        let some = self.take();
        let written: Vec<Saved> = match self.write_all(on, &some) {
            Ok(moved) => moved.into_iter().map(Ok).collect(),
            // One of them may be to blame.
            Err(StoreError::Broken(_)) if some.len() > 1 => {
                let each = some.chunks(1).map(|one| {
                    let moved = self.write_all(on, one);
                    moved.map(|moved| moved == [true])
                });
                each.collect()
            }
            Err(error) => vec![Err(error); some.len()],
        };
        for (waiting, saved) in some.into_iter().zip(written) {
            // Whoever has gone does not need it.
            let _gone = waiting.answer.send(saved);
        }
    }

    fn take(&self) -> Vec<Waiting> {
        let mut all = self.waiting();
        let (mut rows, mut copies) = (0, HashSet::new());
        // Of two that save one copy from the same position only one may be written.
        let fits = |Waiting { save, .. }: &Waiting| {
            let fits = rows < ENOUGH_ROWS && copies.insert(save.copy.number);
            rows += save.changes.iter().map(|it| it.rows.len()).sum::<usize>();
            fits
        };
        let count = all.iter().map(fits).take_while(|fits| *fits).count();
        all.drain(..count.min(self.most)).collect()
    }

    fn write_all(&self, on: &mut Connection, some: &[Waiting]) -> Result<Vec<bool>, StoreError> {
        let saved = save_all(on, some).map_err(failed)?;
        if let Some(keeper) = &self.keeper {
            keeper.wrote(some.iter().flat_map(|waiting| &waiting.save.changes));
        }
        Ok(saved)
    }
}

fn save_all(on: &mut Connection, some: &[Waiting]) -> rusqlite::Result<Vec<bool>> {
    let tx = on.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let each = some.iter().map(|Waiting { save, .. }| {
        let has_moved = move_on(&tx, save)?;
        if has_moved {
            write(&tx, &save.copy, &save.changes)?;
        }
        Ok(has_moved)
    });
    let each: rusqlite::Result<Vec<bool>> = each.collect();
    let each = each?;
    tx.commit()?;
    Ok(each)
}

/// Moves the checkpoint of the copy, if it stands where it is thought to stand; says whether it does.
fn move_on(on: &Connection, save: &Save) -> rusqlite::Result<bool> {
    let mut update = on.prepare_cached(
        "UPDATE read_model_copy SET log_id = ?, position = ?, leaf_hash = ?, recorded_at = ?
         WHERE number = ? AND position = ?",
    )?;
    let Save {
        copy, from, next, ..
    } = save;
    let moved = update.execute(params![
        next.log_id.to_string(),
        next.position,
        next.leaf_hash,
        next.recorded_at.timestamp_micros(),
        copy.number,
        from,
    ])?;
    Ok(moved == 1)
}
