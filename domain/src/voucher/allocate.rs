//! A voucher goes from the board to an organisation, which will hand it out.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Placed, Voucher, VoucherEvent, refused_when_ended};
use crate::ids::OrganisationId;

/// Allocate a voucher.
#[derive(Clone, Debug)]
pub struct Allocate {
    /// When.
    pub at: DateTime<Utc>,
    /// What will be recorded.
    pub allocated: Allocated,
    /// Whether the organisation takes part.
    pub organisation_takes_part: bool,
}

/// A voucher was allocated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocated {
    /// To whom.
    pub organisation_id: OrganisationId,
    /// The instant from which it should be back on the board if no code was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_by: Option<DateTime<Utc>>,
}

refusals! {
    /// Why a voucher is not allocated.
    pub enum Refusal {
        /// No such voucher.
        #[error("there is no such voucher")]
        UnknownVoucher,
        /// It was used.
        #[error("this voucher was already used")]
        AlreadyRedeemed {
            /// When.
            at: DateTime<Utc>
        },
        /// Its time is over.
        #[error("this voucher is expired")]
        Expired,
        /// It was refunded.
        #[error("this voucher was refunded")]
        Refunded,
        /// It was voided.
        #[error("this voucher was voided")]
        Voided,
        /// It is with somebody else and must come back to the board first.
        #[error("this voucher is with somebody else: return it to the board first")]
        HandedOver,
        /// The organisation does not take part.
        #[error("this organisation does not take part")]
        UnknownOrganisation,
        /// It would have to be back before it goes.
        #[error("the day of return is over")]
        ReturnByPast,
    }
}
refused_when_ended!(Refusal);

/// Whether the voucher is allocated.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Allocate) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.require_usable()?;
    let allocated = &command.allocated;
    let there = Placed::Organisation {
        organisation_id: allocated.organisation_id,
    };
    if holding.placed == there && holding.return_by == allocated.return_by {
        return Ok(vec![]);
    }
    if holding.placed != there && holding.placed != Placed::Board {
        return Err(Refusal::HandedOver);
    }
    if holding.is_over_at(command.at) {
        return Err(Refusal::Expired);
    }
    if !command.organisation_takes_part {
        return Err(Refusal::UnknownOrganisation);
    }
    if allocated
        .return_by
        .is_some_and(|return_by| return_by <= command.at)
    {
        return Err(Refusal::ReturnByPast);
    }
    Ok(vec![allocated.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    #[test]
    fn a_voucher_on_the_board_is_allocated() {
        let command = examples::allocate();
        assert_eq!(
            decide(&examples::on_the_board(), &command),
            Ok(vec![command.allocated.into()])
        );
        assert!(!examples::allocated().on_board());
    }

    #[test]
    fn what_a_donor_took_away_is_not_allocated() {
        assert_eq!(
            decide(&examples::with_a_code(), &examples::allocate()),
            Err(Refusal::HandedOver)
        );
    }

    #[test]
    fn a_day_of_return_lies_ahead() {
        let mut command = examples::allocate();
        command.allocated.return_by = Some(command.at);
        assert_eq!(
            decide(&examples::on_the_board(), &command),
            Err(Refusal::ReturnByPast)
        );
    }

    #[test]
    fn allocating_again_changes_nothing() {
        assert_eq!(
            decide(&examples::allocated(), &examples::allocate()),
            Ok(vec![])
        );
    }

    #[test]
    fn a_voucher_is_allocated_without_a_day_of_return_too() {
        let mut command = examples::allocate();
        command.allocated.return_by = None;
        assert_eq!(
            decide(&examples::on_the_board(), &command),
            Ok(vec![command.allocated.into()])
        );
    }
}
