//! The lookups: what commands find their streams by.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use commands::log::Append;
use commands::lookup::{BoardKey, Due, DueKind, KeyKind, LookupWrite, VoucherPlace};
use domain::ids::{ItemId, VenueId, VoucherId};
use domain::venue::ItemKind;
use uuid::Uuid;

use super::given::{done, one, stream};
use super::{Handle, Harness};

const COFFEE: ItemKind = ItemKind::HotDrink;

fn venue(number: u128) -> VenueId {
    VenueId(Uuid::from_u128(0xA000 + number))
}

fn item(number: u128) -> ItemId {
    ItemId(Uuid::from_u128(0xB000 + number))
}

fn voucher(number: u128) -> VoucherId {
    VoucherId(stream(number).id)
}

fn day(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 7_000).expect("valid") + TimeDelta::days(number)
}

/// On the board of venue 1 for item 1, since day 1, without an end.
fn place() -> VoucherPlace {
    VoucherPlace {
        network: "praha".into(),
        venue_id: Some(venue(1)),
        item_id: Some(item(1)),
        item_kind: Some(COFFEE),
        max_price_minor: 0,
        on_board: true,
        since: day(1),
        ordinal: 1,
        expires_at: None,
    }
}

fn places(number: u128, places: Vec<VoucherPlace>) -> LookupWrite {
    LookupWrite::Places {
        voucher_id: voucher(number),
        places,
    }
}

/// Appends an event in a stream of its own with these changes.
async fn write(handle: &Handle, lookups: Vec<LookupWrite>) {
    static NEXT: AtomicI64 = AtomicI64::new(1_000_000);
    let own = stream(u128::from(
        NEXT.fetch_add(1, Ordering::Relaxed).unsigned_abs(),
    ));
    let append = Append {
        lookups,
        ..one(&*handle.log, own, 0)
    };
    done(handle.log.append(append).await);
}

async fn board_of(handle: &Handle, key: BoardKey, at: DateTime<Utc>, limit: usize) -> Vec<u128> {
    let board = handle.lookup.board(key, at, limit).await.expect("a board");
    board.into_iter().map(|id| id.0.as_u128()).collect()
}

fn board_key() -> BoardKey {
    BoardKey {
        network: "praha".into(),
        venue_id: venue(1),
        item_id: item(1),
        item_kind: COFFEE,
        price_minor: 6_000,
    }
}

/// What lies on one board, and beside it.
fn on_and_beside_the_board() -> Vec<LookupWrite> {
    let with = |change: fn(&mut VoucherPlace)| {
        let mut place = place();
        change(&mut place);
        vec![place]
    };
    let anywhere = |change: fn(&mut VoucherPlace)| {
        let mut place = VoucherPlace {
            venue_id: None,
            item_id: None,
            max_price_minor: 6_000,
            ..place()
        };
        change(&mut place);
        vec![place]
    };
    vec![
        places(1, with(|p| p.since = day(5))),
        places(2, with(|p| p.ordinal = 2)),
        places(3, with(|_| {})),
        places(4, anywhere(|p| p.since = day(3))),
        places(5, anywhere(|p| p.max_price_minor = 5_999)),
        places(6, anywhere(|p| p.item_kind = Some(ItemKind::Soup))),
        places(7, with(|p| p.on_board = false)),
        places(8, with(|p| p.venue_id = Some(venue(2)))),
        places(9, with(|p| p.item_id = Some(item(2)))),
        places(10, with(|p| p.network = "brno".into())),
        places(11, with(|p| p.expires_at = Some(day(10)))),
        places(
            12,
            with(|p| {
                p.item_id = None;
                p.since = day(4);
            }),
        ),
        places(13, anywhere(|p| p.item_kind = None)),
    ]
}

