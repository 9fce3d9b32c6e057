//! All events of all aggregates, and the way from a stored event to one of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::envelope::{Metadata, Recorded};
use crate::upcast::upcast;

/// A stored event that cannot be read. It stops whoever reads it; it is never skipped.
#[derive(Debug, thiserror::Error)]
#[error("event {event_type} version {event_version} at position {position} cannot be read: {why}")]
pub struct Unreadable {
    /// The place in the log.
    pub position: i64,
    /// `aggregate.act`.
    pub event_type: String,
    /// As stored.
    pub event_version: String,
    /// What is wrong.
    pub why: String,
}

/// An act as the read models and reactions see it: the event in today's words and its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// The place in the log.
    pub position: i64,
    /// The event's id.
    pub event_id: Uuid,
    /// The network's slug.
    pub network: String,
    /// The aggregate's id.
    pub aggregate_id: Uuid,
    /// The number in its stream.
    pub sequence: i64,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who and how.
    pub metadata: Metadata,
    /// What.
    pub event: Event,
}

macro_rules! events {
    ($($(#[$meta:meta])* $variant:ident($module:ident::$event:ident) $type:literal,)+) => {
        /// What happened: one variant per aggregate, one variant per act inside it.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "events are read one at a time")]
        pub enum Event { $($(#[$meta])* $variant(crate::$module::$event),)+ }

        $(impl From<crate::$module::$event> for Event {
            fn from(event: crate::$module::$event) -> Self { Self::$variant(event) }
        })+

        impl Event {
            /// `aggregate.act`, as stored.
            #[must_use]
            pub fn name(&self) -> String {
                match self { $(Self::$variant(event) => cqrs_es::DomainEvent::event_type(event),)+ }
            }
        }

        /// Every event type with the version that is written today.
        #[must_use]
        pub fn types() -> Vec<(&'static str, &'static str)> {
            [$(crate::$module::$event::TYPES,)+].concat()
        }

        fn decode(aggregate_type: &str, payload: Decoding<'_>) -> Result<Event, String> {
            match aggregate_type {
                $($type => payload.into::<crate::$module::$event>().map(Event::$variant),)+
                other => Err(format!("no aggregate is called {other}")),
            }
        }

        /// Runs `$body` with `$aggregate` as the type of the aggregate that is called `$name`.
        #[macro_export]
        macro_rules! with_aggregate {
            ($name:expr, $aggregate:ident => $body:expr, else $other:expr) => {
                match $name {
                    $($type => { type $aggregate = $crate::$module::$variant; $body })+
                    _ => $other,
                }
            };
        }
    };
}

events! {
    /// A token's grant.
    Access(access::AccessEvent) "access",
    /// A part of a city, or a municipality.
    District(district::DistrictEvent) "district",
    /// Somebody who gives.
    Donor(donor::DonorEvent) "donor",
    /// A pot of money.
    Fund(fund::FundEvent) "fund",
    /// A request for help by a neighbour.
    HelpRequest(help_request::HelpRequestEvent) "help_request",
    /// A neighbour, volunteer or coordinator.
    Member(member::MemberEvent) "member",
    /// An initiative.
    Network(network::NetworkEvent) "network",
    /// An NGO, public body, municipality, school or firm.
    Organisation(organisation::OrganisationEvent) "organisation",
    /// Where venues, services and stops are.
    Place(place::PlaceEvent) "place",
    /// Something free, at a place.
    Service(service::ServiceEvent) "service",
    /// A person about whom something sealed is held.
    Subject(subject::SubjectEvent) "subject",
    /// A piece of work for volunteers.
    Task(task::TaskEvent) "task",
    /// A café, shop, theatre.
    Venue(venue::VenueEvent) "venue",
    /// One item, once; or a credit.
    Voucher(voucher::VoucherEvent) "voucher",
}

/// A payload on its way to its event type: as text where nothing was upcast, which is the rule.
enum Decoding<'a> {
    Text(&'a str),
    Value(serde_json::Value),
}

impl Decoding<'_> {
    fn into<T: DeserializeOwned>(self) -> Result<T, String> {
        match self {
            Self::Text(text) => serde_json::from_str(text),
            Self::Value(value) => serde_json::from_value(value),
        }
        .map_err(|error| error.to_string())
    }
}

impl Act {
    /// Reads a stored event.
    ///
    /// # Errors
    /// If the type is unknown, or the payload is not what its type and version say.
    pub fn read(recorded: &Recorded) -> Result<Self, Unreadable> {
        let record = &recorded.record;
        let unreadable = |why: String| Unreadable {
            position: recorded.position,
            event_type: record.event_type.clone(),
            event_version: record.event_version.clone(),
            why,
        };
        let event = read_payload(record).map_err(unreadable)?;
        let metadata = serde_json::from_str(&record.metadata)
            .map_err(|error| unreadable(error.to_string()))?;
        Ok(Self {
            position: recorded.position,
            event_id: record.event_id,
            network: record.network.clone(),
            aggregate_id: record.aggregate_id,
            sequence: record.sequence,
            occurred_at: record.occurred_at,
            recorded_at: record.recorded_at,
            metadata,
            event,
        })
    }
}

static VERSIONS: LazyLock<HashMap<&'static str, &'static str>> =
    LazyLock::new(|| types().into_iter().collect());

fn read_payload(record: &crate::envelope::Record) -> Result<Event, String> {
    match VERSIONS.get(record.event_type.as_str()) {
        None => Err("no act is called so".to_owned()),
        Some(version) if *version == record.event_version => {
            decode(&record.aggregate_type, Decoding::Text(&record.payload))
        }
        Some(version) => {
            let payload = serde_json::from_str(&record.payload).map_err(|e| e.to_string())?;
            let (reached, payload) = upcast(&record.event_type, &record.event_version, payload);
            if reached != *version {
                return Err(format!("version {version} is not reached from it"));
            }
            decode(&record.aggregate_type, Decoding::Value(payload))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Record;

    fn recorded(version: &str) -> Recorded {
        let record = Record {
            network: "praha".to_owned(),
            aggregate_type: "network".to_owned(),
            aggregate_id: Uuid::nil(),
            sequence: 1,
            event_type: "network.founded".to_owned(),
            event_version: version.to_owned(),
            payload: include_str!("../golden/network.founded.v1.json").to_owned(),
            metadata: include_str!("../golden/metadata.json").to_owned(),
            event_id: Uuid::nil(),
            occurred_at: DateTime::UNIX_EPOCH,
            recorded_at: DateTime::UNIX_EPOCH,
        };
        Recorded {
            position: 7,
            record,
            leaf_hash: [0; 32],
        }
    }

    #[test]
    fn a_stored_event_is_read_in_its_version_only() {
        assert!(matches!(
            Act::read(&recorded("1")).map(|act| act.event),
            Ok(Event::Network(_))
        ));
        let refused = Act::read(&recorded("2")).map_err(|it| (it.position, it.why));
        let why = "version 1 is not reached from it".to_owned();
        assert_eq!(refused, Err((7, why)));
    }

    #[test]
    fn an_act_of_which_nobody_knows_is_not_skipped() {
        let mut unknown = recorded("1");
        unknown.record.event_type = "network.sold".to_owned();
        assert!(Act::read(&unknown).is_err());
    }
}
