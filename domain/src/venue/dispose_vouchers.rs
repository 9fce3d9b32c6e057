//! Vouchers of a venue that is suspended or has left are somewhere else now: a batch at a time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::disposal::{Disposal, Disposed};
use super::{Venue, VenueEvent};
use crate::ids::VenueId;

/// Record that a batch of vouchers went.
#[derive(Clone, Copy, Debug)]
pub struct DisposeVouchers {
    /// How many vouchers were moved or refunded in this batch.
    pub count: u32,
    /// Whether none is left at the venue.
    pub all: bool,
}

/// A batch of vouchers went, in the same append as this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VouchersDisposed {
    /// What became of them.
    pub how: How,
    /// The venue where they are now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<VenueId>,
    /// How many there were in this batch.
    pub count: u32,
    /// Whether none is left at the venue.
    pub all: bool,
}

/// What became of a venue's vouchers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// They are valid at another venue now; what has no counterpart there was refunded.
    RehomedTo,
    /// They were refunded.
    Refunded,
}

refusals! {
    /// Why it is not recorded.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// Nothing was decided about its vouchers.
        #[error("the vouchers of this venue stay where they are")]
        NothingToDispose,
    }
}

/// Whether it is recorded.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &DisposeVouchers) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.house().ok_or(Refusal::UnknownVenue)?;
    let disposal = match &house.disposal {
        Disposed::NotAsked => return Err(Refusal::NothingToDispose),
        Disposed::Done { .. } => return Ok(vec![]),
        Disposed::Pending { vouchers, .. } => vouchers,
    };
    let (how, to) = match disposal {
        Disposal::RehomeTo { venue_id, .. } => (How::RehomedTo, Some(*venue_id)),
        Disposal::Refund => (How::Refunded, None),
    };
    let DisposeVouchers { count, all } = *command;
    Ok(vec![
        VouchersDisposed {
            how,
            to,
            count,
            all,
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    const DISPOSE: DisposeVouchers = DisposeVouchers {
        count: 12,
        all: true,
    };

    #[test]
    fn it_is_recorded_what_became_of_the_vouchers() {
        let disposed = VouchersDisposed {
            how: How::RehomedTo,
            to: Some(examples::OTHER_VENUE),
            count: 12,
            all: true,
        };
        assert_eq!(
            decide(&examples::suspended(), &DISPOSE),
            Ok(vec![disposed.into()])
        );
    }

    #[test]
    fn the_vouchers_of_an_open_venue_stay() {
        assert_eq!(
            decide(&examples::admitted(), &DISPOSE),
            Err(Refusal::NothingToDispose)
        );
    }

    #[test]
    fn recording_it_again_changes_nothing() {
        let commands = [
            examples::admit().into(),
            examples::suspend().into(),
            DISPOSE.into(),
        ];
        assert_eq!(decide(&examples::after(commands), &DISPOSE), Ok(vec![]));
    }

    #[test]
    fn batches_add_up_until_none_is_left() {
        let first = DisposeVouchers {
            count: 100,
            all: false,
        };
        let commands = [
            examples::admit().into(),
            examples::suspend().into(),
            first.into(),
        ];
        let venue = examples::after(commands);
        let pending = |venue: &Venue| venue.house().expect("admitted").disposal.is_pending();
        assert!(pending(&venue));
        let commands = [
            examples::admit().into(),
            examples::suspend().into(),
            first.into(),
            DISPOSE.into(),
        ];
        assert!(!pending(&examples::after(commands)));
    }
}
