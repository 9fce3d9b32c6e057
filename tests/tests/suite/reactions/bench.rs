//! A log on either engine, and processes over it that may end at any append.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use commands::clock::Clock;
use commands::codes::CodeKeys;
use commands::executor::{Desk, Failure, Request, UseCase};
use commands::log::{Append, Appended, EventLog, LogError};
use commands::lookup::Lookup;
use commands::network::found::Found;
use commands::principal::Principal;
use commands::reaction::ports::Checkpoints;
use commands::reaction::{self, Reaction};
use cqrs_es::persist::SerializedEvent;
use domain::Stream;
use domain::envelope::{Channel, Recorded};
use futures::FutureExt;
use futures::future::BoxFuture;
use infra::postgres::PgLog;
use infra::sqlite::SqliteLog;
use infra::vault::master::{MasterKey, Secret};
use infra::vault::{SealingVault, SqliteKeys};
use serde_json::Value;
use tests::app::{NETWORK, founded};
use tests::servers::{Database, postgres};
use tokio::sync::watch;
use uuid::Uuid;

/// An instant.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// What a log is kept in.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Memory,
    Postgres,
}

/// A log that outlives its processes.
pub struct Bench {
    pub log: Arc<dyn EventLog>,
    pub lookup: Arc<dyn Lookup>,
    pub checkpoints: Arc<dyn Checkpoints>,
    pub vault: Arc<SealingVault>,
    next_key: AtomicU64,
    _database: Option<Database>,
}

impl Bench {
    /// An empty log in memory with one network.
    pub async fn new(now: DateTime<Utc>) -> Bench {
        Self::on(Engine::Memory, now).await
    }

    /// An empty log with one network.
    pub async fn on(engine: Engine, now: DateTime<Utc>) -> Bench {
        let bench = match engine {
            Engine::Memory => {
                let log = Arc::new(SqliteLog::memory().await.expect("a log"));
                Self::with(log, None).await
            }
            Engine::Postgres => {
                let database = postgres().database().await;
                let log = PgLog::connect(database.owner_url()).await;
                Self::with(Arc::new(log.expect("a log")), Some(database)).await
            }
        };
        let founded = founded(NETWORK);
        bench.done(now, Found { founded }).await;
        bench
    }

    async fn with<L>(log: Arc<L>, database: Option<Database>) -> Bench
    where
        L: EventLog + Lookup + Checkpoints + 'static,
    {
        let keys = Arc::new(SqliteKeys::memory().await.expect("a table of keys"));
        let master = MasterKey::new(Secret::new([3; 32]));
        let vault = SealingVault::open(log.log_id(), master, keys).await;
        Bench {
            log: log.clone(),
            lookup: log.clone(),
            checkpoints: log,
            vault: Arc::new(vault.expect("a vault")),
            next_key: AtomicU64::new(1),
            _database: database,
        }
    }

    /// A new process, in which nothing is remembered.
    pub fn process(&self, now: DateTime<Utc>) -> Arc<Desk> {
        self.over(self.log.clone(), now)
    }

    fn over(&self, log: Arc<dyn EventLog>, now: DateTime<Utc>) -> Arc<Desk> {
        let codes = CodeKeys::new([1; 32], [2; 32]);
        let (lookup, vault) = (self.lookup.clone(), self.vault.clone());
        Desk::new(log, lookup, vault, codes, Clock::standing_at(now))
    }

    /// An act that is done, or why not, in a process of its own.
    pub async fn act<U: UseCase>(
        &self,
        now: DateTime<Utc>,
        occurred_at: Option<DateTime<Utc>>,
        act: U,
    ) -> Result<U::Answer, Failure> {
        let network = "praha".parse().expect("a slug");
        let key = self.next_key.fetch_add(1, Ordering::Relaxed).to_string();
        let who = Principal::system("set-up", network);
        let request = Request {
            occurred_at,
            ..Request::new(who, key, String::new(), Channel::Cli)
        };
        let done = self.process(now).execute(request, act).await?;
        Ok(done.answer)
    }

    /// An act that must be done.
    pub async fn done<U: UseCase>(&self, now: DateTime<Utc>, act: U) -> U::Answer {
        self.act(now, None, act).await.expect("it is done")
    }

