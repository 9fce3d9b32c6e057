//! Vouchers and commands that the tests of this folder start from.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::prepay::{Prepaid, Prepay};
use super::redeem::{Means, Redeem, RedemptionSource};
use super::{Funding, HeldBy, Kind, OnExpiry, Placed, Source, ValidAt, Voucher};
use crate::Entity;
use crate::ids::{DonorId, FundId, ItemId, PrepaymentId, RedemptionId, VenueId};
use crate::money::Minor;
use crate::network::set_policy::PriceRiseBorneBy;
use crate::text::{Name, Slug};
use crate::venue::{Counter, ItemKind, ListedItem, Standing};

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
        }),
    }
}

pub fn counter_that_left() -> Counter {
    Counter {
        standing: Standing::Left,
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
    }
}

/// The voucher after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = super::VoucherCommand>) -> Voucher {
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
