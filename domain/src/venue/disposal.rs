//! What becomes of the vouchers of a venue that takes none any more: nobody's is stranded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ItemKind;
use crate::ids::{ItemId, VenueId};

/// What shall become of a venue's vouchers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Disposal {
    /// They shall be valid at another venue; what has no counterpart there is refunded.
    RehomeTo {
        /// The other venue.
        venue_id: VenueId,
        /// Its item for each kind; for a kind that is not named, any item of that kind.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        items: BTreeMap<ItemKind, ItemId>,
    },
    /// They shall be refunded.
    Refund,
}

/// The venue where vouchers should go, as it stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// None is needed, or there is no such venue.
    None,
    /// It is the venue that they leave.
    Itself,
    /// It takes no vouchers.
    NotTakingPart,
    /// It takes vouchers.
    Open,
}

/// How far a venue's vouchers are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Disposed {
    /// They stay.
    #[default]
    NotAsked,
    /// They shall go from the instant on from which the venue takes none.
    Pending {
        /// Where.
        vouchers: Disposal,
        /// How many went so far.
        count: u32,
    },
    /// They went.
    Done {
        /// Where.
        vouchers: Disposal,
        /// How many there were.
        count: u32,
    },
}

/// The vouchers would go where they cannot be used.
pub(super) struct Misdirected;

impl Disposal {
    pub(super) fn check(&self, destination: Destination) -> Result<(), Misdirected> {
        match (self, destination) {
            (Self::Refund, _) | (Self::RehomeTo { .. }, Destination::Open) => Ok(()),
            (
                Self::RehomeTo { .. },
                Destination::None | Destination::Itself | Destination::NotTakingPart,
            ) => Err(Misdirected),
        }
    }
}

impl Disposed {
    /// Whether vouchers still wait to be moved or refunded.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending { .. })
    }

    pub(super) fn is_of(&self, asked: &Disposal) -> bool {
        match self {
            Self::NotAsked => false,
            Self::Pending { vouchers, .. } | Self::Done { vouchers, .. } => vouchers == asked,
        }
    }

    pub(super) fn went(self, more: u32, all: bool) -> Self {
        match self {
            Self::NotAsked => Self::NotAsked,
            Self::Pending { vouchers, count } | Self::Done { vouchers, count } => {
                let count = count.saturating_add(more);
                if all {
                    Self::Done { vouchers, count }
                } else {
                    Self::Pending { vouchers, count }
                }
            }
        }
    }
}
