//! A story of acts, for tests of what follows from them: real events in a log made of a list.
//!
//! ```
//! use domain::venue::ItemKind;
//! use tests::acts::Story;
//!
//! let mut story = Story::new("praha");
//! let venue = story.at("2026-11-02T09:00:00Z").venue("Na Rohu");
//! let coffee = story.item(venue, "Coffee", ItemKind::HotDrink, 6500);
//! let vouchers = story.prepay(3, |paid| paid.for_item(venue, coffee));
//! story.redeem(vouchers[0], venue, coffee);
//! assert_eq!(story.recorded().len(), 7);
//! ```

mod help;
mod log;
mod map;
mod paid;

pub use log::{HeldLog, ListLog};
pub use paid::Paid;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use cqrs_es::DomainEvent;
use domain::Entity;
use domain::envelope::{Channel, Metadata, Record, Recorded, Role};
use domain::ids::{ItemId, NetworkId, PlaceId, PrepaymentId, RedemptionId, VenueId, VoucherId};
use domain::money::Minor;
use domain::network::found::Founded;
use domain::network::set_policy::{Policy, PolicySet};
use domain::network::{Network, NetworkEvent};
use domain::text::Slug;
use domain::venue::admit::{Admitted, VenueKind};
use domain::venue::list_item::ItemListed;
use domain::venue::{ItemKind, Venue, VenueEvent};
use domain::voucher::redeem::{DifferenceBorneBy, MeansKind, Redeemed, RedemptionSource};
use domain::voucher::{Voucher, VoucherEvent};
use uuid::Uuid;

/// The random id of a story's log, unless it says else.
pub const LOG_ID: Uuid = Uuid::from_u128(0x5105_9e50);

/// Acts of one network after another; time stands still until [`Story::at`] or [`Story::after`].
///
/// Nothing is decided here: whatever is told, happened. Ids follow from the order of the telling,
/// so the same story gives the same log.
pub struct Story {
    log_id: Uuid,
    network: Slug,
    now: DateTime<Utc>,
    made: u128,
    position: i64,
    recorded: Vec<Recorded>,
    sequences: HashMap<Uuid, i64>,
    items: Arc<HashMap<ItemId, ItemListed>>,
    values: HashMap<VoucherId, Minor>,
}

impl Story {
    /// A network with Czech money, holidays and clocks, founded on 1 January 2026.
    ///
    /// # Panics
    /// If it is no slug.
    pub fn new(network: &str) -> Self {
        Self::begun(LOG_ID, network, "2026-01-01T08:00:00Z")
    }

    /// The same, founded at this time, for a log with an id of its own.
    ///
    /// # Panics
    /// If it is no slug, or no instant.
    pub fn begun(log_id: Uuid, network: &str, at: &str) -> Self {
        let mut story = Self {
            log_id,
            network: slug(network),
            now: instant(at),
            made: 0,
            position: 0,
            recorded: Vec::new(),
            sequences: HashMap::new(),
            items: Arc::default(),
            values: HashMap::new(),
        };
        story.found();
        story
    }

    /// Goes on in another network of the same log.
    pub fn elsewhere(&mut self, network: &str) -> &mut Self {
        self.network = slug(network);
        self.found();
        self
    }

    /// What follows happens then.
    pub fn at(&mut self, at: &str) -> &mut Self {
        self.now = instant(at);
        self
    }

    /// What follows happens that much later.
    pub fn after(&mut self, time: TimeDelta) -> &mut Self {
        self.now += time;
        self
    }

    /// The time of the story.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The network's slug.
    pub fn network(&self) -> Slug {
        self.network.clone()
    }

    /// An id that nothing else has.
    pub fn id<I: From<Uuid>>(&mut self) -> I {
        self.made += 1;
        Uuid::from_u128(self.made << 64 | 0xacce).into()
    }

    /// Anything that happens to an aggregate.
    pub fn act<A: Entity>(&mut self, id: impl Into<Uuid>, event: impl Into<A::Event>) -> &mut Self {
        let event = event.into();
        let payload = serde_json::to_string(&event).expect("an event is JSON");
        let (event_type, version) = (event.event_type(), event.event_version());
        self.stored(A::TYPE, id.into(), &event_type, &version, payload)
    }

    /// Anything at all, as it would stand in the log.
    pub fn stored(
        &mut self,
        aggregate_type: &str,
        aggregate_id: Uuid,
        event_type: &str,
        event_version: &str,
        payload: String,
    ) -> &mut Self {
        let sequence = self.sequences.entry(aggregate_id).or_default();
        *sequence += 1;
        self.position += 1;
        let position = self.position;
        let record = Record {
            network: self.network.to_string(),
            aggregate_type: aggregate_type.to_owned(),
            aggregate_id,
            sequence: *sequence,
            event_type: event_type.to_owned(),
            event_version: event_version.to_owned(),
            payload,
            metadata: serde_json::to_string(&metadata(position)).expect("metadata is JSON"),
            event_id: Record::event_id(self.log_id, aggregate_id, *sequence),
            occurred_at: self.now,
            recorded_at: self.now,
        };
        let leaf_hash = record.leaf_hash(self.log_id);
        self.recorded.push(Recorded {
            position,
            record,
            leaf_hash,
        });
        self
    }

    /// The events so far.
    pub fn recorded(&self) -> &[Recorded] {
        &self.recorded
    }

