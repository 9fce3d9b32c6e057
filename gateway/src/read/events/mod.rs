//! The log as an auditor reads it: which acts there were, and one of them with all that hangs
//! together with it. An auditor of one fund reads what concerns that fund.

pub(crate) mod one;
pub(crate) mod proof;
pub(crate) mod search;

use commands::executor::Failure;
use commands::principal::Principal;
use domain::envelope::Role;

use crate::problem::Problem;

/// The operator and auditors.
pub(crate) fn may_read(who: &Principal) -> Result<(), Problem> {
    who.any_of(&[Role::Auditor])
        .map_err(|denied| Failure::Denied(denied).into())
}
