//! The valid codes of vouchers, computed anew for whoever may print or show them.

use std::sync::Arc;

use domain::ids::{PrepaymentId, SheetId, VoucherId};
use domain::text::Slug;
use domain::voucher::prepay::MAX_QUANTITY;
use domain::voucher::{Holding, Voucher};

use super::holding::{check_holder, holders_and_staff};
use super::issue_code::Vouchers;
use crate::executor::{Desk, Failure};
use crate::principal::Principal;

/// One valid code, and what a sheet says beside it.
#[derive(Clone, Debug)]
pub struct CodeOf {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The number of the issue.
    pub issue_no: u32,
    /// The sheet and the tear-off number on it.
    pub sheet: Option<(SheetId, u32)>,
    /// The code in groups of four, as it is read aloud.
    pub code: String,
    /// The voucher as it stands.
    pub holding: Holding,
}

/// The codes that are valid now; vouchers without one, or that ended, are passed over.
///
/// # Errors
/// If there is no such voucher, or it is not the caller's.
pub async fn codes_of(
    desk: &Arc<Desk>,
    who: &Principal,
    vouchers: &Vouchers,
) -> Result<Vec<CodeOf>, Failure> {
    holders_and_staff(who)?;
    let mut codes = Vec::new();
    for (voucher_id, voucher) in read(desk, &who.network, vouchers).await? {
        let holding = voucher.holding().ok_or(Failure::NotFound)?;
        check_holder(who, holding)?;
        codes.extend(
            voucher
                .usable()
                .and_then(|usable| code(desk, voucher_id, usable)),
        );
    }
    Ok(codes)
}

fn code(desk: &Arc<Desk>, voucher_id: VoucherId, holding: &Holding) -> Option<CodeOf> {
    let issue_no = holding.issue_no?;
    let issue = holding.last_issue.as_ref();
    let code = desk
        .codes()
        .code(&holding.terms.network, voucher_id, issue_no);
    Some(CodeOf {
        voucher_id,
        issue_no,
        sheet: issue.and_then(|issue| issue.sheet_id.zip(issue.sheet_no)),
        code: code.to_string(),
        holding: holding.clone(),
    })
}

async fn read(
    desk: &Arc<Desk>,
    network: &Slug,
    vouchers: &Vouchers,
) -> Result<Vec<(VoucherId, Arc<Voucher>)>, Failure> {
    let mut found = Vec::new();
    match vouchers {
        Vouchers::These(voucher_ids) => {
            for voucher_id in voucher_ids {
                let voucher = desk.read::<Voucher>(network, *voucher_id).await?;
                found.push((*voucher_id, voucher.ok_or(Failure::NotFound)?));
            }
        }
        Vouchers::OfPrepayment(prepayment) => {
            found = of_prepayment(desk, network, *prepayment).await?;
        }
    }
    Ok(found)
}

/// The vouchers of a prepayment are found by their numbers.
async fn of_prepayment(
    desk: &Arc<Desk>,
    network: &Slug,
    prepayment: PrepaymentId,
) -> Result<Vec<(VoucherId, Arc<Voucher>)>, Failure> {
    let mut found = Vec::new();
    for ordinal in 1..=MAX_QUANTITY {
        let voucher_id = VoucherId::of(prepayment, ordinal);
        match desk.read::<Voucher>(network, voucher_id).await? {
            Some(voucher) => found.push((voucher_id, voucher)),
            None => break,
        }
    }
    if found.is_empty() {
        Err(Failure::NotFound)
    } else {
        Ok(found)
    }
}
