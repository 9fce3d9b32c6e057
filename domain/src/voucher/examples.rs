//! Vouchers and commands that the tests of this folder start from.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::allocate::{Allocate, Allocated};
use super::expire::Expire;
use super::hand_over::{HandOver, HandedOver};
use super::issue_code::IssueCode;
use super::of_the_day::Tally;
use super::prepay::{Prepaid, Prepay};
use super::redeem::{Means, Redeem, RedemptionSource};
use super::refund::{Refund, RefundReason};
use super::rehome::Rehome;
use super::return_to_board::ReturnToBoard;
use super::reverse_redemption::{ReversalReason, ReverseRedemption};
use super::revoke_code::{CodeRevoked, RevokeCode, RevokeReason};
use super::void::{Void, VoidReason};
use super::{
    Funding, HeldBy, Holder, Kind, OnExpiry, Placed, Source, ValidAt, Voucher, VoucherCommand,
};
use crate::Entity;
use crate::ids::{DonorId, FundId, ItemId, OrganisationId, PrepaymentId, RedemptionId, VenueId};
use crate::money::Minor;
use crate::network::set_policy::PriceRiseBorneBy;
use crate::text::{Name, Slug};
use crate::venue::{Counter, ItemKind, ListedItem, Standing};

pub const OTHER_VENUE: VenueId = VenueId(Uuid::from_u128(11));

