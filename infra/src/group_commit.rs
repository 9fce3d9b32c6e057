//! Group commit: one actor per process drains the queue of appends into one transaction after another.
//!
//! There is no linger timer: an idle log commits a batch of one at once, and a busy one fills the
//! next batch while the last is under way. If that one has grown large meanwhile, and the engine can
//! take it, it sets out too, so that the database never waits for it to be made.

mod batch;

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use commands::log::{Append, Appended, KeptAnswer, LogError, MAX_BATCH, MAX_BATCH_BYTES};
use domain::envelope::{MAX_METADATA, MAX_PAYLOAD};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use batch::{Batch, Moved};

/// The most commands that wait; one more is answered `Busy`.
const QUEUE: usize = 4096;
/// The most bytes that wait, in payloads, metadata and answers.
const QUEUE_BYTES: usize = 64 * 1024 * 1024;
/// The most commands that are looked through for the next batch.
const WINDOW: usize = 1024;
/// So many must wait before a batch sets out while another is under way: many small batches would
/// cost more than they save.
const WORTH_IT: usize = 64;

/// What an engine does with a batch.
pub trait Engine: Send + Sync + 'static {
    /// Decides each command of the batch by itself, writes those that win in the order of the
    /// batch, all in one transaction, and answers each, in the same order.
    ///
    /// Checks per command in this order: whether it was done before (`KeyTaken`), its expected versions
    /// (`Stale`), its unique lookup keys (`LookupTaken`). No stream is written twice in a batch, and
    /// none is named after it was written, so every version may be checked as of the batch's start.
    ///
    /// # Errors
    /// Says whether it is certain that nothing was written.
    fn commit<'a>(&'a self, batch: &'a [Append]) -> BoxFuture<'a, Result<Vec<Appended>, Failed>>;

    /// How many batches may be under way at once. Which of them is written first is open.
    fn at_once(&self) -> usize {
        1
    }

    /// What was answered to a command, from the same database that `commit` writes to.
    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>>;
}

/// How a batch failed as a whole.
#[derive(Debug)]
pub enum Failed {
    /// For certain: it may be tried again.
    NothingWritten(LogError),
    /// It may have been written: only its kept answers tell.
    NotKnown(LogError),
}

/// The queue in front of an engine. The actor ends when this is dropped and all that waits is done.
pub struct GroupCommit {
    queue: mpsc::Sender<Waiting>,
    queued_bytes: Arc<AtomicUsize>,
    head: watch::Sender<i64>,
}

/// A command that waits for its batch.
struct Waiting {
    append: Append,
    bytes: usize,
    caller: oneshot::Sender<Result<Appended, LogError>>,
    queued_bytes: Arc<AtomicUsize>,
}

impl GroupCommit {
    /// Starts the actor on the current runtime. `head` is the last position of the log.
    #[must_use]
    pub fn start(engine: Arc<dyn Engine>, head: i64) -> Self {
        let (queue, commands) = mpsc::channel(QUEUE);
        let (head, _) = watch::channel(head);
        let writer = Writer {
            engine,
            head: head.clone(),
        };
        tokio::spawn(drain(writer, commands));
        Self {
            queue,
            queued_bytes: Arc::default(),
            head,
        }
    }

