//! Whoever holds a code says that it was given to somebody. There is no field for the recipient.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Holder, Voucher, VoucherEvent, refused_when_ended};
use crate::text::Label;

/// Say that the code was handed over.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// What will be recorded.
    pub handed_over: HandedOver,
}

/// The code was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Who gave it.
    pub by: Holder,
    /// The official code of the district where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Label>,
}

refusals! {
    /// Why this is not recorded.
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
        /// Only a code can be handed over.
        #[error("no valid code is issued for this voucher")]
        NoCode,
        /// It is with somebody else.
        #[error("this voucher is with somebody else")]
        NotTheHolder,
    }
}
refused_when_ended!(Refusal);

/// Whether it is recorded as handed over.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &HandOver) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.require_usable()?;
    if holding.issue_no.is_none() {
        return Err(Refusal::NoCode);
    }
    if holding.holder() != Some(command.handed_over.by) {
        return Err(Refusal::NotTheHolder);
    }
    if holding.handed_over {
        return Ok(vec![]);
    }
    Ok(vec![command.handed_over.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrganisationId;
    use crate::voucher::examples;
    use uuid::Uuid;

    #[test]
    fn the_holder_of_a_code_hands_it_over() {
        let command = examples::hand_over();
        assert_eq!(
            decide(&examples::with_a_code(), &command),
            Ok(vec![command.handed_over.into()])
        );
    }

    #[test]
    fn without_a_code_there_is_nothing_to_hand_over() {
        assert_eq!(
            decide(&examples::on_the_board(), &examples::hand_over()),
            Err(Refusal::NoCode)
        );
    }

    #[test]
    fn nobody_but_the_holder_hands_it_over() {
        let mut command = examples::hand_over();
        command.handed_over.by = Holder::Organisation {
            organisation_id: OrganisationId(Uuid::from_u128(70)),
        };
        assert_eq!(
            decide(&examples::with_a_code(), &command),
            Err(Refusal::NotTheHolder)
        );
    }

    #[test]
    fn handing_over_again_changes_nothing() {
        let commands = [
            examples::prepay().into(),
            examples::issue_code().into(),
            examples::hand_over().into(),
        ];
        assert_eq!(
            decide(&examples::after(commands), &examples::hand_over()),
            Ok(vec![])
        );
    }
}
