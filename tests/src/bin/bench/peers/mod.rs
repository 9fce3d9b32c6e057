//! What ours is measured against.

pub mod bare_postgres;
pub mod bare_sqlite;
pub mod disintegrate;
pub mod postgres_es;

use chrono::{DateTime, Utc};
use domain::ids::{FundId, ItemId, PrepaymentId, RedemptionId, VenueId, VoucherId};
use domain::network::set_policy::PriceRiseBorneBy;
use domain::venue::{Counter, ItemKind, ListedItem, Standing};
use domain::voucher::prepay::{Prepaid, Prepay};
use domain::voucher::redeem::{Means, Redeem, RedemptionSource};
use domain::voucher::{Funding, HeldBy, Kind, OnExpiry, Placed, Source, ValidAt};
use sqlx::postgres::{PgPool, PgPoolOptions};
use tests::acts::minor;
use uuid::Uuid;

use crate::town::PRICE;

/// Connections of a library that takes one per command: more than the cores can use, and fewer
/// than make the server stumble (with 64 they were slower).
const CONNECTIONS: u32 = 16;

/// A pool as a service that is built on a library would have.
pub async fn pool(url: &str) -> PgPool {
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(std::time::Duration::from_mins(1));
    pool.connect(url).await.expect("a database")
}

/// The voucher of a client's act: the same one for a prepayment and the redemption after it.
pub fn voucher(client: usize, acted: usize) -> Uuid {
    let number = u128::try_from((client << 32) | (acted / 2)).unwrap_or_default();
    Uuid::from_u128(number << 64 | 0xbe9c)
}

/// One coffee for the board, decided as ours is.
pub fn prepay(voucher: Uuid, at: DateTime<Utc>) -> Prepay {
    let network = "praha".parse().expect("a slug");
    let counter = counter();
    let item = counter.item.clone().expect("a coffee");
    let prepaid = Prepaid {
        fund_id: FundId::common(&network),
        network,
        at,
        prepayment_id: PrepaymentId(voucher),
        ordinal: 1,
        kind: Kind::Item {
            item_id: Some(item.item_id),
            item_kind: item.kind,
            name: item.name,
            price_minor: item.price_minor,
        },
        currency: "CZK".parse().expect("a currency"),
        valid_at: ValidAt::Venue {
            venue_id: counter.venue_id,
        },
        placed: Placed::Board,
        donor_id: None,
        funding: Funding {
            source: Source::BankTransfer,
            held_by: HeldBy::Network,
            donation_id: None,
        },
        campaign: None,
        expires_on: None,
        expires_at: None,
        on_expiry: OnExpiry::CommonFund,
        origin_voucher: None,
    };
    Prepay {
        prepaid,
        counters: vec![counter],
        fund_is_open: true,
        organisations_take_part: true,
    }
}

/// Its use.
pub fn redeem(voucher: Uuid, at: DateTime<Utc>) -> Redeem {
    Redeem {
        redemption_id: RedemptionId(VoucherId(voucher).0),
        at,
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

fn counter() -> Counter {
    Counter {
        venue_id: VenueId(Uuid::from_u128(0x0e)),
        standing: Standing::Open,
        item: Some(ListedItem {
            item_id: ItemId(Uuid::from_u128(0x17)),
            kind: ItemKind::HotDrink,
            name: "Káva".parse().expect("a name"),
            price_minor: minor(PRICE),
            daily_limit: None,
            delisted: false,
        }),
    }
}
