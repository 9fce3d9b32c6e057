//! A log that notes what is appended, so that the same rows can be inserted without us.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use commands::clock::Clock;
use commands::executor::Desk;
use commands::log::{Append, Appended, EventLog, LogError};
use cqrs_es::persist::SerializedEvent;
use domain::Stream;
use domain::envelope::Recorded;
use futures::future::BoxFuture;
use tokio::sync::watch;
use uuid::Uuid;

use crate::town::{Engine, Town};

/// How many commands are under way while rows are noted.
const AT_ONCE: usize = 256;

struct Tap {
    log: Arc<dyn EventLog>,
    noted: Arc<Mutex<Vec<Append>>>,
}

impl EventLog for Tap {
    fn log_id(&self) -> Uuid {
        self.log.log_id()
    }

    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, LogError>> {
        Box::pin(async move {
            let note = append.clone();
            let done = self.log.append(append).await?;
            if matches!(done, Appended::Done { .. }) {
                self.noted.lock().expect("no panic before").push(note);
            }
            Ok(done)
        })
    }

    fn load(
        &self,
        stream: Stream,
        after: i64,
    ) -> BoxFuture<'_, Result<Vec<SerializedEvent>, LogError>> {
        self.log.load(stream, after)
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, LogError>> {
        self.log.read(after, limit)
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, LogError>> {
        self.log.head()
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.log.changes()
    }

    fn prune_answers(
        &self,
        before: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, LogError>> {
        self.log.prune_answers(before, limit)
    }
}

/// What so many commands write, half prepayments and half redemptions, and the log's id.
pub async fn commands(many: usize) -> (Vec<Append>, Uuid) {
    let noted = Arc::new(Mutex::new(Vec::new()));
    let tapped = Arc::clone(&noted);
    let town = Town::over(Engine::Sqlite, move |desk| {
        let log = Arc::new(Tap {
            log: Arc::clone(desk.log()),
            noted: tapped,
        });
        let (lookup, vault) = (Arc::clone(desk.lookup()), Arc::clone(desk.vault()));
        Desk::new(log, lookup, vault, desk.codes().clone(), Clock::system())
    });
    let town = Arc::new(town.await);
    let clients = AT_ONCE.min(many.div_ceil(2).max(1));
    noted.lock().expect("no panic before").clear();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let town = Arc::clone(&town);
            tokio::spawn(async move {
                for acted in 0..many.div_ceil(clients).next_multiple_of(2) {
                    town.act(client, acted).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a client that ends well");
    }
    let appends = std::mem::take(&mut *noted.lock().expect("no panic before"));
    (appends, town.desk.log().log_id())
}
