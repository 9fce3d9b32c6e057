//! Vouchers as they wait on boards: what every read model that counts them remembers of each.
//!
//! A read model declares three tables of its own with `voucher_tables!` and passes every act of a
//! voucher to [`follow`]. A board says how many vouchers wait on it; those whose last day is over by
//! the clock, while `expired` is not recorded yet, are taken off when it is read.

use domain::event::Act;
use domain::venue::ItemKind;
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::{MeansKind, Redeemed};
use domain::voucher::{Kind, Placed, ValidAt, VoucherEvent};
use serde::{Deserialize, Serialize};

use crate::fold::Stop;
use crate::rows::Rows;
use crate::table::Row;

/// What is remembered of one voucher, so that whatever happens to it later can be applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Where it can be used.
    pub valid_at: ValidAt,
    /// What it is for.
    pub kind: Kind,
    /// Whether anybody who asks may have it.
    pub on_board: bool,
    /// Whether it is neither used up nor expired, refunded or voided.
    pub usable: bool,
    /// What is left on it, in minor units.
    pub remaining_minor: i64,
    /// When it was prepaid, in microseconds.
    pub since: i64,
    /// The instant from which it is expired, in microseconds.
    pub expires_at: Option<i64>,
    /// The uses that were not taken back: the redemption's id and the boards that count it.
    pub uses: Vec<(String, Vec<String>)>,
}

/// One board: what a voucher on it can be used for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The venue; none = every venue of the network.
    pub venue_id: Option<String>,
    /// The venue's item; none = any item of the kind.
    pub item_id: Option<String>,
    /// The kind of item; none = a credit.
    pub item_kind: Option<ItemKind>,
    /// On the network's board: the highest price that is covered, in minor units.
    pub max_price_minor: Option<i64>,
}

/// A voucher on a board.
struct Wait {
    spot: Spot,
    /// The board's key.
    board: String,
    /// The key of the row that says so.
    key: String,
}

/// A row that holds a [`Slip`]; its key is the voucher's id.
pub trait SlipRow: Row {
    /// A row of a voucher that was prepaid.
    fn new(key: String, slip: Slip) -> Self;
    /// What is remembered.
    fn slip(&self) -> &Slip;
}

/// A row that says that one voucher waits on one board; there is none once it no longer waits.
pub trait WaitingRow: Row {
    /// A row of this voucher on this board.
    fn new(key: String, network: String, board: String, slip: &Slip) -> Self;
}

/// A row that counts for one board.
pub trait BoardRow: Row {
    /// A board on which nothing waits yet.
    fn new(key: String, network: String, spot: Spot) -> Self;
    /// How many wait, what is left on them together in minor units, and how many were used.
    fn counts(&mut self) -> (&mut i64, &mut i64, &mut i64);
    /// Says whether any wait, after they were counted.
    fn say_whether_any_wait(&mut self);
}

/// The tables that a read model keeps of vouchers.
pub trait Tables {
    /// One row per voucher.
    type Slip: SlipRow;
    /// One row per voucher and board on which it waits.
    type Waiting: WaitingRow;
    /// One row per board.
    type Board: BoardRow;
}

/// Applies an act of a voucher.
///
/// # Errors
/// As [`crate::fold::Fold::apply`].
pub fn follow<T: Tables>(act: &Act, event: &VoucherEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    if let VoucherEvent::Prepaid(prepaid) = event {
        let slip = Slip::of(prepaid, act.occurred_at.timestamp_micros());
        enter::<T>(&id, &slip, act, rows)?;
        rows.put(T::Slip::new(id, slip));
        return Ok(());
    }
    let Some(row) = rows.get::<T::Slip>(&id)? else {
        return Err(Stop::Broken(format!("voucher {id} was never prepaid")));
    };
    let before = row.slip();
    let mut after = before.clone();
    let counted = after.apply(event, act);
    if after == *before {
        return Ok(());
    }
    let (waits, remaining) = (before.waits(&id, &act.network), before.remaining_minor);
    leave::<T>(waits, remaining, act, rows)?;
    enter::<T>(&id, &after, act, rows)?;
    for (spot, by) in counted {
        let board = spot.key(&act.network);
        count::<T>(spot, &board, act, rows, |_, _, used| *used += by)?;
    }
    rows.put(T::Slip::new(id, after));
    Ok(())
}

