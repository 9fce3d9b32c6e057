//! All that is held about a person.

use std::collections::HashSet;

use anyhow::ensure;
use commands::executor::Desk;
use commands::vault::VaultError;
use domain::Entity as _;
use domain::envelope::{Record, Recorded, instant};
use domain::sealed::{Sealed, SealedField, SealedSpec};
use domain::text::Slug;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Deserialize as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Person;
use crate::cli::{Common, set_up};

/// How many events are in memory at once.
const PAGE: usize = 1_000;

/// What stands for a person in the log: the person, the member or donor that the person is, and
/// the accesses of these.
const STANDS_FOR: [&str; 4] = ["subject", "member", "donor", "access"];

/// Prints every act about the person: those that name the person, or one that stands for the
/// person, and all acts in whose streams that is so from the first event on.
pub(super) async fn run(common: &Common, person: &Person) -> anyhow::Result<()> {
    let desk = set_up::desk(common).await?;
    let mut held = Held::of(&desk, &person.network, person.subject_id.0);
    let log = desk.log();
    let (mut after, mut acts) = (0, Vec::new());
    let bar = set_up::bar(common, "reading the log")?;
    bar.set_length(log.head().await?.unsigned_abs());
    loop {
        let page = log.read(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for event in &page {
            if event.record.network == person.network.as_str() && held.is_about(&event.record) {
                acts.push(held.shown(event).await?);
            }
        }
        bar.set_position(after.unsigned_abs());
    }
    bar.finish_and_clear();
    let id = person.subject_id;
    ensure!(!acts.is_empty(), "nothing is held about {id}");
    let all = json!({"subject_id": id, "network": person.network, "acts": acts});
    common.say(&serde_json::to_string_pretty(&all)?, &all);
    Ok(())
}

/// What is known of a person while the log is read.
struct Held<'a> {
    desk: &'a Desk,
    network: &'a Slug,
    specs: Vec<SealedSpec>,
    /// The keys under which texts of the person, and of nobody else, are sealed.
    keys: HashSet<Uuid>,
    /// Ids that stand for the person, as they stand in events.
    names: Vec<String>,
    /// Streams that are about the person.
    streams: HashSet<Uuid>,
}

impl<'a> Held<'a> {
    fn of(desk: &'a Desk, network: &'a Slug, subject: Uuid) -> Self {
        Self {
            desk,
            network,
            specs: domain::sealed::fields(),
            keys: HashSet::from([subject]),
            names: vec![subject.to_string()],
            streams: HashSet::from([subject]),
        }
    }

    fn is_about(&mut self, record: &Record) -> bool {
        if self.streams.contains(&record.aggregate_id) {
            return true;
        }
        let names = |text: &str| self.names.iter().any(|name| text.contains(name));
        let about = names(&record.payload) || names(&record.metadata);
        // A stream that begins with the person is about the person to its end.
        if about && record.sequence == 1 && names(&record.payload) {
            self.streams.insert(record.aggregate_id);
            if STANDS_FOR.contains(&record.aggregate_type.as_str()) {
                self.names.push(record.aggregate_id.to_string());
            }
        }
        about
    }

    async fn shown(&self, event: &Recorded) -> anyhow::Result<Value> {
        let record = &event.record;
        let payload = serde_json::from_str(&record.payload)?;
        let metadata: Value = serde_json::from_str(&record.metadata)?;
        Ok(json!({
            "position": event.position,
            "event_id": record.event_id,
            "event_type": record.event_type,
            "aggregate_id": record.aggregate_id,
            "sequence": record.sequence,
            "occurred_at": instant(record.occurred_at),
            "recorded_at": instant(record.recorded_at),
            "payload": self.opened(record, None, payload).await?,
            "metadata": metadata,
        }))
    }

    /// The same with every sealed text opened that is the person's.
    fn opened<'b>(
        &'b self,
        record: &'b Record,
        spec: Option<&'b SealedSpec>,
        value: Value,
    ) -> BoxFuture<'b, anyhow::Result<Value>> {
        async move {
            if let (Some(spec), Ok(sealed)) = (spec, Sealed::deserialize(&value)) {
                return self.text(record, spec, sealed, value).await;
            }
            let Value::Object(object) = value else {
                return Ok(value);
            };
            let mut shown = serde_json::Map::with_capacity(object.len());
            for (name, inner) in object {
                let of_type =
                    |spec: &&SealedSpec| spec.event_type == record.event_type && spec.field == name;
                let spec = self.specs.iter().find(of_type).or(spec);
                shown.insert(name, self.opened(record, spec, inner).await?);
            }
            Ok(Value::Object(shown))
        }
        .boxed()
    }

    async fn text(
        &self,
        record: &Record,
        spec: &SealedSpec,
        sealed: Sealed,
        value: Value,
    ) -> anyhow::Result<Value> {
        let is_theirs =
            self.keys.contains(&sealed.key_id) || self.streams.contains(&record.aggregate_id);
        let Some(aggregate_type) = type_of(&record.aggregate_type).filter(|_| is_theirs) else {
            return Ok(value);
        };
        let field = SealedField {
            network: self.network.clone(),
            aggregate_type,
            aggregate_id: record.aggregate_id,
            field: spec.field,
        };
        match self.desk.vault().open(field, sealed).await {
            Ok(text) => Ok(json!({"opened": text})),
            Err(VaultError::Erased) => Ok(json!({"erased": true})),
            Err(other) => Err(other.into()),
        }
    }
}

/// The type's own name, which lives as long as the program.
fn type_of(name: &str) -> Option<&'static str> {
    domain::with_aggregate!(name, A => Some(A::stream(Uuid::nil()).aggregate_type), else None)
}
