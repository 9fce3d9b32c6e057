//! Stock postgres-es, as somebody else's program would use it, reads our log.

use std::collections::BTreeMap;
use std::path::PathBuf;

use commands::log::{Append, EventLog as _, Expect};
use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{DomainEvent as _, EventStore as _};
use domain::Stream;
use domain::envelope::Record;
use postgres_es::{PostgresEventRepository, default_postgress_pool};
use tests::workspace;
use uuid::Uuid;

use super::{fresh, record};

/// A stored event of every version that was ever written.
struct Golden {
    name: String,
    aggregate_type: String,
    event_type: String,
    event_version: String,
    payload: String,
}

fn golden() -> Vec<Golden> {
    let folder = workspace::root().join("domain/golden");
    let files = std::fs::read_dir(folder).expect("golden files");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .filter_map(|path: PathBuf| {
            let name = path.file_name()?.to_str()?.to_owned();
            let parts: Vec<&str> = name.split('.').collect();
            let [aggregate_type, act, version, ..] = parts[..] else {
                return None;
            };
            let event_version = version.strip_prefix('v')?.to_owned();
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            Some(Golden {
                aggregate_type: aggregate_type.to_owned(),
                event_type: format!("{aggregate_type}.{act}"),
                event_version,
                payload: text.trim_end().to_owned(),
                name,
            })
        })
        .collect()
}

fn metadata() -> String {
    let path = workspace::root().join("domain/golden/metadata.json");
    let text = std::fs::read_to_string(path).expect("a golden file");
    text.trim_end().to_owned()
}

#[tokio::test]
async fn stock_postgres_es_reads_every_event_type() {
    let (database, log) = fresh().await;
    let current: BTreeMap<_, _> = domain::event::types().into_iter().collect();
    let mut seen = std::collections::BTreeSet::new();
    let pool = default_postgress_pool(database.owner_url()).await;
    let repository =
        || PostgresEventRepository::new(pool.clone()).with_tables("log.events", "log.snapshots");
    for file in golden() {
        // Older versions need our upcasters, which a program of its own does not have.
        if current.get(file.event_type.as_str()) != Some(&file.event_version.as_str()) {
            continue;
        }
        let id = Uuid::new_v5(&Uuid::nil(), file.name.as_bytes());
        domain::with_aggregate!(
            file.aggregate_type.as_str(),
            Entity => {
                let stream = <Entity as domain::Entity>::stream(id);
                append(&log, stream, &file).await;
                let store = PersistedEventStore::<_, Entity>::new_event_store(repository());
                let events = store.load_events(&id.to_string()).await.expect(&file.name);
                assert_eq!(events.len(), 1, "{}", file.name);
                assert_eq!(events[0].payload.event_type(), file.event_type);
                assert_eq!(events[0].metadata["channel"], "page");
            },
            else panic!("{}: no such aggregate", file.name)
        );
        seen.insert(file.event_type);
    }
    let missing: Vec<_> = current
        .keys()
        .filter(|name| !seen.contains(**name))
        .collect();
    assert!(missing.is_empty(), "without a golden file: {missing:?}");
}

async fn append(log: &infra::postgres::PgLog, stream: Stream, file: &Golden) {
    let record = Record {
        event_type: file.event_type.clone(),
        event_version: file.event_version.clone(),
        payload: file.payload.clone(),
        metadata: metadata(),
        ..record(log.log_id(), stream, 1)
    };
    let append = Append {
        expects: vec![Expect { stream, version: 0 }],
        records: vec![record],
        ..Append::default()
    };
    log.append(append).await.expect("an append");
}
