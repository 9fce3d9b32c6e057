//! Asking for boards: of a whole network, venue by venue, or of one venue.

use chrono::{DateTime, Utc};
use domain::ids::{ItemId, VenueId};
use domain::text::Slug;
use domain::venue::ItemKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::time::{instant, micros};

/// The most boards of one answer.
pub const MAX_BOARDS: u32 = 200;

/// Which boards.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// One venue; none = all.
    pub venue_id: Option<VenueId>,
    /// One kind of item; none = all, also credits.
    pub item_kind: Option<ItemKind>,
    /// How many at most, 1 to [`MAX_BOARDS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoucherBoardAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The boards, by the venue's name.
    pub boards: Vec<VenueBoard>,
    /// What every venue of the network takes that has such an item; it is whole in every answer.
    pub shared: Vec<SharedBoard>,
    /// How to ask for the boards after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// One item at one venue, or one kind of item, or the venue's credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VenueBoard {
    /// The venue.
    pub venue_id: VenueId,
    /// Its name.
    pub venue_name: String,
    /// Whether the venue is suspended: what waits here is moved elsewhere or refunded.
    pub suspended: bool,
    /// The item; absent for any item of the kind, and for credits.
    pub item_id: Option<ItemId>,
    /// Its kind; absent for credits.
    pub item_kind: Option<ItemKind>,
    /// Its name.
    pub item_name: Option<String>,
    /// Its price now, in minor units.
    pub price_minor: Option<i64>,
    /// What waits.
    #[serde(flatten)]
    pub count: Count,
}

/// What waits for one kind of item at every venue of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SharedBoard {
    /// The kind; absent for credits.
    pub item_kind: Option<ItemKind>,
    /// The highest price that is covered, in minor units; absent for credits.
    pub max_price_minor: Option<i64>,
    /// What waits.
    #[serde(flatten)]
    pub count: Count,
}

/// The numbers of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Count {
    /// How many vouchers anybody who asks may have now.
    pub on_board: i64,
    /// What is left on them together, in minor units.
    pub on_board_minor: i64,
    /// When the oldest of them was prepaid.
    pub oldest_since: Option<DateTime<Utc>>,
    /// When the first of them expires.
    pub next_expires_at: Option<DateTime<Utc>>,
    /// How many were used here, from the board or by code, without those taken back. A voucher of
    /// the whole network counts where it was used and among the shared ones.
    pub redeemed: i64,
}

/// The boards of a network.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn voucher_board(
    store: &dyn ReadStore,
    filter: &Filter,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<VoucherBoardAnswer, StoreError> {
    let limit = filter.limit.clamp(1, MAX_BOARDS);
    let queries = vec![
        venue_boards(filter, limit, now)?,
        shared_boards(filter, now),
    ];
    let mut snapshot = ask(store, super::MODEL, queries, seen.position, seen.wait).await?;
    let shared: Vec<FoundBoard> = snapshot.found.pop().unwrap_or_default().read()?;
    let mut found: Vec<FoundBoard> = snapshot.found.pop().unwrap_or_default().read()?;
    let more = cursor::cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    let next_cursor = last.map(|last| cursor::write(&[&last.venue_name, &last.key]));
    Ok(VoucherBoardAnswer {
        view: View::at(&snapshot.checkpoint, seen.position),
        boards: found
            .into_iter()
            .filter_map(|found| found.at_venue(now))
            .collect(),
        shared: shared.into_iter().map(FoundBoard::shared).collect(),
        next_cursor,
    })
}

/// The columns of a board; `$2` is the time now.
macro_rules! counts {
    () => {
        "b.key, b.redeemed,
         b.waiting - (SELECT COUNT(*) FROM voucher_board_waiting w
                      WHERE w.board = b.key AND w.expires_at <= $2) AS on_board,
         b.waiting_minor - COALESCE((SELECT CAST(SUM(w.remaining_minor) AS BIGINT)
                      FROM voucher_board_waiting w
                      WHERE w.board = b.key AND w.expires_at <= $2), 0) AS on_board_minor,
         (SELECT MIN(w.since) FROM voucher_board_waiting w
          WHERE w.board = b.key AND (w.expires_at IS NULL OR w.expires_at > $2)) AS oldest_since,
         (SELECT MIN(w.expires_at) FROM voucher_board_waiting w
          WHERE w.board = b.key AND w.expires_at > $2) AS next_expires_at"
    };
}

