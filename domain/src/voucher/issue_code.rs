//! A code is issued for a voucher, so that it can be taken away from the board and given to somebody.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Holder, Holding, Voucher, VoucherEvent, refused_when_ended};
use crate::ids::SheetId;

/// The most codes that are issued for one voucher.
pub const MAX_ISSUES: u32 = 100;

/// Issue the next code. The code before it stops being valid.
#[derive(Clone, Debug)]
pub struct IssueCode {
    /// When.
    pub at: DateTime<Utc>,
    /// The printed sheet and the place on it.
    pub sheet: Option<(SheetId, u32)>,
    /// Who takes the code.
    pub to: Holder,
    /// Whether the organisation that takes it takes part; `true` for a donor.
    pub organisation_takes_part: bool,
    /// How many issue numbers are passed over because their codes collide with others; usually 0.
    pub pass_over: u32,
}

/// A code was issued. The code itself is stored nowhere: it follows from this number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeIssued {
    /// The number of this issue, from 1, rising.
    pub issue_no: u32,
    /// The printed sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet_id: Option<SheetId>,
    /// The place on the sheet, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet_no: Option<u32>,
    /// Who took the code.
    pub to: Holder,
}

refusals! {
    /// Why no code is issued.
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
        /// Codes are not issued without end.
        #[error("at most {MAX_ISSUES} codes are issued for one voucher")]
        TooManyIssues,
    }
}
refused_when_ended!(Refusal);

/// Whether a code is issued.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &IssueCode) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.require_usable()?;
    if command.is_done(holding) {
        return Ok(vec![]);
    }
    if holding.is_over_at(command.at) {
        return Err(Refusal::Expired);
    }
    if holding.holder().is_some_and(|holder| holder != command.to) {
        return Err(Refusal::HandedOver);
    }
    if !command.organisation_takes_part {
        return Err(Refusal::UnknownOrganisation);
    }
    let issue_no = holding
        .last_issue_no()
        .saturating_add(1)
        .saturating_add(command.pass_over);
    if issue_no > MAX_ISSUES {
        return Err(Refusal::TooManyIssues);
    }
    let issued = CodeIssued {
        issue_no,
        sheet_id: command.sheet.map(|(sheet_id, _)| sheet_id),
        sheet_no: command.sheet.map(|(_, sheet_no)| sheet_no),
        to: command.to,
    };
    Ok(vec![issued.into()])
}

impl IssueCode {
    /// A sheet is printed once: the same place on the same sheet is the same code. Without a sheet
    /// every issue is a new one.
    fn is_done(&self, holding: &Holding) -> bool {
        let valid = holding
            .last_issue
            .as_ref()
            .filter(|issue| holding.issue_no == Some(issue.issue_no));
        self.sheet.is_some()
            && valid.is_some_and(|issue| {
                self.sheet == issue.sheet_id.zip(issue.sheet_no) && self.to == issue.to
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::OrganisationId;
    use crate::voucher::examples;
    use uuid::Uuid;

    fn issue_no(voucher: &Voucher, command: &IssueCode) -> u32 {
        match decide(voucher, command).as_deref() {
            Ok([VoucherEvent::CodeIssued(issued)]) => issued.issue_no,
            other => panic!("one code, not {other:?}"),
        }
    }

    #[test]
    fn a_code_takes_the_voucher_off_the_board() {
        assert_eq!(
            issue_no(&examples::on_the_board(), &examples::issue_code()),
            1
        );
        assert!(!examples::with_a_code().on_board());
    }

    #[test]
    fn a_second_code_takes_the_next_number_and_the_first_stops_being_valid() {
        let again = examples::issue_code();
        assert_eq!(issue_no(&examples::with_a_code(), &again), 2);
        let commands = [
            examples::prepay().into(),
            again.clone().into(),
            again.into(),
        ];
        let voucher = examples::after(commands);
        assert_eq!(voucher.usable().expect("usable").issue_no, Some(2));
    }

    #[test]
    fn numbers_of_colliding_codes_are_passed_over() {
        let collided = IssueCode {
            pass_over: 2,
            ..examples::issue_code()
        };
        assert_eq!(issue_no(&examples::on_the_board(), &collided), 3);
    }

    #[test]
    fn no_code_is_issued_for_a_used_voucher_or_to_somebody_else() {
        let at = examples::redeem().at;
        assert_eq!(
            decide(&examples::used(), &examples::issue_code()),
            Err(Refusal::AlreadyRedeemed { at })
        );
        let to_another = IssueCode {
            to: Holder::Organisation {
                organisation_id: OrganisationId(Uuid::from_u128(70)),
            },
            ..examples::issue_code()
        };
        assert_eq!(
            decide(&examples::with_a_code(), &to_another),
            Err(Refusal::HandedOver)
        );
    }

    #[test]
    fn codes_are_not_issued_without_end() {
        let far = IssueCode {
            pass_over: MAX_ISSUES,
            ..examples::issue_code()
        };
        assert_eq!(
            decide(&examples::on_the_board(), &far),
            Err(Refusal::TooManyIssues)
        );
    }

    #[test]
    fn the_same_place_on_the_same_sheet_is_issued_once() {
        let printed = IssueCode {
            sheet: Some((SheetId(Uuid::from_u128(8)), 3)),
            ..examples::issue_code()
        };
        let voucher = examples::after([examples::prepay().into(), printed.clone().into()]);
        assert_eq!(decide(&voucher, &printed), Ok(vec![]));
    }

    #[test]
    fn there_are_no_more_numbers_than_are_allowed() {
        let after = |pass_over| IssueCode {
            pass_over,
            ..examples::issue_code()
        };
        let board = examples::on_the_board();
        assert_eq!(issue_no(&board, &after(MAX_ISSUES - 1)), MAX_ISSUES);
        assert_eq!(
            decide(&board, &after(MAX_ISSUES)),
            Err(Refusal::TooManyIssues)
        );
    }

    #[test]
    fn another_place_on_the_sheet_is_another_code() {
        let on_the_sheet = |number| IssueCode {
            sheet: Some((SheetId(Uuid::from_u128(9)), number)),
            ..examples::issue_code()
        };
        let commands = [examples::prepay().into(), on_the_sheet(1).into()];
        let voucher = examples::after(commands);
        assert_eq!(decide(&voucher, &on_the_sheet(1)), Ok(vec![]));
        assert_eq!(issue_no(&voucher, &on_the_sheet(2)), 2);
    }
}
