//! Codes are issued for vouchers, so that they can be handed over: one, or a sheet of up to 500.

use domain::ids::{PrepaymentId, SheetId, VoucherId};
use domain::organisation::Organisation;
use domain::voucher::issue_code::IssueCode as Decision;
use domain::voucher::prepay::MAX_QUANTITY;
use domain::voucher::{Holder, Holding, Voucher, VoucherEvent};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::holding::{held, holders_and_staff};
use crate::executor::{Failure, UseCase};
use crate::lookup::KeyKind;
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Issue codes.
#[derive(Clone, Debug)]
pub struct IssueCode {
    /// For which vouchers.
    pub vouchers: Vouchers,
    /// Who takes them.
    pub to: Holder,
    /// Whether they are printed on a sheet, with tear-off numbers.
    pub on_a_sheet: bool,
}

/// Several vouchers.
#[derive(Clone, Debug)]
pub enum Vouchers {
    /// These, 1 to 500.
    These(Vec<VoucherId>),
    /// All of a prepayment.
    OfPrepayment(PrepaymentId),
}

/// What was issued. The codes themselves follow from the numbers and are never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CodesIssued)]
pub struct Answer {
    /// The sheet, if one was asked for.
    pub sheet_id: Option<SheetId>,
    /// One per voucher.
    pub issues: Vec<Issue>,
}

/// One issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CodeIssue)]
pub struct Issue {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The number of its issue.
    pub issue_no: u32,
    /// The tear-off number on the sheet, from 1.
    pub sheet_no: Option<u32>,
}

domain::refusals! {
    /// Why no codes are issued.
    pub enum Refusal {
        /// 1 to 500 at once.
        #[error("codes are issued for 1 to {MAX_QUANTITY} vouchers at once")]
        Quantity,
    }
}

impl UseCase for IssueCode {
    const NAME: &'static str = "voucher.issue_code";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        holders_and_staff(who)
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let vouchers = self.vouchers.list(work).await?;
        if vouchers.is_empty() || vouchers.len() > MAX_QUANTITY as usize {
            return Err(Failure::Refused(Refusal::Quantity.into()));
        }
        let organisation_takes_part = takes_part(work, self.to).await?;
        let sheet_id = self.on_a_sheet.then(|| work.new_id::<SheetId>());
        let mut issues = Vec::with_capacity(vouchers.len());
        for (sheet_no, voucher_id) in (1..).zip(vouchers) {
            let voucher = held(work, voucher_id).await?;
            let command = Decision {
                at: work.at(),
                sheet: sheet_id.map(|sheet_id| (sheet_id, sheet_no)),
                to: self.to,
                organisation_takes_part,
                pass_over: free_issue(work, voucher_id, &voucher).await?,
            };
            let events = work.decide::<Voucher>(voucher_id, command).await?;
            let issue_no = match events.first() {
                Some(VoucherEvent::CodeIssued(new)) => new.issue_no,
                _ => voucher
                    .holding()
                    .and_then(|known| known.issue_no)
                    .unwrap_or_default(),
            };
            let sheet_no = sheet_id.map(|_| sheet_no);
            issues.push(Issue {
                voucher_id,
                issue_no,
                sheet_no,
            });
        }
        Ok(Answer { sheet_id, issues })
    }
}

impl Vouchers {
    /// The vouchers, in order; those of a prepayment are found by their numbers.
    pub(super) async fn list(&self, work: &mut Work) -> Result<Vec<VoucherId>, Failure> {
        let prepayment = match self {
            Self::These(vouchers) => return Ok(vouchers.clone()),
            Self::OfPrepayment(prepayment) => *prepayment,
        };
        let mut vouchers = Vec::new();
        for ordinal in 1..=MAX_QUANTITY {
            let voucher_id = VoucherId::of(prepayment, ordinal);
            if work.look::<Voucher>(voucher_id).await?.holding().is_none() {
                break;
            }
            vouchers.push(voucher_id);
        }
        if vouchers.is_empty() {
            Err(Failure::NotFound)
        } else {
            Ok(vouchers)
        }
    }
}

/// Whether the organisation that takes vouchers takes part; true for a donor.
pub(super) async fn takes_part(work: &mut Work, to: Holder) -> Result<bool, Failure> {
    match to {
        Holder::Donor => Ok(true),
        Holder::Organisation { organisation_id } => Ok(work
            .get::<Organisation>(organisation_id)
            .await?
            .takes_part()),
    }
}

/// How many issue numbers must be passed over because their codes stand for other vouchers. With
/// 60 bits this is 0 nearly always; the append notices the rest.
async fn free_issue(work: &Work, voucher_id: VoucherId, voucher: &Voucher) -> Result<u32, Failure> {
    let last = voucher.holding().map_or(0, Holding::last_issue_no);
    for pass_over in 0..8 {
        let code = work
            .codes()
            .code(work.network(), voucher_id, last + 1 + pass_over);
        let digest = work.codes().digest(work.network(), code);
        if work.lookup().key(KeyKind::Code, digest).await?.is_none() {
            return Ok(pass_over);
        }
    }
    Err(Failure::Contended)
}