/// The columns and the condition of a board at a venue.
macro_rules! at_venues {
    ($which:literal) => {
        concat!(
            "SELECT ",
            counts!(),
            ", b.venue_id, v.name AS venue_name, v.suspended_from, b.item_id,
               b.item_kind, i.name AS item_name, i.price_minor
             FROM voucher_board_venue v
             JOIN voucher_board_board b ON b.venue_id = v.key
             LEFT JOIN voucher_board_item i ON i.key = b.venue_id || '|' || b.item_id
             WHERE v.network = $1 AND ",
            $which,
            " AND (v.left_from IS NULL OR v.left_from > $2)
              AND (CAST($3 AS TEXT) IS NULL OR b.item_kind = $3)
              AND (b.waiting > 0 OR i.delisted = 0)
              AND (v.name, b.key) > ($4, $5)
             ORDER BY v.name, b.key LIMIT $6"
        )
    };
}

fn venue_boards(filter: &Filter, limit: u32, now: DateTime<Utc>) -> Result<Query, StoreError> {
    let [name, key] = cursor::read(filter.cursor.as_deref())?;
    let mut args: Vec<Arg> = vec![
        filter.network.as_str().into(),
        micros(now).into(),
        filter.item_kind.map(|kind| kind.to_string()).into(),
        name.into(),
        key.into(),
        (i64::from(limit) + 1).into(),
    ];
    let sql = if let Some(venue_id) = filter.venue_id {
        args.push(venue_id.to_string().into());
        at_venues!("v.key = $7")
    } else {
        at_venues!("true")
    };
    Ok(Query { sql, args })
}

fn shared_boards(filter: &Filter, now: DateTime<Utc>) -> Query {
    let sql = concat!(
        "SELECT ",
        counts!(),
        ", b.item_kind, b.max_price_minor FROM voucher_board_board b
         WHERE b.network = $1 AND b.venue_id IS NULL
           AND (CAST($3 AS TEXT) IS NULL OR b.item_kind = $3)
         ORDER BY b.key"
    );
    let args = vec![
        filter.network.as_str().into(),
        micros(now).into(),
        filter.item_kind.map(|kind| kind.to_string()).into(),
    ];
    Query { sql, args }
}

#[derive(Deserialize)]
struct FoundBoard {
    key: String,
    redeemed: i64,
    on_board: i64,
    on_board_minor: i64,
    oldest_since: Option<i64>,
    next_expires_at: Option<i64>,
    venue_id: Option<VenueId>,
    #[serde(default)]
    venue_name: String,
    suspended_from: Option<i64>,
    item_id: Option<ItemId>,
    item_kind: Option<ItemKind>,
    item_name: Option<String>,
    price_minor: Option<i64>,
    max_price_minor: Option<i64>,
}

impl FoundBoard {
    fn count(&self) -> Count {
        Count {
            on_board: self.on_board,
            on_board_minor: self.on_board_minor,
            oldest_since: self.oldest_since.map(instant),
            next_expires_at: self.next_expires_at.map(instant),
            redeemed: self.redeemed,
        }
    }

    fn at_venue(self, now: DateTime<Utc>) -> Option<VenueBoard> {
        Some(VenueBoard {
            venue_id: self.venue_id?,
            suspended: self.suspended_from.is_some_and(|from| from <= micros(now)),
            item_id: self.item_id,
            item_kind: self.item_kind,
            count: self.count(),
            item_name: self.item_name,
            price_minor: self.price_minor,
            venue_name: self.venue_name,
        })
    }

    fn shared(self) -> SharedBoard {
        SharedBoard {
            item_kind: self.item_kind,
            max_price_minor: self.max_price_minor,
            count: self.count(),
        }
    }
}