/// Makes sure that there is a board for what a venue sells, even while nothing waits on it.
///
/// # Errors
/// As [`crate::fold::Fold::apply`].
pub fn open<T: Tables>(spot: Spot, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
    let board = spot.key(&act.network);
    count::<T>(spot, &board, act, rows, |_, _, _| ())
}

fn enter<T: Tables>(id: &str, slip: &Slip, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
    for Wait { spot, board, key } in slip.waits(id, &act.network) {
        count::<T>(spot, &board, act, rows, |waiting, left, _| {
            *waiting += 1;
            *left += slip.remaining_minor;
        })?;
        rows.put(T::Waiting::new(key, act.network.clone(), board, slip));
    }
    Ok(())
}

fn leave<T: Tables>(
    waits: Vec<Wait>,
    remaining_minor: i64,
    act: &Act,
    rows: &mut Rows,
) -> Result<(), Stop> {
    for Wait { spot, board, key } in waits {
        count::<T>(spot, &board, act, rows, |waiting, left, _| {
            *waiting -= 1;
            *left -= remaining_minor;
        })?;
        rows.delete::<T::Waiting>(&key);
    }
    Ok(())
}

fn count<T: Tables>(
    spot: Spot,
    board: &str,
    act: &Act,
    rows: &mut Rows,
    change: impl FnOnce(&mut i64, &mut i64, &mut i64),
) -> Result<(), Stop> {
    let new = || T::Board::new(board.to_owned(), act.network.clone(), spot);
    rows.upsert::<T::Board>(board, new, |board| {
        let (waiting, left, used) = board.counts();
        change(waiting, left, used);
        board.say_whether_any_wait();
    })
}

/// The key of the board of a venue's item.
#[must_use]
pub fn item_key(network: &str, venue_id: &str, item_id: &str) -> String {
    format!("{network}|{venue_id}|{item_id}")
}

impl Spot {
    /// The board's key in the tables.
    #[must_use]
    pub fn key(&self, network: &str) -> String {
        let venue = self.venue_id.as_deref().unwrap_or("*");
        match (&self.item_id, self.item_kind, self.max_price_minor) {
            (Some(item), _, _) => item_key(network, venue, item),
            (None, Some(kind), Some(max)) => format!("{network}|{venue}|{kind}:{max}"),
            (None, Some(kind), None) => format!("{network}|{venue}|{kind}"),
            (None, None, _) => format!("{network}|{venue}|credit"),
        }
    }

    /// The board of a venue's item.
    #[must_use]
    pub fn of_item(venue_id: String, item_id: String, item_kind: ItemKind) -> Self {
        Self {
            venue_id: Some(venue_id),
            item_id: Some(item_id),
            item_kind: Some(item_kind),
            max_price_minor: None,
        }
    }
}

impl Slip {
    fn of(prepaid: &Prepaid, since: i64) -> Self {
        Self {
            valid_at: prepaid.valid_at.clone(),
            kind: prepaid.kind.clone(),
            on_board: prepaid.placed == Placed::Board,
            usable: true,
            remaining_minor: prepaid.kind.value_minor().get(),
            since,
            expires_at: prepaid.expires_at.map(|at| at.timestamp_micros()),
            uses: Vec::new(),
        }
    }

    /// Where the voucher with this id waits now, with the keys of the rows that say so. Those that came at
    /// the same time lie together: by the voucher's id each would be on a page of its own.
    fn waits(&self, id: &str, network: &str) -> Vec<Wait> {
        let wait = |spot: Spot| {
            let board = spot.key(network);
            let key = format!("{board}|{:019}|{id}", self.since);
            Wait { spot, board, key }
        };
        self.spots().into_iter().map(wait).collect()
    }

    /// The boards on which it waits now.
    #[must_use]
    pub fn spots(&self) -> Vec<Spot> {
        if !self.usable || !self.on_board {
            return Vec::new();
        }
        match &self.valid_at {
            ValidAt::Venue { venue_id } => vec![self.spot_at(venue_id.to_string())],
            ValidAt::Venues { venue_ids } => {
                let at = |venue_id: &domain::ids::VenueId| self.spot_at(venue_id.to_string());
                venue_ids.iter().map(at).collect()
            }
            ValidAt::Network { .. } => self.shared_spot().into_iter().collect(),
        }
    }

