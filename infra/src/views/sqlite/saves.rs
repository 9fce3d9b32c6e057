//! Saving: what read models save at the same time is one transaction, because a commit costs the same for
//! one of them as for all.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use projections::store::{Change, Checkpoint, Copy, StoreError};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;

use super::failed;
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
    writer: SqlitePool,
    /// None where there is no write-ahead log.
    keeper: Option<Keeper>,
    waiting: Arc<Mutex<VecDeque<Waiting>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
    /// How many at once, at most.
    most: usize,
}

impl Saves {
    /// Of a store that can take back what fails.
    pub fn together(writer: SqlitePool, keeper: Keeper) -> Self {
        Self::new(writer, Some(keeper), usize::MAX)
    }

    /// Of a store that cannot.
    pub fn one_by_one(writer: SqlitePool) -> Self {
        Self::new(writer, None, 1)
    }

    fn new(writer: SqlitePool, keeper: Option<Keeper>, most: usize) -> Self {
        Self {
            writer,
            keeper,
            waiting: Arc::default(),
            turn: Arc::default(),
            most,
        }
    }

    /// Says whether the copy stood where it was thought to stand.
    pub async fn save(&self, save: Save) -> Saved {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push_back(Waiting { save, answer });
        loop {
            let turn = Arc::clone(&self.turn).lock_owned().await;
            match answered.try_recv() {
                Ok(saved) => return saved,
                Err(TryRecvError::Empty) => {}
                Err(error @ TryRecvError::Closed) => return Err(StoreError::broken(error)),
            }
            let saves = self.clone();
            // Apart, because others wait for it, whatever becomes of this one.
            let written = tokio::spawn(async move {
                saves.write_next().await;
                drop(turn);
            });
            written.await.map_err(StoreError::broken)?;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes those that have waited longest.
    async fn write_next(&self) {
        let some = self.take();
        let written: Vec<Saved> = match self.write_all(&some).await {
            Ok(moved) => moved.into_iter().map(Ok).collect(),
            // One of them may be to blame.
            Err(StoreError::Broken(_)) if some.len() > 1 => {
                let mut each = Vec::with_capacity(some.len());
                for one in some.chunks(1) {
                    let moved = self.write_all(one).await;
                    each.push(moved.map(|moved| moved == [true]));
                }
                each
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

    async fn write_all(&self, some: &[Waiting]) -> Result<Vec<bool>, StoreError> {
        let begin = self.writer.begin_with("BEGIN IMMEDIATE");
        let mut tx = begin.await.map_err(failed)?;
        let moved = move_on(&mut tx, some).await.map_err(failed)?;
        let has_moved = |Waiting { save, .. }: &Waiting| moved.contains(&save.copy.number);
        for Waiting { save, .. } in some.iter().filter(|waiting| has_moved(waiting)) {
            let written = write(&mut tx, &save.copy, &save.changes).await;
            written.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)?;
        if let Some(keeper) = &self.keeper {
            keeper.wrote(some.iter().flat_map(|waiting| &waiting.save.changes));
        }
        Ok(some.iter().map(has_moved).collect())
    }
}

/// Moves the checkpoints of copies that stand where they are thought to stand; says which.
async fn move_on(on: &mut SqliteConnection, some: &[Waiting]) -> Result<Vec<i64>, sqlx::Error> {
    let each = some.iter().map(|Waiting { save, .. }| {
        let (next, number) = (&save.next, save.copy.number);
        let recorded_at = next.recorded_at.timestamp_micros();
        (
            number,
            save.from,
            next.log_id,
            next.position,
            &next.leaf_hash,
            recorded_at,
        )
    });
    let each: Vec<_> = each.collect();
    let each = serde_json::to_string(&each).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query_scalar(
        "UPDATE read_model_copy SET log_id = value->>2, position = value->>3,
             leaf_hash = value->>4, recorded_at = value->>5
         FROM json_each($1) WHERE number = value->>0 AND position = value->>1
         RETURNING number",
    )
    .bind(each)
    .fetch_all(on)
    .await
}
