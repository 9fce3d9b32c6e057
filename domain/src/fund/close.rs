//! An operator closes a fund: it carries no new vouchers; those that it carries stay valid.

use serde::{Deserialize, Serialize};

use super::{Fund, FundEvent};
use crate::ids::FundId;
use crate::text::Slug;

/// Close a fund.
#[derive(Clone, Copy, Debug)]
pub struct Close {
    /// The fund.
    pub fund_id: FundId,
}

/// A fund was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {}

refusals! {
    /// Why a fund is not closed.
    pub enum Refusal {
        /// No such fund.
        #[error("there is no such fund")]
        UnknownFund,
        /// What expires must go somewhere.
        #[error("the fund common stays open as long as the network")]
        CommonStaysOpen,
    }
}

/// Whether the fund is closed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(fund: &Fund, command: &Close) -> Result<Vec<FundEvent>, Refusal> {
    let is_common = |network: &Slug| FundId::common(network) == command.fund_id;
    match fund {
        Fund::Unknown => Err(Refusal::UnknownFund),
        Fund::Open(opened) if is_common(&opened.network) => Err(Refusal::CommonStaysOpen),
        Fund::Open(_) => Ok(vec![Closed {}.into()]),
        Fund::Closed(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fund::open::tests::open;
    use uuid::Uuid;

    fn close() -> Close {
        Close {
            fund_id: FundId(Uuid::from_u128(1)),
        }
    }

    #[test]
    fn an_open_fund_is_closed() {
        assert_eq!(
            decide(&Fund::Open(open().opened), &close()),
            Ok(vec![Closed {}.into()])
        );
    }

    #[test]
    fn the_fund_common_stays_open() {
        let common = Close {
            fund_id: FundId::common(&open().opened.network),
        };
        let refusal = decide(&Fund::Open(open().opened), &common);
        assert_eq!(refusal, Err(Refusal::CommonStaysOpen));
    }

    #[test]
    fn closing_again_changes_nothing() {
        assert_eq!(decide(&Fund::Closed(open().opened), &close()), Ok(vec![]));
    }
}