    /// The events since they were last taken, so that a long story need not be kept.
    pub fn take(&mut self) -> Vec<Recorded> {
        std::mem::take(&mut self.recorded)
    }

    /// A log of the events so far.
    pub fn log(&self) -> ListLog {
        ListLog::of(self.recorded.clone())
    }

    fn found(&mut self) {
        let network = self.network();
        let founded = Founded {
            network: network.clone(),
            name: "Místní místním".parse().expect("a name"),
            currency: "CZK".parse().expect("a currency"),
            timezone: chrono_tz::Europe::Prague,
            country: "CZ".parse().expect("a country"),
            languages: vec!["cs".parse().expect("a language")],
        };
        self.act::<Network>(NetworkId::of(&network), NetworkEvent::from(founded));
    }

    /// The network's rules from now on.
    pub fn policy(&mut self, policy: Policy) -> &mut Self {
        let (network, from) = (self.network(), self.now);
        let id = NetworkId::of(&network);
        let set = PolicySet {
            network,
            from,
            policy,
        };
        self.act::<Network>(id, NetworkEvent::from(set))
    }

    /// A café at a place of which nothing more is known.
    pub fn venue(&mut self, name: &str) -> VenueId {
        let place_id = self.id();
        self.venue_at(name, place_id)
    }

    /// A café at this place.
    pub fn venue_at(&mut self, name: &str, place_id: PlaceId) -> VenueId {
        let id = self.id();
        let admitted = Admitted {
            network: self.network(),
            name: name.parse().expect("a name"),
            kind: VenueKind::Cafe,
            place_id,
        };
        self.act::<Venue>(id, VenueEvent::from(admitted));
        id
    }

    /// Something that a venue sells.
    pub fn item(&mut self, venue: VenueId, name: &str, kind: ItemKind, price: i64) -> ItemId {
        let listed = ItemListed {
            item_id: self.id(),
            kind,
            name: name.parse().expect("a name"),
            price_minor: minor(price),
            daily_limit: None,
        };
        Arc::make_mut(&mut self.items).insert(listed.item_id, listed.clone());
        self.act::<Venue>(venue, VenueEvent::from(listed.clone()));
        listed.item_id
    }

    /// A prepayment of so many vouchers, on the board for everybody's coffee unless it says else.
    pub fn prepay(&mut self, count: u32, say: impl FnOnce(Paid) -> Paid) -> Vec<VoucherId> {
        let prepayment = PrepaymentId::recorded_at(self.now, self.id());
        let paid = Paid::new(
            self.network(),
            self.now,
            prepayment,
            Arc::clone(&self.items),
        );
        let paid = say(paid).prepaid;
        let ids = (1..=count).map(|ordinal| (ordinal, VoucherId::of(prepayment, ordinal)));
        ids.map(|(ordinal, id)| {
            let mut prepaid = paid.clone();
            prepaid.ordinal = ordinal;
            self.values.insert(id, prepaid.kind.value_minor());
            self.act::<Voucher>(id, VoucherEvent::from(prepaid));
            id
        })
        .collect()
    }

    /// A use of the whole voucher, from the board.
    pub fn redeem(&mut self, voucher: VoucherId, venue: VenueId, item: ItemId) -> RedemptionId {
        let value = self.values[&voucher].get();
        self.redeem_part(voucher, venue, Some(item), value)
    }

    /// A use of so much of a voucher, from the board; the venue's price is what is used.
    pub fn redeem_part(
        &mut self,
        voucher: VoucherId,
        venue: VenueId,
        item: Option<ItemId>,
        used: i64,
    ) -> RedemptionId {
        let redemption_id = self.id();
        let left = minor(self.values[&voucher].get() - used);
        self.values.insert(voucher, left);
        let redeemed = Redeemed {
            redemption_id,
            at: self.now,
            group_id: None,
            group_size: 1,
            venue_id: venue,
            item_id: item,
            used_minor: minor(used),
            settled_minor: minor(used),
            venue_price_minor: minor(used),
            difference_borne_by: DifferenceBorneBy::None,
            means: MeansKind::Board,
            source: RedemptionSource::Counter,
            remaining_minor: left,
            of_the_day: None,
        };
        self.act::<Voucher>(voucher, VoucherEvent::from(redeemed));
        redemption_id
    }
}

fn metadata(position: i64) -> Metadata {
    Metadata {
        acting_for: None,
        actor: Uuid::from_u128(1).to_string(),
        causation: None,
        channel: Channel::Api,
        command_id: Uuid::from_u128(position.unsigned_abs().into()).to_string(),
        correlation: Uuid::from_u128(position.unsigned_abs().into()).to_string(),
        corrects: None,
        device: None,
        device_seq: None,
        role: Role::Operator,
    }
}

fn slug(network: &str) -> Slug {
    network.parse().expect("a slug")
}

/// An instant, as RFC 3339.
///
/// # Panics
/// If it is none.
pub fn instant(at: &str) -> DateTime<Utc> {
    at.parse().expect("an instant")
}

/// A day.
///
/// # Panics
/// If it is none.
pub fn day(day: &str) -> NaiveDate {
    day.parse().expect("a day")
}

/// An amount.
///
/// # Panics
/// If it is negative or too large.
pub fn minor(amount: i64) -> Minor {
    Minor::try_from(amount).expect("an amount")
}
