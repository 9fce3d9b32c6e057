//! A use that was a mistake is taken back: the voucher is what it was, and the venue is owed nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::of_the_day::OfTheDay;
use super::redeem::MeansKind;
use super::{Placed, Voucher, VoucherEvent};
use crate::ids::{RedemptionId, VenueId};
use crate::money::Minor;
use crate::time::UNDO;

/// Take a use back.
#[derive(Clone, Debug)]
pub struct ReverseRedemption {
    /// Which use.
    pub redemption_id: RedemptionId,
    /// When it is taken back.
    pub at: DateTime<Utc>,
    /// An operator may do so until it is settled, venue staff for [`UNDO`] only.
    pub by_operator: bool,
    /// Whether it stands in a settlement.
    pub settled: bool,
    /// How many uses of that item and day were taken back before, if the day has a limit.
    pub taken_back_before: u32,
    /// Why.
    pub reason: ReversalReason,
}

/// A use was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedemptionReversed {
    /// Which use.
    pub redemption_id: RedemptionId,
    /// The venue of that use.
    pub venue_id: VenueId,
    /// What came back to the voucher, in minor units.
    pub used_minor: Minor,
    /// What the venue is no longer owed, in minor units.
    pub settled_minor: Minor,
    /// Why.
    pub reason: ReversalReason,
    /// Where the voucher is now.
    pub returned_to: MeansKind,
    /// What is on it now, in minor units.
    pub remaining_minor: Minor,
    /// The day of that use, and which one of those taken back it is, of an item with a daily limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_the_day: Option<OfTheDay>,
}

/// Why a use was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReversalReason {
    /// Somebody pressed the wrong button.
    Mistake,
    /// Nothing was handed out in the end.
    NotServed,
    /// It was recorded twice.
    Duplicate,
    /// Another reason.
    Other,
}

refusals! {
    /// Why a use is not taken back.
    pub enum Refusal {
        /// No such use.
        #[error("there is no such use of this voucher")]
        UnknownRedemption,
        /// The time for venue staff is over.
        #[error("only an operator can take this back now")]
        TooLate,
        /// The venue was paid for it.
        #[error("this use stands in a settlement")]
        Settled,
        /// What was left of the credit went where its donor had said.
        #[error("this voucher is expired")]
        Expired,
        /// What was left of the credit was refunded.
        #[error("this voucher was refunded")]
        Refunded,
        /// The voucher was voided.
        #[error("this voucher was voided")]
        Voided,
    }
}

/// Whether the use is taken back.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    voucher: &Voucher,
    command: &ReverseRedemption,
) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.holding().ok_or(Refusal::UnknownRedemption)?;
    let known = holding
        .redemption(command.redemption_id)
        .ok_or(Refusal::UnknownRedemption)?;
    if known.reversed {
        return Ok(vec![]);
    }
    match voucher {
        Voucher::Unknown | Voucher::Usable(_) | Voucher::Used(_) => {}
        Voucher::Expired(_) => return Err(Refusal::Expired),
        Voucher::Refunded(_) => return Err(Refusal::Refunded),
        Voucher::Voided(_) => return Err(Refusal::Voided),
    }
    if command.settled {
        return Err(Refusal::Settled);
    }
    if !command.by_operator && command.at - known.at > UNDO {
        return Err(Refusal::TooLate);
    }
    let reversed = RedemptionReversed {
        redemption_id: known.redemption_id,
        venue_id: known.venue_id,
        used_minor: known.used_minor,
        settled_minor: known.settled_minor,
        reason: command.reason,
        returned_to: match holding.placed {
            Placed::Board => MeansKind::Board,
            Placed::Organisation { .. } | Placed::Donor => MeansKind::Code,
        },
        remaining_minor: holding.remaining_minor.plus(known.used_minor),
        of_the_day: known.of_the_day.map(|used| OfTheDay {
            day: used.day,
            number: command.taken_back_before.saturating_add(1),
        }),
    };
    Ok(vec![reversed.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;
    use crate::voucher::redeem::{self, Means, Redeem};
    use chrono::TimeDelta;

    #[test]
    fn a_mistake_is_taken_back_and_the_voucher_is_on_the_board_again() {
        let voucher = examples::after([
            examples::prepay().into(),
            examples::redeem().into(),
            examples::reverse_redemption().into(),
        ]);
        assert!(voucher.on_board());
        let holding = voucher.usable().expect("usable");
        assert_eq!(holding.remaining_minor, examples::price(6500));
    }

    #[test]
    fn the_same_code_is_valid_again() {
        let by_code = Redeem {
            means: Means::Code { issue_no: 1 },
            ..examples::redeem()
        };
        let again = Redeem {
            redemption_id: RedemptionId(uuid::Uuid::from_u128(99)),
            ..by_code.clone()
        };
        let voucher = examples::after([
            examples::prepay().into(),
            examples::issue_code().into(),
            by_code.into(),
            examples::reverse_redemption().into(),
        ]);
        assert!(redeem::decide(&voucher, &again).is_ok_and(|events| events.len() == 1));
    }

    /// Minutes since the use, whether an operator asks, whether it is settled.
    #[test]
    fn staff_have_fifteen_minutes_and_an_operator_has_until_it_is_settled() {
        let table = [
            (15, false, false, None),
            (16, false, false, Some(Refusal::TooLate)),
            (16, true, false, None),
            (1, true, true, Some(Refusal::Settled)),
        ];
        for (minutes, by_operator, settled, refusal) in table {
            let command = ReverseRedemption {
                at: examples::redeem().at + TimeDelta::minutes(minutes),
                by_operator,
                settled,
                ..examples::reverse_redemption()
            };
            assert_eq!(
                decide(&examples::used(), &command).err(),
                refusal,
                "{minutes} {by_operator} {settled}"
            );
        }
    }

    #[test]
    fn what_was_not_used_is_not_taken_back() {
        assert_eq!(
            decide(&examples::on_the_board(), &examples::reverse_redemption()),
            Err(Refusal::UnknownRedemption)
        );
    }

    #[test]
    fn taking_back_again_changes_nothing() {
        let voucher = examples::after([
            examples::prepay().into(),
            examples::redeem().into(),
            examples::reverse_redemption().into(),
        ]);
        assert_eq!(
            decide(&voucher, &examples::reverse_redemption()),
            Ok(vec![])
        );
        // A till that was offline sends the use once more: it stays taken back.
        assert_eq!(redeem::decide(&voucher, &examples::redeem()), Ok(vec![]));
    }
}
