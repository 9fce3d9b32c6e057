//! Codes are issued for vouchers, so that they can be handed over: one, or a sheet of up to 500.

use std::sync::Arc;

use commands::voucher::issue_code::{self as commanded, IssueCode, Vouchers};
use domain::ids::{PrepaymentId, VoucherId};
use domain::voucher::Holder;
use domain::voucher::issue_code::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Call, Done, Refuses, Reply};

/// For which vouchers, and who takes the codes.
#[derive(Deserialize, ToSchema)]
#[schema(as = IssueCodes)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// For which vouchers.
    vouchers: Which,
    /// Who takes the codes.
    to: Holder,
    /// Whether they are printed on a sheet, with tear-off numbers.
    #[serde(default)]
    on_a_sheet: bool,
}

/// Several vouchers.
#[derive(Deserialize, ToSchema)]
#[schema(as = WhichVouchers)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Which {
    /// These, 1 to 500.
    These {
        /// The vouchers.
        voucher_ids: Vec<VoucherId>,
    },
    /// All of a prepayment.
    OfPrepayment {
        /// The prepayment.
        prepayment_id: PrepaymentId,
    },
}

/// The codes, computed anew each time they are shown.
#[derive(Serialize, ToSchema)]
#[schema(as = CodesShown)]
pub struct Codes {
    /// As they are read aloud and printed, in the order of `issues`.
    codes: Vec<String>,
}

/// Issue codes. The code before it stops being valid.
#[utoipa::path(post, path = "/vouchers/issue-code", tag = "voucher", request_body = Body,
    responses(Done<IssueCode, Codes>, Refuses<commanded::Refusal, Refusal>))]
pub(crate) async fn issue_code(call: Call<Body>) -> Reply<Done<IssueCode, Codes>> {
    let desk = Arc::clone(&call.caller.app.desk);
    let network = call.caller.principal.network.clone();
    let answer = call.act(|body| IssueCode {
        vouchers: body.vouchers.into(),
        to: body.to,
        on_a_sheet: body.on_a_sheet,
    });
    let answer = answer.await?;
    let issues = answer.ids().issues.iter();
    let code = |issue: &commanded::Issue| {
        let code = desk
            .codes()
            .code(&network, issue.voucher_id, issue.issue_no);
        code.to_string()
    };
    let codes = issues.map(code).collect();
    Ok(answer.with(Codes { codes }))
}

impl From<Which> for Vouchers {
    fn from(which: Which) -> Self {
        match which {
            Which::These { voucher_ids } => Self::These(voucher_ids),
            Which::OfPrepayment { prepayment_id } => Self::OfPrepayment(prepayment_id),
        }
    }
}
