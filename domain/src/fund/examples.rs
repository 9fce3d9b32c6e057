//! What happens to a fund.

use uuid::Uuid;

use super::FundCommand;
use super::close::Close;
use super::open::tests::open;
use crate::ids::FundId;

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<FundCommand>> {
    let close = Close {
        fund_id: FundId(Uuid::from_u128(1)),
    };
    vec![vec![open().into(), close.into()]]
}
