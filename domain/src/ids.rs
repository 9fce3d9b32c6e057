//! Typed ids. All are UUIDs; an id that follows from a natural key is a version 5 UUID of it. Of what there
//! is most of, vouchers, ids are of version 7: see `infra/decisions/0020-vouchers-in-order-of-time.md`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid, Version};

use crate::text::Slug;

/// The name space of every id that is derived from a natural key. Fixed for ever.
const NATURAL: Uuid = Uuid::from_u128(0x736f_7370_6573_6f2f_8031_6e61_7475_7261);

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[derive(utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<$name> for Uuid { fn from(id: $name) -> Self { id.0 } }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A token's grant.
    AccessId
    /// Somebody's taking on of a help request or a task.
    ClaimId
    /// An announced closure of a venue.
    ClosureId
    /// A part of a city, or a municipality.
    DistrictId
    /// A donation of money from which vouchers are paid.
    DonationId
    /// A donor; says nothing about who it is.
    DonorId
    /// A pot of money, e.g. the fund `common`.
    FundId
    /// A request for help by a neighbour.
    HelpRequestId
    /// A priced thing that a venue sells.
    ItemId
    /// A neighbour, volunteer or coordinator.
    MemberId
    /// A network's stream; everywhere else a network is its slug.
    NetworkId
    /// An NGO, public body, municipality, school or firm.
    OrganisationId
    /// A place in the sense of an HSDS location.
    PlaceId
    /// The batch of vouchers that was bought at once.
    PrepaymentId
    /// One use of one voucher.
    RedemptionId
    /// A service that is free.
    ServiceId
    /// A printed sheet of codes.
    SheetId
    /// A person about whom something sealed is held.
    SubjectId
    /// A piece of work for volunteers.
    TaskId
    /// A café, shop, theatre or other house that takes part.
    VenueId
    /// One item, once; or one credit with a balance.
    VoucherId
}

fn natural(parts: &[&str]) -> Uuid {
    Uuid::new_v5(&NATURAL, parts.join("\n").as_bytes())
}

impl NetworkId {
    /// The stream of the network with this slug.
    #[must_use]
    pub fn of(network: &Slug) -> Self {
        Self(natural(&["network", network.as_str()]))
    }
}

impl DistrictId {
    /// The district with this official code in this network.
    #[must_use]
    pub fn of(network: &Slug, code: &str) -> Self {
        Self(natural(&["district", network.as_str(), code]))
    }
}

impl FundId {
    /// The fund `common`, with which every network is founded.
    #[must_use]
    pub fn common(network: &Slug) -> Self {
        Self(natural(&["fund", network.as_str(), "common"]))
    }
}

/// How exactly an id of version 7 tells the time, in milliseconds: who sees it learns no more than the minute.
const EXACT: i64 = 60_000;

impl PrepaymentId {
    /// The prepayment that is recorded at this time, with the rest of its id from another: those of one time
    /// lie together wherever they are kept in order. Of a time before 1970 as of the first minute of it.
    #[must_use]
    pub fn recorded_at(time: DateTime<Utc>, rest: Uuid) -> Self {
        let minute = time.timestamp_millis() / EXACT * EXACT;
        let minute = u64::try_from(minute).unwrap_or_default();
        Self(with_time_of(
            Builder::from_unix_timestamp_millis(minute, &[0; 10]).into_uuid(),
            rest,
        ))
    }
}

impl VoucherId {
    /// The voucher with this number (from 1) in a prepayment, so that the vouchers of a prepayment
    /// can be named without a list of them. It has the time of the prepayment, if that has one.
    #[must_use]
    pub fn of(prepayment: PrepaymentId, ordinal: u32) -> Self {
        let id = derived(prepayment.0, "voucher", ordinal);
        Self(match prepayment.0.get_version() {
            Some(Version::SortRand) => with_time_of(prepayment.0, id),
            _ => id,
        })
    }
}

/// An id of version 7 (RFC 9562, section 5.7) with the time of one and what is left from another.
fn with_time_of(timed: Uuid, rest: Uuid) -> Uuid {
    let mut bytes = rest.into_bytes();
    bytes[..6].copy_from_slice(&timed.as_bytes()[..6]);
    Builder::from_bytes(bytes)
        .with_version(Version::SortRand)
        .into_uuid()
}

/// An id that follows from another id and a number: the same command gives the same ids again.
#[must_use]
pub fn derived(from: Uuid, what: &str, number: u32) -> Uuid {
    Uuid::new_v5(&from, format!("{what}\n{number}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logs hold these ids: how they follow may never change.
    #[test]
    fn ids_follow_as_they_always_did() {
        let praha = "praha".parse().expect("a slug");
        let from = Uuid::from_u128(1);
        let time = "2026-11-28T10:20:30.405Z".parse().expect("a time");
        let prepayment = PrepaymentId::recorded_at(time, derived(from, "id", 1));
        let ids = [
            NetworkId::of(&praha).0,
            DistrictId::of(&praha, "500054").0,
            FundId::common(&praha).0,
            VoucherId::of(PrepaymentId(from), 2).0,
            derived(from, "code", 2),
            prepayment.0,
            VoucherId::of(prepayment, 2).0,
        ];
        let known = [
            "06024c86-c2b7-5074-8936-9d681f2a8f1a",
            "de915142-12e3-5210-8810-2fc109985c7e",
            "c7636fad-921a-562b-a0d9-b40f0152168a",
            "13781671-90c1-58bf-8b0d-a58ff902bafa",
            "27a06319-7124-58e6-b015-f631efd01a08",
            "01a221ab-3c80-7ff0-b7c7-95d352325587",
            "01a221ab-3c80-742f-b6b4-7e4dda2a6eaa",
        ];
        assert_eq!(ids.map(|id| id.to_string()), known);
    }

    #[test]
    fn prepayments_and_their_vouchers_lie_in_order_of_time_to_the_minute() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().expect("a time") };
        let of = |time, number: u128| {
            let id = PrepaymentId::recorded_at(at(time), derived(Uuid::from_u128(number), "id", 1));
            [id.0, VoucherId::of(id, 1).0, VoucherId::of(id, 2).0]
        };
        let before = of("2026-11-28T10:20:00Z", 1);
        let same = of("2026-11-28T10:20:59.999Z", 2);
        let after = of("2026-11-28T10:21:00Z", 3);
        let time = |id: Uuid| id.get_timestamp().map(|time| time.to_unix());
        for id in before.into_iter().chain(same) {
            assert_eq!(id.get_version(), Some(Version::SortRand));
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
            assert_eq!(time(id), Some((1_795_861_200, 0)));
            assert!(after.iter().all(|after| id < *after));
        }
        let all: std::collections::HashSet<_> =
            [before, same, after].concat().into_iter().collect();
        assert_eq!(all.len(), 9);
        assert_eq!(time(of("1969-12-31T23:59:00Z", 4)[1]), Some((0, 0)));
    }
}