pub async fn the_board_gives_the_oldest_first(harness: &impl Harness) {
    let handle = harness.open().await;
    write(&handle, on_and_beside_the_board()).await;
    let just_before = day(10) - TimeDelta::microseconds(1);
    let before = board_of(&handle, board_key(), just_before, 100).await;
    assert_eq!(before, [3, 11, 2, 4, 12, 1]);
    let expired = board_of(&handle, board_key(), day(10), 100).await;
    assert_eq!(expired, [3, 2, 4, 12, 1]);
    assert_eq!(board_of(&handle, board_key(), day(10), 3).await, [3, 2, 4]);

    let elsewhere = vec![VoucherPlace {
        venue_id: Some(venue(2)),
        ..place()
    }];
    write(&handle, vec![places(3, vec![]), places(2, elsewhere)]).await;
    assert_eq!(
        board_of(&handle, board_key(), day(10), 100).await,
        [4, 12, 1]
    );
    let key = BoardKey {
        venue_id: venue(2),
        ..board_key()
    };
    assert_eq!(board_of(&handle, key, day(9), 100).await, [2, 8, 4]);
}

pub async fn a_venue_names_its_vouchers_in_parts(harness: &impl Harness) {
    let handle = harness.open().await;
    let at = |numbers: &[u128]| {
        let places = numbers.iter().map(|number| VoucherPlace {
            venue_id: Some(venue(*number)),
            on_board: false,
            ..place()
        });
        places.collect::<Vec<_>>()
    };
    let writes = (1..=5).map(|n| places(n, at(&[1, 2]))).collect();
    write(&handle, writes).await;
    let network_wide = VoucherPlace {
        venue_id: None,
        ..place()
    };
    write(
        &handle,
        vec![places(6, vec![network_wide]), places(3, at(&[2]))],
    )
    .await;
    let page = async |venue, after, limit| {
        let found = handle
            .lookup
            .vouchers_at("praha".into(), venue, after, limit);
        found.await.expect("a page")
    };
    assert_eq!(page(venue(1), None, 2).await, [voucher(1), voucher(2)]);
    assert_eq!(
        page(venue(1), Some(voucher(2)), 9).await,
        [voucher(4), voucher(5)]
    );
    assert_eq!(page(venue(2), None, 9).await.len(), 5);
    assert_eq!(page(venue(3), None, 9).await, []);
}

pub async fn what_fell_due_is_found(harness: &impl Harness) {
    let handle = harness.open().await;
    let due = |kind, number, at| LookupWrite::Due {
        kind,
        network: "praha".into(),
        id: stream(number).id,
        at,
    };
    let expiry = DueKind::VoucherExpiry;
    let writes = vec![
        due(expiry, 1, Some(day(3))),
        due(expiry, 2, Some(day(1))),
        due(expiry, 3, Some(day(2))),
        due(DueKind::TaskExpiry, 4, Some(day(1))),
    ];
    write(&handle, writes).await;
    let found = async |until, limit| {
        let found = handle.lookup.due(expiry, None, until, limit).await;
        let found = found.expect("a list").into_iter();
        found
            .map(|due: Due| (due.id.as_u128(), due.at))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(day(2), 9).await, [(2, day(1)), (3, day(2))]);
    assert_eq!(found(day(9), 1).await, [(2, day(1))]);
    write(
        &handle,
        vec![due(expiry, 2, None), due(expiry, 1, Some(day(0)))],
    )
    .await;
    assert_eq!(found(day(9), 9).await, [(1, day(0)), (3, day(2))]);
}

pub async fn a_rebuild_is_seen_when_it_is_finished(harness: &impl Harness) {
    let handle = harness.open().await;
    let code = |code: &str| LookupWrite::Key {
        kind: KeyKind::Code,
        key: code.into(),
        value: "somewhere".into(),
    };
    write(&handle, vec![code("old"), places(1, vec![place()])]).await;

    let mut dropped = handle.rebuild.rebuild_lookups().await.expect("a rebuild");
    dropped.write(vec![code("new")]).await.expect("written");
    drop(dropped);
    assert_eq!(board_of(&handle, board_key(), day(9), 9).await, [1]);

    let mut rebuild = handle.rebuild.rebuild_lookups().await.expect("a rebuild");
    let parts = [
        vec![
            code("new"),
            places(2, vec![place()]),
            places(3, vec![place()]),
        ],
        vec![places(3, vec![])],
    ];
    for part in parts {
        rebuild.write(part).await.expect("written");
    }
    rebuild.finish().await.expect("finished");
    assert_eq!(board_of(&handle, board_key(), day(9), 9).await, [2]);
    let found = |code: &str| handle.lookup.key(KeyKind::Code, code.into());
    assert_eq!(found("old").await, Ok(None));
    assert_eq!(found("new").await, Ok(Some("somewhere".into())));
}
