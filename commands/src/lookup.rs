//! Lookups: small tables that are written with the events, so that commands find what to decide on.
//!
//! They can be rebuilt from the log. Reports never read them.

use chrono::{DateTime, Utc};
use domain::ids::{ItemId, VenueId, VoucherId};
use domain::venue::ItemKind;
use domain::{Entity, Stream};
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::codes::CodeKeys;
use crate::log::{KeptAnswer, LogError};

/// Which unique key a row of the key table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// A voucher code's digest; the value is `voucher id/issue number`.
    Code,
    /// A token's digest; the value is the access id.
    Token,
    /// A use's number of the day, of an item with a daily limit: `venue/item/day/number`; the value
    /// is the use.
    UseOfTheDay,
    /// The number of the day among the uses taken back; the value is the use.
    TakenBackOfTheDay,
    /// What concerns somebody, or follows from something: `whose id/aggregate type/what`; the value
    /// is the id of the aggregate. See [`LookupWrite::concern`].
    Concern,
}

impl KeyKind {
    /// Its name in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Token => "token",
            Self::UseOfTheDay => "use_of_the_day",
            Self::TakenBackOfTheDay => "taken_back_of_the_day",
            Self::Concern => "concern",
        }
    }
}

/// What falls due at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DueKind {
    /// A voucher is past its last day.
    VoucherExpiry,
    /// A help request's window is over.
    HelpRequestExpiry,
    /// A task's window is over.
    TaskExpiry,
    /// A claim on a help request lapses.
    HelpRequestClaim,
    /// A claim on a task lapses.
    TaskClaim,
    /// The vouchers of a venue that takes none any more shall go elsewhere.
    VenueDisposal,
    /// A person is no longer to be held.
    SubjectRetention,
    /// A help request has ended whose texts are under its own key; the policy says how long after.
    HelpRequestTexts,
    /// A task has ended whose note is under its own key; the policy says how long after.
    TaskNote,
}

impl DueKind {
    /// Its name in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VoucherExpiry => "voucher_expiry",
            Self::HelpRequestExpiry => "help_request_expiry",
            Self::TaskExpiry => "task_expiry",
            Self::HelpRequestClaim => "help_request_claim",
            Self::TaskClaim => "task_claim",
            Self::VenueDisposal => "venue_disposal",
            Self::SubjectRetention => "subject_retention",
            Self::HelpRequestTexts => "help_request_texts",
            Self::TaskNote => "task_note",
        }
    }
}

/// A change of the lookups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupWrite {
    /// A new unique key; the append is refused as `LookupTaken` if it exists.
    Key {
        /// Which.
        kind: KeyKind,
        /// The digest, hexadecimal.
        key: String,
        /// What it leads to.
        value: String,
    },
    /// Where a usable voucher can be used: replaces all that was said of it. None = nowhere.
    Places {
        /// The voucher.
        voucher_id: VoucherId,
        /// One row per venue, or one for the whole network.
        places: Vec<VoucherPlace>,
    },
    /// Something falls due, or (without a time) no longer does.
    Due {
        /// What.
        kind: DueKind,
        /// The network's slug.
        network: String,
        /// The aggregate that it is about.
        id: Uuid,
        /// When.
        at: Option<DateTime<Utc>>,
    },
}

/// Where a usable voucher can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherPlace {
    /// The network's slug.
    pub network: String,
    /// The venue; `None` = every venue of the network.
    pub venue_id: Option<VenueId>,
    /// The item; `None` = any item of the kind, or a credit.
    pub item_id: Option<ItemId>,
    /// The kind of item; `None` = a credit.
    pub item_kind: Option<ItemKind>,
    /// For a voucher for the whole network: the highest price, in minor units.
    pub max_price_minor: i64,
    /// Whether anybody may take it.
    pub on_board: bool,
    /// When it was prepaid: the oldest goes first.
    pub since: DateTime<Utc>,
    /// The number in its prepayment, for those of one instant.
    pub ordinal: u32,
    /// The instant from which it is expired.
    pub expires_at: Option<DateTime<Utc>>,
}