pub fn price(minor: i64) -> Minor {
    Minor::try_from(minor).expect("a price")
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn counter() -> Counter {
    Counter {
        venue_id: VenueId(Uuid::from_u128(1)),
        standing: Standing::Open,
        item: Some(ListedItem {
            item_id: ItemId(Uuid::from_u128(2)),
            kind: ItemKind::HotDrink,
            name: "Coffee".parse::<Name>().expect("a name"),
            price_minor: price(6500),
            daily_limit: None,
            delisted: false,
        }),
    }
}

/// The neighbouring venue, with a coffee at this price.
pub fn other_counter(minor: i64) -> Counter {
    let mut counter = counter();
    counter.venue_id = OTHER_VENUE;
    if let Some(item) = &mut counter.item {
        item.item_id = ItemId(Uuid::from_u128(12));
        item.price_minor = price(minor);
    }
    counter
}

pub fn counter_that_left() -> Counter {
    Counter {
        standing: Standing::Left {
            effective_at: at("2026-11-01T00:00:00Z"),
        },
        ..counter()
    }
}

pub fn prepay() -> Prepay {
    let network: Slug = "praha".parse().expect("a slug");
    let prepaid = Prepaid {
        fund_id: FundId::common(&network),
        network,
        at: at("2026-11-02T09:00:00Z"),
        prepayment_id: PrepaymentId(Uuid::from_u128(3)),
        ordinal: 1,
        kind: Kind::Item {
            item_id: Some(ItemId(Uuid::from_u128(2))),
            item_kind: ItemKind::HotDrink,
            name: "Coffee".parse().expect("a name"),
            price_minor: price(6500),
        },
        currency: "CZK".parse().expect("a currency"),
        valid_at: ValidAt::Venue {
            venue_id: VenueId(Uuid::from_u128(1)),
        },
        placed: Placed::Board,
        donor_id: Some(DonorId(Uuid::from_u128(4))),
        funding: Funding {
            source: Source::TillCash,
            held_by: HeldBy::Venue,
            donation_id: None,
        },
        campaign: None,
        expires_on: NaiveDate::from_ymd_opt(2026, 12, 31),
        expires_at: Some(at("2026-12-31T23:00:00Z")),
        on_expiry: OnExpiry::CommonFund,
        origin_voucher: None,
    };
    Prepay {
        prepaid,
        counters: vec![counter()],
        fund_is_open: true,
        organisations_take_part: true,
    }
}

/// A credit of 100.00 on the board.
pub fn prepay_credit() -> Prepay {
    let mut prepay = prepay();
    prepay.prepaid.kind = Kind::Credit {
        amount_minor: price(10000),
    };
    prepay
}

/// A use of a credit; every amount has an id of its own.
pub fn redeem_amount(minor: i64) -> Redeem {
    Redeem {
        redemption_id: RedemptionId(Uuid::from_u128(1000 + u128::from(minor.unsigned_abs()))),
        amount_minor: Some(price(minor)),
        ..redeem()
    }
}

pub fn issue_code() -> IssueCode {
    IssueCode {
        at: at("2026-11-03T09:00:00Z"),
        sheet: None,
        to: Holder::Donor,
        organisation_takes_part: true,
        pass_over: 0,
    }
}

pub fn revoke_code() -> RevokeCode {
    let revoked = CodeRevoked {
        issue_no: 1,
        reason: RevokeReason::Lost,
    };
    RevokeCode { revoked }
}

pub fn hand_over() -> HandOver {
    let handed_over = HandedOver {
        by: Holder::Donor,
        district: Some("500054".parse().expect("a code")),
    };
    HandOver { handed_over }
}

pub fn allocate() -> Allocate {
    let allocated = Allocated {
        organisation_id: OrganisationId(Uuid::from_u128(7)),
        return_by: Some(at("2026-11-30T23:00:00Z")),
    };
    Allocate {
        at: at("2026-11-03T09:00:00Z"),
        allocated,
        organisation_takes_part: true,
    }
}

pub fn reverse_redemption() -> ReverseRedemption {
    ReverseRedemption {
        redemption_id: redeem().redemption_id,
        at: redeem().at,
        by_operator: false,
        settled: false,
        taken_back_before: 0,
        reason: ReversalReason::Mistake,
    }
}

/// At the first instant at which it is allowed.
pub fn expire() -> Expire {
    let late_record_window = TimeDelta::hours(72);
    let expires_at = prepay().prepaid.expires_at.expect("a last day");
    Expire {
        now: expires_at + late_record_window,
        late_record_window,
    }
}

pub fn refund() -> Refund {
    Refund {
        at: at("2026-11-03T09:00:00Z"),
        to_donor: true,
        reason: RefundReason::DonorsWish,
    }
}

/// To the neighbouring venue, with a coffee at this price.
pub fn rehome(minor: i64) -> Rehome {
    Rehome {
        from_venue: counter().venue_id,
        to: Some(other_counter(minor)),
        price_rise_borne_by: PriceRiseBorneBy::Venue,
        difference_to: prepay().prepaid.fund_id,
    }
}

pub fn redeem() -> Redeem {
    Redeem {
        redemption_id: RedemptionId(Uuid::from_u128(5)),
        at: at("2026-11-03T10:00:00Z"),
        group_id: None,
        group_size: 1,
        counter: counter(),
        amount_minor: None,
        means: Means::Board,
        source: RedemptionSource::Counter,
        price_rise_borne_by: PriceRiseBorneBy::Venue,
        tally: None,
    }
}

/// The day of [`redeem`], of an item of which two are handed out a day.
pub fn tally() -> Tally {
    Tally {
        day: redeem().at.date_naive(),
        limit: 2,
        used: 0,
        taken_back: 0,
        place: 1,
    }
}

/// The voucher after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = VoucherCommand>) -> Voucher {
    commands
        .into_iter()
        .fold(Voucher::Unknown, |mut voucher, command| {
            for event in voucher.decide(&command).expect("allowed") {
                voucher.evolve(event);
            }
            voucher
        })
}

pub fn on_the_board() -> Voucher {
    after([prepay().into()])
}

pub fn used() -> Voucher {
    after([prepay().into(), redeem().into()])
}

pub fn with_a_code() -> Voucher {
    after([prepay().into(), issue_code().into()])
}

pub fn with_a_revoked_code() -> Voucher {
    after([prepay().into(), issue_code().into(), revoke_code().into()])
}

pub fn allocated() -> Voucher {
    after([prepay().into(), allocate().into()])
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<VoucherCommand>> {
    let void = Void {
        reason: VoidReason::EntryError,
    };
    vec![
        vec![
            prepay().into(),
            issue_code().into(),
            hand_over().into(),
            revoke_code().into(),
            ReturnToBoard {}.into(),
            allocate().into(),
        ],
        vec![
            prepay().into(),
            redeem().into(),
            reverse_redemption().into(),
            rehome(6000).into(),
            expire().into(),
        ],
        vec![
            prepay_credit().into(),
            redeem_amount(2500).into(),
            refund().into(),
        ],
        vec![prepay().into(), void.into()],
    ]
}
