//! Typed ids. All are UUIDs; an id that follows from a natural key is a version 5 UUID of it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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

impl VoucherId {
    /// The voucher with this number (from 1) in a prepayment, so that the vouchers of a prepayment
    /// can be named without a list of them.
    #[must_use]
    pub fn of(prepayment: PrepaymentId, ordinal: u32) -> Self {
        Self(Uuid::new_v5(
            &prepayment.0,
            format!("voucher\n{ordinal}").as_bytes(),
        ))
    }
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
        let ids = [
            NetworkId::of(&praha).0,
            DistrictId::of(&praha, "500054").0,
            FundId::common(&praha).0,
            VoucherId::of(PrepaymentId(from), 2).0,
            derived(from, "code", 2),
        ];
        let known = [
            "06024c86-c2b7-5074-8936-9d681f2a8f1a",
            "de915142-12e3-5210-8810-2fc109985c7e",
            "c7636fad-921a-562b-a0d9-b40f0152168a",
            "13781671-90c1-58bf-8b0d-a58ff902bafa",
            "27a06319-7124-58e6-b015-f631efd01a08",
        ];
        assert_eq!(ids.map(|id| id.to_string()), known);
    }
}
