//! How many of an item with a daily limit were handed out on a day. Every use has a number of the
//! day, and every use that was taken back another: each is a unique key, so that no two commands
//! take the same, and they have no gaps, so that the last is found with a few looks.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{ItemId, NetworkId, RedemptionId, VenueId};
use domain::network::{Initiative, Network};
use domain::venue::Counter;
use domain::voucher::of_the_day::{OfTheDay, Tally};
use domain::voucher::{Redemption, VoucherEvent};

use crate::executor::Failure;
use crate::log::LogError;
use crate::lookup::{KeyKind, Lookup, LookupWrite};
use crate::work::Work;

/// One item of one venue on one day.
#[derive(Clone, Copy)]
struct ItemDay {
    venue_id: VenueId,
    item_id: ItemId,
    day: NaiveDate,
}

/// How far the day has come, of an item with a limit. From here to the append nobody else in this
/// process counts on it.
pub(super) async fn tally(work: &mut Work, counter: &Counter) -> Result<Option<Tally>, Failure> {
    let Some(item) = counter.item.as_ref().filter(|it| it.daily_limit.is_some()) else {
        return Ok(None);
    };
    work.take_turn(item.item_id).await;
    let network = work.get::<Network>(NetworkId::of(work.network())).await?;
    let network = network.initiative().ok_or(Failure::NotFound)?;
    Ok(look(work.lookup(), counter, work.at(), network).await?)
}

/// The same without the turn, for who only looks.
pub(super) async fn look(
    lookup: &dyn Lookup,
    counter: &Counter,
    at: DateTime<Utc>,
    network: &Initiative,
) -> Result<Option<Tally>, LogError> {
    let item = counter.item.as_ref();
    let Some((item, limit)) = item.and_then(|item| item.daily_limit.map(|limit| (item, limit)))
    else {
        return Ok(None);
    };
    let of = ItemDay {
        venue_id: counter.venue_id,
        item_id: item.item_id,
        day: at.with_timezone(&network.founded.timezone).date_naive(),
    };
    Ok(Some(Tally {
        day: of.day,
        limit,
        used: last(lookup, KeyKind::UseOfTheDay, of).await?,
        taken_back: last(lookup, KeyKind::TakenBackOfTheDay, of).await?,
        place: 1,
    }))
}

/// How many uses of that item and day were taken back before this one is.
pub(super) async fn taken_back_before(work: &mut Work, used: &Redemption) -> Result<u32, Failure> {
    let Some((OfTheDay { day, .. }, item_id)) = used.of_the_day.zip(used.item_id) else {
        return Ok(0);
    };
    work.take_turn(item_id).await;
    let of = ItemDay {
        venue_id: used.venue_id,
        item_id,
        day,
    };
    Ok(last(work.lookup(), KeyKind::TakenBackOfTheDay, of).await?)
}

/// The key that an event takes.
pub(super) fn key(
    event: &VoucherEvent,
    find: impl Fn(RedemptionId) -> Option<Redemption>,
) -> Option<LookupWrite> {
    let (kind, redemption_id, of_the_day) = match event {
        VoucherEvent::Redeemed(it) => (KeyKind::UseOfTheDay, it.redemption_id, it.of_the_day?),
        VoucherEvent::RedemptionReversed(it) => {
            (KeyKind::TakenBackOfTheDay, it.redemption_id, it.of_the_day?)
        }
        _ => return None,
    };
    let used = find(redemption_id)?;
    let of = ItemDay {
        venue_id: used.venue_id,
        item_id: used.item_id?,
        day: of_the_day.day,
    };
    Some(LookupWrite::Key {
        kind,
        key: of.key(of_the_day.number),
        value: redemption_id.to_string(),
    })
}

impl ItemDay {
    fn key(self, number: u32) -> String {
        let Self {
            venue_id,
            item_id,
            day,
        } = self;
        format!("{venue_id}/{item_id}/{day}/{number}")
    }
}

/// The last number of the day, 0 = none: by doubling until one is free, then by halving.
async fn last(lookup: &dyn Lookup, kind: KeyKind, of: ItemDay) -> Result<u32, LogError> {
    let mut free = 1;
    while lookup.key(kind, of.key(free)).await?.is_some() {
        free *= 2;
    }
    let mut taken = free / 2;
    while free - taken > 1 {
        let middle = taken + (free - taken) / 2;
        if lookup.key(kind, of.key(middle)).await?.is_some() {
            taken = middle;
        } else {
            free = middle;
        }
    }
    Ok(taken)
}
