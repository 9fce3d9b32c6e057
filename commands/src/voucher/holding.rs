//! What most acts on one voucher begin with: the voucher as it stands, and whether the caller may.

use std::sync::Arc;

use domain::access::Scope;
use domain::ids::VoucherId;
use domain::voucher::{Holder, Holding, ValidAt, Voucher};

use crate::executor::Failure;
use crate::principal::{Denied, May, Principal};
use crate::work::Work;

/// The voucher, for its holder: the operator, the donor or the organisation that has it.
pub(super) async fn held(work: &mut Work, voucher_id: VoucherId) -> Result<Arc<Voucher>, Failure> {
    let voucher = work.get::<Voucher>(voucher_id).await?;
    let holding = voucher.holding().ok_or(Failure::NotFound)?;
    check_holder(work.who(), holding)?;
    Ok(voucher)
}

pub(super) fn check_holder(who: &Principal, holding: &Holding) -> Result<(), Denied> {
    let theirs = match (&who.may, holding.holder()) {
        (May::Scope(Scope::Donor { donor_id }), None | Some(Holder::Donor)) => {
            holding.terms.donor_id == Some(*donor_id)
        }
        (
            May::Scope(Scope::Organisation { organisation_id }),
            Some(Holder::Organisation {
                organisation_id: holder,
            }),
        ) => holder == *organisation_id,
        // Staff hands codes out at the till, for what was prepaid there.
        (May::Scope(Scope::Venue { venue_id }), _) => {
            holding.terms.valid_at
                == ValidAt::Venue {
                    venue_id: *venue_id,
                }
        }
        (May::Scope(Scope::Donor { .. } | Scope::Organisation { .. }), _) => false,
        _ => return who.operator(),
    };
    if theirs { Ok(()) } else { Err(Denied::Foreign) }
}

/// Operators, donors and workers of organisations; which voucher is theirs is seen on the voucher.
pub(super) fn holders_only(who: &Principal) -> Result<(), Denied> {
    match &who.may {
        May::System
        | May::Scope(Scope::Operator { .. } | Scope::Donor { .. } | Scope::Organisation { .. }) => {
            Ok(())
        }
        May::Scope(_) => Err(Denied::Role),
    }
}

/// The same, and the staff of the venue where the voucher is valid.
pub(super) fn holders_and_staff(who: &Principal) -> Result<(), Denied> {
    match &who.may {
        May::Scope(Scope::Venue { .. }) => Ok(()),
        _ => holders_only(who),
    }
}
