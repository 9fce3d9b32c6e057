//! Every place where a text could lie: files, tables, messages, metrics and the log of the program.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, Once};

use async_nats::jetstream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commands::log::EventLog as _;
use infra::nats::relay::Relay;
use infra::nats::stream::Target;
use infra::postgres::PgLog;
use sqlx::{Connection as _, Row as _};
use tests::app::TestApp;
use tests::servers::{Database, NatsServer, unique_name};
use tests::wait::until;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// A place, and all the bytes there.
pub type Place = (String, Vec<u8>);

/// What this thread's programs say of themselves, down to the smallest word.
#[derive(Clone, Default)]
pub struct Said(Arc<Mutex<Vec<u8>>>);

thread_local! {
    /// Who listens to this thread.
    static LISTENER: RefCell<Option<Said>> = const { RefCell::new(None) };
}

fn listener() -> Option<Said> {
    LISTENER.with_borrow(Clone::clone)
}

/// As long as it lives, its thread is listened to.
pub struct Listening;

impl Drop for Listening {
    fn drop(&mut self) {
        LISTENER.set(None);
    }
}

impl Said {
    /// Listens until the guard is dropped. One subscriber serves all threads: those that come and go
    /// with a thread can miss what others switch off meanwhile.
    pub fn listen() -> (Said, Listening) {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let heard = dynamic_filter_fn(|_, _| listener().is_some());
            let words = tracing_subscriber::fmt::layer()
                .with_writer(|| listener().unwrap_or_default())
                .with_filter(heard);
            tracing_subscriber::registry().with(words).init();
        });
        let said = Said::default();
        LISTENER.set(Some(said.clone()));
        (said, Listening)
    }

    fn all(&self) -> Vec<u8> {
        self.0.lock().expect("the words").clone()
    }
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the words").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that a gateway leaves behind.
pub async fn all(app: &TestApp, said: &Said) -> Vec<Place> {
    let mut places = vec![("the program's own log".to_owned(), said.all())];
    let metrics = app.public().get_root("/metrics").await.body.to_string();
    places.push(("/metrics".to_owned(), metrics.into_bytes()));
    files(app.folder(), &mut places);
    if let Some(database) = app.database() {
        tables(database, &mut places).await;
        nats(database, &mut places).await;
    }
    places
}

fn files(folder: &Path, places: &mut Vec<Place>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, places);
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            places.push((path.display().to_string(), bytes));
        }
    }
}

/// Every row of every table, as the superuser sees it; bytes are hexadecimal.
async fn tables(database: &Database, places: &mut Vec<Place>) {
    let mut connection = sqlx::PgConnection::connect(database.superuser_url())
        .await
        .expect("a connection");
    let listing = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    let listed = sqlx::query(listing).fetch_all(&mut connection).await;
    for table in listed.expect("the tables") {
        let table: String = table.get(0);
        let dump = format!("SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} AS t");
        let rows = sqlx::query(&dump).fetch_one(&mut connection).await;
        let text: String = rows.expect("the rows").get(0);
        places.push((table, text.into_bytes()));
    }
}

/// All that the relay carries to a server of its own: each message with its headers, as a client
/// gets it, and the files of the server's store.
async fn nats(database: &Database, places: &mut Vec<Place>) {
    let store = tempfile::tempdir().expect("a folder");
    let mut server = NatsServer::start(store.path(), None);
    places.push(("NATS".to_owned(), messages(database, &server.url()).await));
    server.stop();
    let mut stored = Vec::new();
    files(store.path(), &mut stored);
    let stored = stored.into_iter();
    places.extend(stored.map(|(file, bytes)| (format!("the store of NATS: {file}"), bytes)));
}

async fn messages(database: &Database, url: &str) -> Vec<u8> {
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    let log = Arc::new(log);
    let name = unique_name("canary");
    let target = Target {
        stream: name.clone(),
        prefix: name.clone(),
        ..Target::new(url)
    };
    let head = log.head().await.expect("a head");
    let relay = Relay::new(log.clone(), log, target);
    let status = relay.status();
    let running = tokio::spawn(relay.run());
    until("the stream to have all", async || {
        (status.borrow().position >= head).then_some(())
    })
    .await;
    running.abort();
    let client = async_nats::connect(url).await.expect("NATS");
    let stream = jetstream::new(client).get_stream(&name).await;
    let stream = stream.expect("a stream");
    let mut all = Vec::new();
    for sequence in 1..=head.unsigned_abs() {
        let message = stream.get_raw_message(sequence).await.expect("a message");
        all.extend_from_slice(format!("{:?}", message.headers).as_bytes());
        all.extend_from_slice(&message.payload);
    }
    all
}

/// Where a text or a key lies, as it is, as hexadecimal or in base 64.
pub fn found(what: impl AsRef<[u8]>, places: &[Place]) -> Vec<&str> {
    let what = what.as_ref();
    let encoded = STANDARD.encode(what);
    let forms = [
        what.to_vec(),
        hex::encode(what).into_bytes(),
        hex::encode_upper(what).into_bytes(),
        encoded.trim_end_matches('=').as_bytes().to_vec(),
    ];
    let lies_in = |bytes: &[u8]| {
        let holds = |form: &Vec<u8>| bytes.windows(form.len()).any(|window| window == form);
        forms.iter().any(holds)
    };
    let hit = places.iter().filter(|(_, bytes)| lies_in(bytes));
    hit.map(|(place, _)| place.as_str()).collect()
}
