//! Somebody uses a voucher: takes it from the board, or shows its code.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::of_the_day::{OfTheDay, Tally};
use super::{Ended, Holding, Kind, Placed, Voucher, VoucherEvent};
use crate::ids::{ItemId, RedemptionId, VenueId};
use crate::money::Minor;
use crate::network::set_policy::PriceRiseBorneBy;
use crate::venue::Counter;

/// The most vouchers that one group uses at once.
pub const MAX_GROUP: u32 = 20;
/// The most uses of one credit.
pub const MAX_USES: usize = 200;

/// Use one voucher. A group is one of these per voucher, in one append: all or nothing.
#[derive(Clone, Debug)]
pub struct Redeem {
    /// The id of this use.
    pub redemption_id: RedemptionId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What the uses of one group share.
    pub group_id: Option<Uuid>,
    /// How many the group uses, 1 to [`MAX_GROUP`].
    pub group_size: u32,
    /// The venue as it stands, with the item that is handed out.
    pub counter: Counter,
    /// From a credit: the amount. From an item voucher: absent.
    pub amount_minor: Option<Minor>,
    /// From the board or by code.
    pub means: Means,
    /// How the record came in.
    pub source: RedemptionSource,
    /// Who bears a price that rose since the prepayment, by the policy of the day.
    pub price_rise_borne_by: PriceRiseBorneBy,
    /// How far the day has come, of an item with a daily limit.
    pub tally: Option<Tally>,
}

/// How somebody comes to use a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// From the board, without a code.
    Board,
    /// By the code of this issue.
    Code {
        /// The number of the issue that the code belongs to.
        issue_no: u32,
    },
}

/// A voucher was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Redeemed {
    /// The id of this use.
    pub redemption_id: RedemptionId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What the uses of one group share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Uuid>,
    /// How many the group used.
    pub group_size: u32,
    /// Where.
    pub venue_id: VenueId,
    /// What was handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
    /// What leaves the voucher, in minor units.
    pub used_minor: Minor,
    /// What the venue gets for it, in minor units. Where it differs from what leaves the voucher,
    /// the fund gets or pays the difference.
    pub settled_minor: Minor,
    /// The venue's price of the day, in minor units.
    pub venue_price_minor: Minor,
    /// Who bears a difference between the two.
    pub difference_borne_by: DifferenceBorneBy,
    /// From the board or by code.
    pub means: MeansKind,
    /// How the record came in.
    pub source: RedemptionSource,
    /// What is left on it, in minor units.
    pub remaining_minor: Minor,
    /// Which one of the day it was, of an item with a daily limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_the_day: Option<OfTheDay>,
}

/// Who bears a difference between the price that was paid and the price of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceBorneBy {
    /// There is none.
    None,
    /// The venue bears a rise.
    Venue,
    /// The fund bears a rise or gets back a fall.
    Fund,
}

/// From the board or by code, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeansKind {
    /// From the board.
    Board,
    /// By code.
    Code,
}

/// How the record of a use came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionSource {
    /// At the counter, at once.
    Counter,
    /// From a till that was offline.
    OfflineTill,
    /// From a tally on paper.
    PaperTally,
    /// From records of before.
    Import,
}

refusals! {
    /// Why a voucher is not used.
    pub enum Refusal {
        /// No such voucher.
        #[error("this code is not known")]
        UnknownCode,
        /// It was used before.
        #[error("this voucher was already used")]
        AlreadyRedeemed {
            /// When.
            at: DateTime<Utc>
        },
        /// Its last day is over.
        #[error("this voucher was valid until an earlier day")]
        Expired,
        /// It was refunded.
        #[error("this voucher was refunded")]
        Refunded,
        /// It was voided.
        #[error("this voucher was voided")]
        Voided,
        /// The venue is suspended.
        #[error("the venue is suspended and takes no vouchers now")]
        VenueSuspended,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// It is valid elsewhere.
        #[error("this voucher is not valid at this venue")]
        WrongVenue,
        /// It is for something else.
        #[error("this voucher is for another item")]
        WrongItem,
        /// It is not on the board.
        #[error("this voucher was handed to somebody and is used by its code")]
        HandedOver,
        /// Another code was issued since, or this one was revoked.
        #[error("this code is no longer valid")]
        CodeRevoked,
        /// A group is 1 to 20.
        #[error("a group uses 1 to {MAX_GROUP} vouchers")]
        GroupSize,
        /// A credit is not divided without end.
        #[error("one credit is used at most {MAX_USES} times")]
        TooManyUses,
        /// A credit needs an amount, from 1 minor unit.
        #[error("a credit is used for an amount")]
        AmountMissing,
        /// The venue hands out no more of it that day.
        #[error("of this item {left} are left for today")]
        SoldOut {
            /// How many are left for the day.
            left: u32
        },
        /// The credit does not reach.
        #[error("only {remaining_minor} minor units are left on this voucher", remaining_minor = .remaining_minor.get())]
        InsufficientBalance {
            /// What is left, in minor units.
            remaining_minor: Minor
        },
    }
}