    /// Appends with the next batch that has room. Dropping the future drops only the answer.
    ///
    /// # Errors
    /// `TooLarge` and `Busy` before anything was queued; otherwise what the engine says.
    pub async fn append(&self, append: Append) -> Result<Appended, LogError> {
        let bytes = measure(&append)?;
        check(&append)?;
        let queued = self.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        let (caller, answer) = oneshot::channel();
        // From here on the drop of `waiting` gives the bytes back, whatever happens to it.
        let waiting = Waiting {
            append,
            bytes,
            caller,
            queued_bytes: Arc::clone(&self.queued_bytes),
        };
        if queued + bytes > QUEUE_BYTES {
            return Err(LogError::Busy);
        }
        self.queue.try_send(waiting).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => LogError::Busy,
            mpsc::error::TrySendError::Closed(_) => ended(),
        })?;
        answer.await.unwrap_or_else(|_| Err(ended()))
    }

    /// Holds a position that was the head at some time; see [`commands::log::EventLog::changes`].
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    /// Tells of a head that another process reached.
    pub fn saw(&self, head: i64) {
        raise(&self.head, head);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.queued_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Waiting {
    fn answer(mut self, answer: Result<Appended, LogError>) {
        let (nobody, _) = oneshot::channel();
        // A caller that has gone away has no use for its answer.
        let _gone = std::mem::replace(&mut self.caller, nobody).send(answer);
    }
}

fn ended() -> LogError {
    LogError::Broken("the actor of the group commit has ended".to_owned())
}

fn raise(head: &watch::Sender<i64>, to: i64) {
    head.send_if_modified(|head| {
        let higher = to > *head;
        *head = to.max(*head);
        higher
    });
}

/// The bytes of a command, refused here where the database would refuse them too.
fn measure(append: &Append) -> Result<usize, LogError> {
    let mut bytes = append.answer.as_ref().map_or(0, |kept| kept.body.len());
    for record in &append.records {
        if record.payload.len() > MAX_PAYLOAD || record.metadata.len() > MAX_METADATA {
            return Err(LogError::TooLarge);
        }
        bytes += record.payload.len() + record.metadata.len();
    }
    if bytes > MAX_BATCH_BYTES {
        return Err(LogError::TooLarge);
    }
    Ok(bytes)
}

/// What only a mistake in the program breaks: each stream is expected once, and the events follow
/// on from the expected versions.
fn check(append: &Append) -> Result<(), LogError> {
    let mut versions = std::collections::HashMap::with_capacity(append.expects.len());
    for expect in &append.expects {
        if versions.insert(expect.stream.id, expect.version).is_some() {
            let text = format!("a command expects the stream {} twice", expect.stream.id);
            return Err(LogError::Broken(text));
        }
    }
    for record in &append.records {
        let version = versions.get_mut(&record.aggregate_id);
        let follows = version.is_some_and(|version| {
            *version += 1;
            *version == record.sequence
        });
        if !follows {
            let (id, sequence) = (record.aggregate_id, record.sequence);
            let text = format!("event {sequence} of {id} does not follow on from what is expected");
            return Err(LogError::Broken(text));
        }
    }
    Ok(())
}

/// Sees batches through.
struct Writer {
    engine: Arc<dyn Engine>,
    head: watch::Sender<i64>,
}

/// The actor: drains the queue, one batch after another.
async fn drain(writer: Writer, mut commands: mpsc::Receiver<Waiting>) {
    // Taken from the queue, not yet in a batch; at most [`WINDOW`].
    let mut waiting = VecDeque::new();
    let mut under_way = FuturesUnordered::new();
    let mut moved = Moved::default();
    let (at_once, mut open) = (writer.engine.at_once(), true);
    while open || !waiting.is_empty() || !under_way.is_empty() {
        let least = |under_way: usize| if under_way == 0 { 1 } else { WORTH_IT };
        while under_way.len() < at_once && waiting.len() >= least(under_way.len()) {
            // Those who were answered just now get a chance to be in the next batch.
            tokio::task::yield_now().await;
            fill(&mut waiting, &mut commands);
            answer_stale(&mut waiting, &moved);
            // Half of many: they would be answered together and come back together, and meanwhile
            // the database would have nothing to do.
            let halves = at_once > 1 && waiting.len() >= 2 * WORTH_IT;
            let most = if halves { waiting.len() / 2 } else { MAX_BATCH };
            let batch = Batch::pick(&mut waiting, most);
            if !batch.appends.is_empty() {
                under_way.push(writer.commit(batch));
            }
        }
        tokio::select! {
            Some(after) = under_way.next() => {
                moved = after;
                if moved.away {
                    tell_all(&mut waiting, &mut commands);
                }
            }
            next = commands.recv(), if open && waiting.len() < WINDOW => {
                open = next.is_some();
                waiting.extend(next);
                fill(&mut waiting, &mut commands);
            }
            else => {}
        }
    }
}

/// Takes what is there.
fn fill(waiting: &mut VecDeque<Waiting>, commands: &mut mpsc::Receiver<Waiting>) {
    while waiting.len() < WINDOW {
        match commands.try_recv() {
            Ok(next) => waiting.push_back(next),
            Err(_) => break,
        }
    }
}

/// All that waited while the database was away are told so. Commands that touch one stream take a batch
/// each, and each would wait for the database in turn, the last of them longer than anybody asks.
fn tell_all(waiting: &mut VecDeque<Waiting>, commands: &mut mpsc::Receiver<Waiting>) {
    fill(waiting, commands);
    while let Some(command) = waiting.pop_front() {
        command.answer(Err(LogError::Unavailable));
        fill(waiting, commands);
    }
}

/// Versions only grow: who expects less than the last batch wrote need not wait to hear it. Without
/// this, rivals for one stream would each take a batch of their own.
fn answer_stale(waiting: &mut VecDeque<Waiting>, moved: &Moved) {
    if moved.is_empty() {
        return;
    }
    for command in std::mem::take(waiting) {
        if moved.made_stale(&command.append) {
            command.answer(Ok(Appended::Stale));
        } else {
            waiting.push_back(command);
        }
    }
}

impl Writer {
    async fn commit(&self, batch: Batch) -> Moved {
        if batch.appends.is_empty() {
            return Moved::default();
        }
        let mut moved = Moved::default();
        match self.attempt(&batch.appends).await {
            Ok(answers) => {
                for (append, answer) in batch.appends.iter().zip(&answers) {
                    moved.note(append, answer);
                    if let Appended::Done { position } = answer {
                        raise(&self.head, *position);
                    }
                }
                batch.answer(answers.into_iter().map(Ok));
            }
            // One bad command breaks a batch; a busy or full database is the same for each of them.
            Err(Failed::NothingWritten(error @ LogError::Broken(_))) if batch.appends.len() > 1 => {
                tracing::warn!(%error, commands = batch.appends.len(), "a batch failed; one by one");
                for single in batch.singles() {
                    if moved.away {
                        single.answer([Err(LogError::Unavailable)]);
                    } else {
                        moved.extend(Box::pin(self.commit(single)).await);
                    }
                }
            }
            Err(Failed::NothingWritten(error)) => {
                moved.away = error == LogError::Unavailable;
                batch.answer(std::iter::repeat_with(|| Err(error.clone())));
            }
            Err(Failed::NotKnown(error)) => {
                tracing::warn!(%error, commands = batch.appends.len(), "a batch's fate is not known");
                let (answers, away) = self.look_up_all(&batch.appends, error).await;
                moved.away = away;
                batch.answer(answers);
            }
        }
        moved
    }

    async fn attempt(&self, appends: &[Append]) -> Result<Vec<Appended>, Failed> {
        let engine = AssertUnwindSafe(self.engine.commit(appends));
        match engine.catch_unwind().await {
            Ok(Ok(answers)) if answers.len() == appends.len() => Ok(answers),
            Ok(Ok(_)) => Err(Failed::NotKnown(LogError::Broken(
                "the engine did not answer every command".to_owned(),
            ))),
            Ok(Err(failed)) => Err(failed),
            Err(_) => Err(Failed::NotKnown(LogError::Broken(
                "the engine panicked".to_owned(),
            ))),
        }
    }

    /// The honest answers to commands whose batch may or may not have been written, and whether the
    /// database is away. It is asked once then, or each of them would wait for it in turn.
    async fn look_up_all(
        &self,
        appends: &[Append],
        error: LogError,
    ) -> (Vec<Result<Appended, LogError>>, bool) {
        let mut answers = Vec::with_capacity(appends.len());
        let mut away = false;
        for append in appends {
            let kept = append.answer.as_ref().filter(|_| !away);
            let Some(kept) = kept else {
                answers.push(Err(error.clone()));
                continue;
            };
            let answer = AssertUnwindSafe(self.engine.answer(kept.command_id));
            answers.push(match answer.catch_unwind().await {
                Ok(Ok(Some(kept))) => Ok(Appended::KeyTaken(kept)),
                // Not there is not a proof: the database may still be at it. The same key tells later.
                Ok(Ok(None)) | Err(_) => Err(error.clone()),
                Ok(Err(_)) => {
                    away = true;
                    Err(error.clone())
                }
            });
        }
        (answers, away)
    }
}

#[cfg(test)]
mod tests;