    fn spot_at(&self, venue_id: String) -> Spot {
        let (item_id, item_kind) = match &self.kind {
            Kind::Item {
                item_id, item_kind, ..
            } => (item_id.map(|id| id.to_string()), Some(*item_kind)),
            Kind::Credit { .. } => (None, None),
        };
        Spot {
            venue_id: Some(venue_id),
            item_id,
            item_kind,
            max_price_minor: None,
        }
    }

    fn shared_spot(&self) -> Option<Spot> {
        let ValidAt::Network {
            item_kind,
            max_price_minor,
        } = &self.valid_at
        else {
            return None;
        };
        let is_credit = matches!(self.kind, Kind::Credit { .. });
        Some(Spot {
            venue_id: None,
            item_id: None,
            item_kind: (!is_credit).then_some(*item_kind),
            max_price_minor: (!is_credit).then_some(max_price_minor.get()),
        })
    }

    /// Changes it; says which boards count one use more or less.
    fn apply(&mut self, event: &VoucherEvent, act: &Act) -> Vec<(Spot, i64)> {
        match event {
            VoucherEvent::Prepaid(_)
            | VoucherEvent::CodeRevoked(_)
            | VoucherEvent::HandedOver(_) => {}
            VoucherEvent::CodeIssued(_) | VoucherEvent::Allocated(_) => self.on_board = false,
            VoucherEvent::ReturnedToBoard(_) => self.on_board = true,
            VoucherEvent::Redeemed(redeemed) => return self.redeem(redeemed, act),
            VoucherEvent::RedemptionReversed(reversed) => {
                self.usable = true;
                self.on_board = reversed.returned_to == MeansKind::Board;
                self.remaining_minor = reversed.remaining_minor.get();
                return self.forget_use(&reversed.redemption_id.to_string(), &act.network);
            }
            VoucherEvent::Rehomed(rehomed) => {
                if let Some(moved) = self.valid_at.moved(rehomed.from_venue, rehomed.to_venue) {
                    self.valid_at = moved;
                }
                if let Kind::Item { item_id, .. } = &mut self.kind {
                    *item_id = rehomed.new_item.or(*item_id);
                }
                self.remaining_minor = rehomed.new_value_minor.get();
            }
            VoucherEvent::Expired(_) | VoucherEvent::Refunded(_) | VoucherEvent::Voided(_) => {
                self.usable = false;
                self.remaining_minor = 0;
            }
        }
        Vec::new()
    }

    fn redeem(&mut self, redeemed: &Redeemed, act: &Act) -> Vec<(Spot, i64)> {
        self.remaining_minor = redeemed.remaining_minor.get();
        self.usable = matches!(self.kind, Kind::Credit { .. }) && self.remaining_minor > 0;
        let mut spot = self.spot_at(redeemed.venue_id.to_string());
        if let Some(item_id) = redeemed.item_id {
            spot.item_id = Some(item_id.to_string());
        }
        let spots: Vec<Spot> = std::iter::once(spot).chain(self.shared_spot()).collect();
        let boards = spots.iter().map(|spot| spot.key(&act.network)).collect();
        self.uses.push((redeemed.redemption_id.to_string(), boards));
        spots.into_iter().map(|spot| (spot, 1)).collect()
    }

    fn forget_use(&mut self, redemption: &str, network: &str) -> Vec<(Spot, i64)> {
        let Some(place) = self.uses.iter().position(|(id, _)| id == redemption) else {
            return Vec::new();
        };
        let (_, boards) = self.uses.remove(place);
        let spot = |board: String| Some((Spot::of_key(&board, network)?, -1));
        boards.into_iter().filter_map(spot).collect()
    }
}