/// Whether the voucher is used.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Redeem) -> Result<Vec<VoucherEvent>, Refusal> {
    let known = voucher
        .holding()
        .and_then(|holding| holding.redemption(command.redemption_id));
    if known.is_some() {
        return Ok(vec![]);
    }
    let holding = voucher.require_usable()?;
    if !(1..=MAX_GROUP).contains(&command.group_size) {
        return Err(Refusal::GroupSize);
    }
    if holding.redemptions.len() >= MAX_USES {
        return Err(Refusal::TooManyUses);
    }
    check_venue(holding, command)?;
    check_means(holding, command.means)?;
    let price = Price::of(holding, command)?;
    let tally = command.tally.as_ref();
    let of_the_day = tally.map(|tally| tally.number(command.group_size, command.source));
    let of_the_day = of_the_day.transpose();
    let of_the_day = of_the_day.map_err(|left| Refusal::SoldOut { left })?;
    Ok(vec![
        Redeemed {
            redemption_id: command.redemption_id,
            at: command.at,
            group_id: command.group_id,
            group_size: command.group_size,
            venue_id: command.counter.venue_id,
            item_id: command.counter.item.as_ref().map(|item| item.item_id),
            used_minor: price.used,
            settled_minor: price.settled,
            venue_price_minor: price.of_the_day,
            difference_borne_by: price.borne_by,
            means: match command.means {
                Means::Board => MeansKind::Board,
                Means::Code { .. } => MeansKind::Code,
            },
            source: command.source,
            remaining_minor: price.remaining,
            of_the_day,
        }
        .into(),
    ])
}

impl From<Ended> for Refusal {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Unknown => Self::UnknownCode,
            Ended::Redeemed { at } => Self::AlreadyRedeemed { at },
            Ended::Expired => Self::Expired,
            Ended::Refunded => Self::Refunded,
            Ended::Voided => Self::Voided,
        }
    }
}

fn check_venue(holding: &Holding, command: &Redeem) -> Result<(), Refusal> {
    let (terms, counter) = (&holding.terms, &command.counter);
    if counter.has_left_at(command.at) {
        return Err(Refusal::VenueLeft);
    }
    if counter.is_suspended_at(command.at) {
        return Err(Refusal::VenueSuspended);
    }
    let item = counter
        .item
        .as_ref()
        .map(|item| (item.kind, item.price_minor));
    if !terms.valid_at.covers(counter.venue_id, item) {
        return Err(Refusal::WrongVenue);
    }
    if holding.is_over_at(command.at) {
        return Err(Refusal::Expired);
    }
    Ok(())
}

fn check_means(holding: &Holding, means: Means) -> Result<(), Refusal> {
    match means {
        Means::Board if holding.placed == Placed::Board => Ok(()),
        Means::Board => Err(Refusal::HandedOver),
        Means::Code { issue_no } if holding.issue_no == Some(issue_no) => Ok(()),
        Means::Code { .. } => Err(Refusal::CodeRevoked),
    }
}

struct Price {
    used: Minor,
    settled: Minor,
    of_the_day: Minor,
    borne_by: DifferenceBorneBy,
    remaining: Minor,
}

impl Price {
    fn of(holding: &Holding, command: &Redeem) -> Result<Self, Refusal> {
        match &holding.terms.kind {
            Kind::Item {
                item_id,
                item_kind,
                price_minor,
                ..
            } => {
                let item = command.counter.item.as_ref().ok_or(Refusal::WrongItem)?;
                let same = item_id.map_or(item.kind == *item_kind, |id| id == item.item_id);
                if !same {
                    return Err(Refusal::WrongItem);
                }
                Ok(Self::of_item(
                    *price_minor,
                    item.price_minor,
                    command.price_rise_borne_by,
                ))
            }
            Kind::Credit { .. } => Self::of_credit(holding.remaining_minor, command.amount_minor),
        }
    }

    /// An item voucher promises the item: a rise is borne as the policy says, a fall goes back to
    /// the fund.
    fn of_item(paid: Minor, today: Minor, rise: PriceRiseBorneBy) -> Self {
        let (settled, borne_by) = match (today.cmp(&paid), rise) {
            (std::cmp::Ordering::Equal, _) => (paid, DifferenceBorneBy::None),
            (std::cmp::Ordering::Less, _) => (today, DifferenceBorneBy::Fund),
            (std::cmp::Ordering::Greater, PriceRiseBorneBy::Venue) => {
                (paid, DifferenceBorneBy::Venue)
            }
            (std::cmp::Ordering::Greater, PriceRiseBorneBy::Fund) => {
                (today, DifferenceBorneBy::Fund)
            }
        };
        Self {
            used: paid,
            settled,
            of_the_day: today,
            borne_by,
            remaining: Minor::ZERO,
        }
    }

    fn of_credit(left: Minor, amount: Option<Minor>) -> Result<Self, Refusal> {
        let amount = amount
            .filter(|amount| *amount > Minor::ZERO)
            .ok_or(Refusal::AmountMissing)?;
        let remaining = left.less(amount).ok_or(Refusal::InsufficientBalance {
            remaining_minor: left,
        })?;
        let borne_by = DifferenceBorneBy::None;
        Ok(Self {
            used: amount,
            settled: amount,
            of_the_day: amount,
            borne_by,
            remaining,
        })
    }
}

#[cfg(test)]
#[path = "redeem_tests.rs"]
mod tests;
