//! A voucher: one item, once; or one credit with a balance.

pub mod code;

pub mod allocate;
pub mod expire;
pub mod hand_over;
pub mod issue_code;
pub mod of_the_day;
pub mod prepay;
pub mod redeem;
pub mod refund;
pub mod rehome;
pub mod return_to_board;
pub mod reverse_redemption;
pub mod revoke_code;
pub mod void;

mod holding;

#[cfg(test)]
pub(crate) mod examples;
#[cfg(test)]
mod properties;

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
        issue_code: IssueCode => CodeIssued "code_issued" "1",
        revoke_code: RevokeCode => CodeRevoked "code_revoked" "1",
        hand_over: HandOver => HandedOver "handed_over" "1",
        allocate: Allocate => Allocated "allocated" "1",
        return_to_board: ReturnToBoard => ReturnedToBoard "returned_to_board" "1",
        redeem: Redeem => Redeemed "redeemed" "1",
        reverse_redemption: ReverseRedemption => RedemptionReversed "redemption_reversed" "1",
        expire: Expire => Expired "expired" "1",
        refund: Refund => Refunded "refunded" "1",
        rehome: Rehome => Rehomed "rehomed" "1",
        void: Void => Voided "voided" "1",
    }
}

/// The life of a voucher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
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
    /// Used up. A reversed use makes it usable again.
    Used(Holding),
    /// Its time was over, and what was left went where its donor had said.
    Expired(Holding),
    /// What was left was given back.
    Refunded(Holding),
    /// It should never have been: it was not paid, or entered wrongly.
    Voided(Holding),
}

/// Why an act that needs a usable voucher finds none. Each act names these in its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Unknown,
    Redeemed { at: DateTime<Utc> },
    Expired,
    Refunded,
    Voided,
}

/// Lets an act's `decide` say `voucher.require_usable()?`: its list has all five answers.
macro_rules! refused_when_ended {
    ($refusal:ident) => {
        impl From<super::Ended> for $refusal {
            fn from(ended: super::Ended) -> Self {
                match ended {
                    super::Ended::Unknown => Self::UnknownVoucher,
                    super::Ended::Redeemed { at } => Self::AlreadyRedeemed { at },
                    super::Ended::Expired => Self::Expired,
                    super::Ended::Refunded => Self::Refunded,
                    super::Ended::Voided => Self::Voided,
                }
            }
        }
    };
}
use refused_when_ended;

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
    /// The code that was issued last, whether still valid or not.
    pub last_issue: Option<issue_code::CodeIssued>,
    /// Whether its holder said that it was given to somebody.
    pub handed_over: bool,
    /// From when on an organisation's voucher should be back on the board if it has no code.
    pub return_by: Option<DateTime<Utc>>,
    /// Its uses so far, oldest first; at most [`redeem::MAX_USES`].
    pub redemptions: Vec<Redemption>,
    /// How often it changed its venue; at most [`rehome::MAX_REHOMINGS`].
    pub rehomings: u32,
}

/// One use, as far as later decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redemption {
    /// Its id.
    pub redemption_id: RedemptionId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Where.
    pub venue_id: VenueId,
    /// What was handed out.
    pub item_id: Option<ItemId>,
    /// Which one of the day it was, of an item with a daily limit.
    pub of_the_day: Option<of_the_day::OfTheDay>,
    /// What left the voucher, in minor units.
    pub used_minor: Minor,
    /// What the venue is owed, in minor units.
    pub settled_minor: Minor,
    /// Whether it was taken back.
    pub reversed: bool,
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

/// Who holds a voucher that is not on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Holder {
    /// An organisation that hands it out.
    Organisation {
        /// The organisation.
        organisation_id: OrganisationId,
    },
    /// The donor, who gives it to somebody.
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
            Self::Usable(holding)
            | Self::Used(holding)
            | Self::Expired(holding)
            | Self::Refunded(holding)
            | Self::Voided(holding) => Some(holding),
        }
    }

    /// What is known of it while it can be used. The clock may still say that its time is over.
    #[must_use]
    pub fn usable(&self) -> Option<&Holding> {
        self.require_usable().ok()
    }

    /// Whether anybody who asks at the counter may have it.
    #[must_use]
    pub fn on_board(&self) -> bool {
        self.usable()
            .is_some_and(|holding| holding.placed == Placed::Board)
    }

    fn require_usable(&self) -> Result<&Holding, Ended> {
        match self {
            Self::Usable(holding) => Ok(holding),
            Self::Unknown => Err(Ended::Unknown),
            Self::Used(holding) => Err(Ended::Redeemed {
                at: holding.last_use(),
            }),
            Self::Expired(_) => Err(Ended::Expired),
            Self::Refunded(_) => Err(Ended::Refunded),
            Self::Voided(_) => Err(Ended::Voided),
        }
    }

    fn evolve(&mut self, event: VoucherEvent) {
        *self = match (event, self.take()) {
            (VoucherEvent::Prepaid(prepaid), _) => Self::Usable(Holding::new(prepaid)),
            (_, None) => Self::Unknown,
            (VoucherEvent::CodeIssued(e), Some(holding)) => Self::Usable(holding.issue(e)),
            (VoucherEvent::CodeRevoked(e), Some(holding)) => Self::Usable(holding.revoke(&e)),
            (VoucherEvent::HandedOver(_), Some(holding)) => Self::Usable(holding.hand_over()),
            (VoucherEvent::Allocated(e), Some(holding)) => Self::Usable(holding.allocate(&e)),
            (VoucherEvent::ReturnedToBoard(_), Some(holding)) => Self::Usable(holding.put_back()),
            (VoucherEvent::Redeemed(e), Some(holding)) => holding.redeem(&e),
            (VoucherEvent::RedemptionReversed(e), Some(holding)) => {
                Self::Usable(holding.reverse(&e))
            }
            (VoucherEvent::Expired(_), Some(holding)) => Self::Expired(holding.emptied()),
            (VoucherEvent::Refunded(_), Some(holding)) => Self::Refunded(holding.emptied()),
            (VoucherEvent::Rehomed(e), Some(holding)) => Self::Usable(holding.rehome(e)),
            (VoucherEvent::Voided(_), Some(holding)) => Self::Voided(holding.emptied()),
        };
    }

    fn take(&mut self) -> Option<Holding> {
        match std::mem::take(self) {
            Self::Unknown => None,
            Self::Usable(holding)
            | Self::Used(holding)
            | Self::Expired(holding)
            | Self::Refunded(holding)
            | Self::Voided(holding) => Some(holding),
        }
    }
}