impl Spot {
    /// The board with this key; its row exists, so only what makes the key is needed.
    fn of_key(key: &str, network: &str) -> Option<Self> {
        let rest = key.strip_prefix(network)?.strip_prefix('|')?;
        let (venue, what) = rest.split_once('|')?;
        let venue_id = (venue != "*").then(|| venue.to_owned());
        let (kind, max) = what.split_once(':').unwrap_or((what, ""));
        let item_kind = kind.parse().ok();
        let is_item = item_kind.is_none() && what != "credit";
        Some(Self {
            venue_id,
            item_id: is_item.then(|| what.to_owned()),
            item_kind,
            max_price_minor: max.parse().ok(),
        })
    }
}

/// Declares the tables that a read model keeps of vouchers.
#[macro_export]
macro_rules! voucher_tables {
    ($tables:ident: $slips:literal, $waiting:literal, $boards:literal) => {
        $crate::row! {
            /// What is remembered of a voucher.
            pub struct SlipOf in $slips indexes [] {
                /// The voucher's id.
                key: String,
                /// What is remembered.
                slip: $crate::table::Json<$crate::waiting::Slip>,
            }
        }

        $crate::row! {
            /// A voucher that waits on a board.
            pub struct Waiting in $waiting indexes [(board, expires_at, since), (network, expires_at)] {
                /// The board's key, when it was prepaid and the voucher's id.
                key: String,
                /// The network's slug.
                network: String,
                /// The board's key.
                board: String,
                /// When it was prepaid, in microseconds.
                since: i64,
                /// The instant from which it is expired, in microseconds.
                expires_at: Option<i64>,
                /// What is left on it, in minor units.
                remaining_minor: i64,
            }
        }

        $crate::row! {
            /// A board with its counts.
            pub struct Board in $boards indexes [
                (venue_id, network), (network, any_wait, item_kind, venue_id)
            ] {
                /// Network, venue (or `*`) and item, kind or `credit`.
                key: String,
                /// The network's slug.
                network: String,
                /// The venue; null = every venue of the network.
                venue_id: Option<String>,
                /// The venue's item; null = any item of the kind, or a credit.
                item_id: Option<String>,
                /// The kind; null = a credit, or what was given for a credit.
                item_kind: Option<String>,
                /// On the network's board: the highest price that is covered, in minor units.
                max_price_minor: Option<i64>,
                /// How many vouchers wait, also those whose last day is over by the clock.
                waiting: i64,
                /// What is left on them together, in minor units.
                waiting_minor: i64,
                /// How many uses were not taken back.
                redeemed: i64,
                /// 1 = some wait. The few boards of a town on which some do are found by it, and it
                /// changes less often than their number.
                any_wait: i64,
            }
        }

        /// The tables that this read model keeps of vouchers.
        pub struct $tables;

        impl $crate::waiting::Tables for $tables {
            type Slip = SlipOf;
            type Waiting = Waiting;
            type Board = Board;
        }

        impl $crate::waiting::SlipRow for SlipOf {
            fn new(key: String, slip: $crate::waiting::Slip) -> Self {
                Self { key, slip: $crate::table::Json(slip) }
            }
            fn slip(&self) -> &$crate::waiting::Slip { &self.slip.0 }
        }

        impl $crate::waiting::WaitingRow for Waiting {
            fn new(key: String, network: String, board: String, slip: &$crate::waiting::Slip) -> Self {
                let (since, expires_at) = (slip.since, slip.expires_at);
                Self { key, network, board, since, expires_at, remaining_minor: slip.remaining_minor }
            }
        }

        impl $crate::waiting::BoardRow for Board {
            fn new(key: String, network: String, spot: $crate::waiting::Spot) -> Self {
                Self {
                    key,
                    network,
                    venue_id: spot.venue_id,
                    item_id: spot.item_id,
                    item_kind: spot.item_kind.map(|kind| kind.to_string()),
                    max_price_minor: spot.max_price_minor,
                    waiting: 0,
                    waiting_minor: 0,
                    redeemed: 0,
                    any_wait: 0,
                }
            }
            fn say_whether_any_wait(&mut self) { self.any_wait = i64::from(self.waiting > 0); }
            fn counts(&mut self) -> (&mut i64, &mut i64, &mut i64) {
                (&mut self.waiting, &mut self.waiting_minor, &mut self.redeemed)
            }
        }
    };
}
