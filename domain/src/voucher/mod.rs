//! A voucher: one item, once; or one credit with a balance.

pub mod code;
pub mod prepay;
pub mod redeem;

#[cfg(test)]
mod examples;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{DonationId, ItemId, OrganisationId, RedemptionId, VenueId};
use crate::money::Minor;
use crate::text::{Name, Slug};
use crate::venue::ItemKind;

aggregate! {
    Voucher "voucher", VoucherCommand, VoucherEvent {
        prepay: Prepay => Prepaid "prepaid" "1",
        redeem: Redeem => Redeemed "redeemed" "1",
    }
}

/// The life of a voucher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every voucher is in a large stage"
)]
pub enum Voucher {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Paid for and not used up.
    Usable(Holding),
    /// Used up.
    Used(Holding),
}

/// What is known of a voucher from its prepayment on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// The terms as prepaid, and as changed by re-homing.
    pub terms: prepay::Prepaid,
    /// What is left, in minor units.
    pub remaining_minor: Minor,
    /// Where it waits.
    pub placed: Placed,
    /// The code that is valid now.
    pub issue_no: Option<u32>,
    /// Its uses so far, oldest first.
    pub redemptions: Vec<Redemption>,
}

/// One use, as far as later decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redemption {
    /// Its id.
    pub redemption_id: RedemptionId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What the venue is owed, in minor units.
    pub settled_minor: Minor,
}

/// What a voucher is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Kind {
    /// One item, once.
    Item {
        /// The venue's item; absent on a voucher for any venue of the network.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item_id: Option<ItemId>,
        /// The kind of item.
        item_kind: ItemKind,
        /// The item's name when it was prepaid.
        name: Name,
        /// The price that was paid, in minor units.
        price_minor: Minor,
    },
    /// An amount, to be used in parts.
    Credit {
        /// The amount that was paid, in minor units.
        amount_minor: Minor,
    },
}

impl Kind {
    /// The venue's item that it names.
    #[must_use]
    pub fn item_id(&self) -> Option<ItemId> {
        match self {
            Self::Item { item_id, .. } => *item_id,
            Self::Credit { .. } => None,
        }
    }

    /// What was paid, in minor units.
    #[must_use]
    pub fn value_minor(&self) -> Minor {
        match self {
            Self::Item { price_minor, .. } => *price_minor,
            Self::Credit { amount_minor } => *amount_minor,
        }
    }
}

/// Where a voucher can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ValidAt {
    /// At one venue.
    Venue {
        /// The venue.
        venue_id: VenueId,
    },
    /// At any of these venues.
    Venues {
        /// The venues, 2 to 50.
        venue_ids: Vec<VenueId>,
    },
    /// At every venue of the network that has such an item.
    Network {
        /// The kind of item.
        item_kind: ItemKind,
        /// The highest price, in minor units.
        max_price_minor: Minor,
    },
}

impl ValidAt {
    /// Whether an item of this kind and price at this venue is covered.
    #[must_use]
    pub fn covers(&self, venue: VenueId, item: Option<(ItemKind, Minor)>) -> bool {
        match self {
            Self::Venue { venue_id } => *venue_id == venue,
            Self::Venues { venue_ids } => venue_ids.contains(&venue),
            Self::Network {
                item_kind,
                max_price_minor,
            } => item.is_some_and(|(kind, price)| kind == *item_kind && price <= *max_price_minor),
        }
    }
}

/// Where a voucher waits for whoever uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Placed {
    /// On the venue's board, for anybody who asks.
    Board,
    /// With an organisation that hands it out.
    Organisation {
        /// The organisation.
        organisation_id: OrganisationId,
    },
    /// With the donor, who gives it to somebody.
    Donor,
}

/// Where the money of a voucher comes from and who holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Funding {
    /// How it was paid.
    pub source: Source,
    /// In whose till or account it lies. Held by the venue: its use creates no debt to the venue.
    pub held_by: HeldBy,
    /// The donation that it was paid from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub donation_id: Option<DonationId>,
}

/// How a voucher was paid. An unpaid pledge never yields a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Cash at the venue's till.
    TillCash,
    /// A card at the venue's till.
    TillCard,
    /// A transfer to the network's account.
    BankTransfer,
    /// A donation platform.
    Platform,
    /// A grant.
    Grant,
    /// The fund `common`, e.g. from expired vouchers.
    CommonFund,
    /// The venue's own gift.
    VenueGift,
}

/// Who holds the money of a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// The venue, in its till.
    Venue,
    /// The network, on its account.
    Network,
}

/// What becomes of a voucher that nobody used in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OnExpiry {
    /// Its value goes to the fund `common`.
    CommonFund,
    /// Its value goes to an organisation.
    Organisation {
        /// The organisation.
        organisation_id: OrganisationId,
    },
    /// Its value goes back to the donor.
    Refund,
}

impl Voucher {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.holding().map(|holding| &holding.terms.network)
    }

    /// What is known of it, in whatever stage.
    #[must_use]
    pub fn holding(&self) -> Option<&Holding> {
        match self {
            Self::Unknown => None,
            Self::Usable(holding) | Self::Used(holding) => Some(holding),
        }
    }

    fn evolve(&mut self, event: VoucherEvent) {
        *self = match event {
            VoucherEvent::Prepaid(prepaid) => Self::Usable(Holding::new(prepaid)),
            VoucherEvent::Redeemed(redeemed) => self.take().redeemed(&redeemed),
        };
    }

    fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    fn redeemed(self, redeemed: &redeem::Redeemed) -> Self {
        match self {
            Self::Unknown => Self::Unknown,
            Self::Usable(mut holding) | Self::Used(mut holding) => {
                holding.remaining_minor = redeemed.remaining_minor;
                holding.redemptions.push(Redemption {
                    redemption_id: redeemed.redemption_id,
                    at: redeemed.at,
                    settled_minor: redeemed.settled_minor,
                });
                match holding.terms.kind {
                    Kind::Credit { .. } if holding.remaining_minor > Minor::ZERO => {
                        Self::Usable(holding)
                    }
                    Kind::Credit { .. } | Kind::Item { .. } => Self::Used(holding),
                }
            }
        }
    }
}

impl Holding {
    fn new(terms: prepay::Prepaid) -> Self {
        Self {
            remaining_minor: terms.kind.value_minor(),
            placed: terms.placed,
            issue_no: None,
            redemptions: Vec::new(),
            terms,
        }
    }
}