/// One item of one venue, as the board is asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BoardKey {
    /// The network's slug.
    pub network: String,
    /// The venue.
    pub venue_id: VenueId,
    /// The item.
    pub item_id: ItemId,
    /// Its kind, for vouchers that any venue takes.
    pub item_kind: ItemKind,
    /// Its price, in minor units.
    pub price_minor: i64,
}

/// Something that fell due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The network's slug.
    pub network: String,
    /// The aggregate.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

impl Due {
    /// Where a list goes on: the instant and the id of the last that was seen.
    #[must_use]
    pub fn cursor(after: Option<&Self>) -> (DateTime<Utc>, Uuid) {
        after.map_or((DateTime::UNIX_EPOCH, Uuid::nil()), |due| (due.at, due.id))
    }
}

/// What commands may ask of the lookups.
pub trait Lookup: Send + Sync {
    /// What a unique key leads to.
    fn key(&self, kind: KeyKind, key: String) -> BoxFuture<'_, Result<Option<String>, LogError>>;

    /// Up to `limit` keys of this kind that begin with `beginning` and come after `after`, in
    /// order, each with what it leads to. `beginning` ends with `/`, and no key has another
    /// character right after what stands before that.
    fn keys_below(
        &self,
        kind: KeyKind,
        beginning: String,
        after: Option<String>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, LogError>>;

    /// Up to `limit` vouchers on the board for this item that are not expired at `at`, oldest
    /// first: those of the item, and those that any venue takes for such an item.
    fn board(
        &self,
        key: BoardKey,
        at: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<VoucherId>, LogError>>;

    /// Up to `limit` usable vouchers that name this venue, on the board or not, with an id after
    /// `after`, in order of id.
    fn vouchers_at(
        &self,
        network: String,
        venue: VenueId,
        after: Option<VoucherId>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<VoucherId>, LogError>>;

    /// Up to `limit` that fell due by `until` and come after `after`, the longest due first; those
    /// of one instant in order of id. `None` = from the first on.
    fn due(
        &self,
        kind: DueKind,
        after: Option<Due>,
        until: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Due>, LogError>>;

    /// What was answered to a command.
    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>>;
}

/// Lookups that can be made anew from the log.
pub trait RebuildLookups: Send + Sync {
    /// Empties the keys, places and dues (not the kept answers, which are not in the log) and takes
    /// them anew. Nobody sees it before `finish`, and no append gets in between: it is meant for
    /// maintenance, not for a busy hour. If the rebuild is dropped, everything is as before.
    fn rebuild_lookups(&self) -> BoxFuture<'_, Result<Box<dyn Rebuild>, LogError>>;
}

/// A rebuild that is under way.
pub trait Rebuild: Send {
    /// Adds the entries that follow from some of the events, in bounded batches, in the order of
    /// the log.
    fn write(&mut self, writes: Vec<LookupWrite>) -> BoxFuture<'_, Result<(), LogError>>;

    /// Puts the new lookups in the place of the old ones.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<(), LogError>>;
}

/// An aggregate's entries in the lookups, as a function of what happened to it, so that the same
/// function serves the append and a rebuild.
pub trait Indexed: Entity {
    /// The changes after these events led to this state. Most aggregates have none.
    fn lookups(
        &self,
        _stream: Stream,
        _events: &[Self::Event],
        _keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        Vec::new()
    }
}

impl LookupWrite {
    /// That an aggregate concerns somebody, or follows from something. `what` tells it from others
    /// of its kind; each is written once.
    #[must_use]
    pub fn concern(whose: Uuid, stream: Stream, what: impl std::fmt::Display) -> Self {
        Self::Key {
            kind: KeyKind::Concern,
            key: format!("{whose}/{}/{what}", stream.aggregate_type),
            value: stream.id.to_string(),
        }
    }

    /// The aggregate that the row is about, where the row does not outlive a picked voucher.
    pub(crate) fn subject(&self) -> Option<Uuid> {
        match self {
            Self::Key { .. } => None,
            Self::Places { voucher_id, .. } => Some(voucher_id.0),
            Self::Due { id, .. } => Some(*id),
        }
    }
}
