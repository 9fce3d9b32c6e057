//! All that is held about a person, out of the log: what names the person, and what concerns the
//! person from its beginning on, with the person's own texts opened.
//!
//! Of vouchers it tells what the donor did, and not what became of them: a donor's page must not
//! track whoever was helped, so that is told by the read model of the donor's gifts alone.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Entity as _;
use domain::envelope::{Channel, Metadata, Record, Recorded, Role};
use domain::ids::{DonorId, SubjectId};
use domain::sealed::{Sealed, SealedField, SealedSpec};
use domain::text::Slug;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::{Deserialize as _, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::show::{self, Shown};
use crate::executor::{Desk, Failure};
use crate::log::LogError;
use crate::opening::Opened;
use crate::principal::Principal;
use crate::vault::VaultError;

/// How many events are in memory at once.
const PAGE: usize = 1_000;
/// The most acts of one export; the first ones are told.
pub const MAX_ACTS: usize = 50_000;

/// What stands for a person in the log: the person, the member or donor that the person is, and
/// the accesses of these.
const STANDS_FOR: [&str; 4] = ["subject", "member", "donor", "access"];
/// What becomes of these tells of somebody else.
const NOT_FOLLOWED: &str = "voucher";

/// All that is held about a person.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SubjectExport)]
pub struct Export {
    /// The person.
    pub subject: Shown,
    /// The network that holds it.
    #[schema(value_type = String)]
    pub network: Slug,
    /// How far the log was read.
    pub position: i64,
    /// The donors that the person is.
    pub donors: Vec<DonorId>,
    /// The acts, by what they are about: `subject`, `help_request`, `task`, `access` and so on.
    pub acts: BTreeMap<String, Vec<Act>>,
    /// Whether there are more than are told.
    pub more: bool,
}

/// One act that names or concerns the person.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = SubjectExportAct)]
pub struct Act {
    /// The place in the log.
    pub position: i64,
    /// What it is about.
    pub aggregate_id: Uuid,
    /// What happened, e.g. `help_request.requested`.
    pub event_type: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// In which role somebody did it.
    #[schema(value_type = String)]
    pub role: Role,
    /// Through which channel.
    pub channel: Channel,
    /// Whether it was the person, through an access of the person's own.
    pub by_the_person: bool,
    /// What was recorded; a sealed text of the person's is open or erased.
    pub recorded: Value,
}

/// Gathers all that is held about a person, `most` acts of it. `read` hears how far it has come.
///
/// # Errors
/// `Denied` for everybody but the person and the operator.
pub async fn export(
    desk: &Arc<Desk>,
    who: &Principal,
    id: SubjectId,
    most: usize,
    read: impl Fn(i64) + Send,
) -> Result<Export, Failure> {
    let subject = show::show(desk, who, id).await?;
    let mut held = Held::of(desk, &who.network, id.0);
    let (mut position, mut acts, mut count, mut more) = (0, BTreeMap::new(), 0, false);
    loop {
        let page = desk.log().read(position, PAGE).await?;
        let Some(last) = page.last() else { break };
        position = last.position;
        for event in &page {
            if !held.is_about(&event.record) {
                continue;
            }
            more = count == most;
            if more {
                break;
            }
            count += 1;
            let of_its_kind: &mut Vec<Act> =
                acts.entry(event.record.aggregate_type.clone()).or_default();
            of_its_kind.push(held.shown(event).await?);
        }
        read(position);
    }
    Ok(Export {
        subject,
        network: who.network.clone(),
        position,
        donors: held.donors,
        acts,
        more,
    })
}

/// What is known of a person while the log is read.
struct Held<'a> {
    desk: &'a Desk,
    network: &'a Slug,
    subject: Uuid,
    specs: Vec<SealedSpec>,
    /// Ids that stand for the person, as they stand in events.
    names: Vec<String>,
    donors: Vec<DonorId>,
    /// Streams that are about the person.
    streams: HashSet<Uuid>,
}

impl<'a> Held<'a> {
    fn of(desk: &'a Desk, network: &'a Slug, subject: Uuid) -> Self {
        Self {
            desk,
            network,
            subject,
            specs: domain::sealed::fields(),
            names: vec![subject.to_string()],
            donors: Vec::new(),
            streams: HashSet::from([subject]),
        }
    }

    fn is_about(&mut self, record: &Record) -> bool {
        if record.network != self.network.as_str() {
            return false;
        }
        if self.streams.contains(&record.aggregate_id) {
            return true;
        }
        let mentions = |text: &str| self.names.iter().any(|name| text.contains(name));
        let named = mentions(&record.payload);
        let about = named || mentions(&record.metadata);
        // A stream that begins with the person is about the person to its end.
        if named && record.sequence == 1 && record.aggregate_type != NOT_FOLLOWED {
            self.streams.insert(record.aggregate_id);
            if STANDS_FOR.contains(&record.aggregate_type.as_str()) {
                self.names.push(record.aggregate_id.to_string());
            }
            if record.aggregate_type == "donor" {
                self.donors.push(DonorId(record.aggregate_id));
            }
        }
        about
    }

    async fn shown(&self, event: &Recorded) -> Result<Act, Failure> {
        let record = &event.record;
        let broken = |error: serde_json::Error| LogError::Broken(error.to_string());
        let metadata: Metadata = serde_json::from_str(&record.metadata).map_err(broken)?;
        let payload = serde_json::from_str(&record.payload).map_err(broken)?;
        Ok(Act {
            position: event.position,
            aggregate_id: record.aggregate_id,
            event_type: record.event_type.clone(),
            occurred_at: record.occurred_at,
            recorded_at: record.recorded_at,
            role: metadata.role,
            channel: metadata.channel,
            by_the_person: self.names.contains(&metadata.actor),
            recorded: self.opened(record, None, untagged(payload)).await?,
        })
    }

    /// The same with every sealed text opened that is the person's.
    fn opened<'b>(
        &'b self,
        record: &'b Record,
        spec: Option<&'b SealedSpec>,
        value: Value,
    ) -> BoxFuture<'b, Result<Value, Failure>> {
        async move {
            if let (Some(spec), Ok(sealed)) = (spec, Sealed::deserialize(&value)) {
                let opened = self.text(record, spec, sealed).await?;
                return Ok(serde_json::to_value(opened).unwrap_or_default());
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
    ) -> Result<Opened, Failure> {
        let is_theirs =
            sealed.key_id == self.subject || self.streams.contains(&record.aggregate_id);
        let Some(aggregate_type) = type_of(&record.aggregate_type).filter(|_| is_theirs) else {
            return Ok(Opened::Withheld);
        };
        let field = SealedField {
            network: self.network.clone(),
            aggregate_type,
            aggregate_id: record.aggregate_id,
            field: spec.field,
        };
        match self.desk.vault().open(field, sealed).await {
            Ok(text) => Ok(Opened::Open { text }),
            Err(VaultError::Erased) => Ok(Opened::Erased),
            Err(other) => Err(other.into()),
        }
    }
}

/// A payload without its tag, which the type of the event says already.
fn untagged(payload: Value) -> Value {
    match payload {
        Value::Object(tagged) => tagged.into_iter().next().map_or(Value::Null, |(_, it)| it),
        other => other,
    }
}

/// The type's own name, which lives as long as the program.
fn type_of(name: &str) -> Option<&'static str> {
    domain::with_aggregate!(name, A => Some(A::stream(Uuid::nil()).aggregate_type), else None)
}