    /// Lets two processes, one after the other, do all that follows.
    pub async fn settle(&self, now: DateTime<Utc>) {
        for _ in 0..2 {
            self.round(&self.process(now)).await;
        }
    }

    /// Lets a process do what follows that ends at its append number `survived` (from 0): before
    /// the log takes it, or after that and before the process hears of it. Says how many it did.
    pub async fn crash(&self, now: DateTime<Utc>, survived: u64, taken: bool) -> u64 {
        let dying = Arc::new(Dying {
            log: self.log.clone(),
            appends: AtomicU64::new(0),
            survived,
            taken,
        });
        self.round(&self.over(dying.clone(), now)).await;
        dying.appends.load(Ordering::SeqCst)
    }

    async fn round(&self, desk: &Arc<Desk>) {
        while self.one_round(desk).await {}
    }

    /// One step of every reaction; says whether any may have more to do.
    pub async fn one_round(&self, desk: &Arc<Desk>) -> bool {
        reaction::round(desk, &self.reactions()).await
    }

    /// Those of a process that has just begun.
    pub fn reactions(&self) -> Vec<Box<dyn Reaction>> {
        reaction::all(self.checkpoints.clone())
    }

    /// What happened to vouchers, venues, requests, tasks and people, in order.
    pub async fn told(&self) -> Vec<String> {
        let events = self.log.read(0, 10_000).await.expect("the log");
        let told = events.into_iter().filter_map(|event| {
            let Recorded { record, .. } = event;
            let told = [
                "voucher",
                "venue",
                "help_request",
                "task",
                "subject",
                "member",
            ];
            let of = told.contains(&record.aggregate_type.as_str());
            let payload = serde_json::from_str(&record.payload).expect("JSON");
            let told = format!(
                "{} {} {}",
                record.event_type,
                record.aggregate_id,
                without_ciphertext(payload)
            );
            of.then_some(told)
        });
        told.collect()
    }
}

/// Tells the story once in a process that lives, and then once for every append at which the
/// process that does what follows may end: all of them must tell the same. Says what they tell.
pub async fn the_same_wherever_it_ends(
    engine: Engine,
    start: DateTime<Utc>,
    due: DateTime<Utc>,
    story: impl AsyncFn(&Bench),
) -> Vec<String> {
    let whole = Bench::on(engine, start).await;
    story(&whole).await;
    let appends = whole.crash(due, u64::MAX, false).await;
    let told = whole.told().await;
    whole.settle(due).await;
    assert_eq!(whole.told().await, told, "running it again changes nothing");
    for survived in 0..appends {
        for taken in [false, true] {
            let bench = Bench::on(engine, start).await;
            story(&bench).await;
            bench.crash(due, survived, taken).await;
            bench.crash(due, 0, !taken).await;
            bench.settle(due).await;
            assert!(
                bench.told().await == told,
                "it ended at append {survived} (taken: {taken}) and told something else"
            );
        }
    }
    told
}

/// The same text is sealed differently each time.
fn without_ciphertext(mut payload: Value) -> Value {
    if let Some(fields) = payload.as_object_mut() {
        if fields.contains_key("nonce") {
            return "sealed".into();
        }
        for field in fields.values_mut() {
            *field = without_ciphertext(field.take());
        }
    }
    payload
}

/// How many acts of a type were told.
pub fn count(told: &[String], event_type: &str) -> usize {
    let of_type = |act: &&String| act.starts_with(&format!("{event_type} "));
    told.iter().filter(of_type).count()
}

/// The log as a process sees it that ends at one of its appends.
struct Dying {
    log: Arc<dyn EventLog>,
    appends: AtomicU64,
    survived: u64,
    taken: bool,
}

impl EventLog for Dying {
    fn log_id(&self) -> Uuid {
        self.log.log_id()
    }

    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, LogError>> {
        let number = self.appends.fetch_add(1, Ordering::SeqCst);
        if number < self.survived {
            return self.log.append(append);
        }
        if number > self.survived || !self.taken {
            return ready(Err(LogError::Unavailable)).boxed();
        }
        async move {
            self.log.append(append).await?;
            Err(LogError::Unavailable)
        }
        .boxed()
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
