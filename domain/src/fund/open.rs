//! An operator opens a fund.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Fund, FundEvent};
use crate::text::{Name, Slug};

/// Open a fund.
#[derive(Clone, Debug)]
pub struct Open {
    /// What will be recorded.
    pub opened: Opened,
}

/// A fund was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The network.
    pub network: Slug,
    /// What fund it is.
    pub kind: FundKind,
    /// Its public name.
    pub name: Name,
    /// Who gives the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funder: Option<Name>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Name>,
    /// The first day on which its money may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day on which its money may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// What fund it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundKind {
    /// What nobody gave for a purpose of its own.
    Common,
    /// Money with a purpose and a report at the end.
    Grant,
}

refusals! {
    /// Why a fund is not opened.
    pub enum Refusal {
        /// The id belongs to another fund.
        #[error("a fund with this id was opened before, on other terms")]
        AlreadyOpened,
        /// The last day lies before the first.
        #[error("the last day lies before the first")]
        EndsBeforeItBegins,
    }
}

/// Whether the fund is opened.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(fund: &Fund, command: &Open) -> Result<Vec<FundEvent>, Refusal> {
    let opened = &command.opened;
    match fund {
        Fund::Open(known) if known == opened => Ok(vec![]),
        Fund::Open(_) | Fund::Closed(_) => Err(Refusal::AlreadyOpened),
        Fund::Unknown => match (opened.from, opened.to) {
            (Some(from), Some(to)) if to < from => Err(Refusal::EndsBeforeItBegins),
            (_, _) => Ok(vec![opened.clone().into()]),
        },
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn open() -> Open {
        let opened = Opened {
            network: "praha".parse().expect("a slug"),
            kind: FundKind::Grant,
            name: "Winter lunches".parse().expect("a name"),
            funder: None,
            purpose: None,
            from: NaiveDate::from_ymd_opt(2026, 11, 1),
            to: NaiveDate::from_ymd_opt(2027, 3, 31),
        };
        Open { opened }
    }

    #[test]
    fn a_fund_is_opened() {
        assert_eq!(
            decide(&Fund::Unknown, &open()),
            Ok(vec![open().opened.into()])
        );
    }

    #[test]
    fn a_fund_does_not_end_before_it_begins() {
        let mut command = open();
        command.opened.to = NaiveDate::from_ymd_opt(2026, 10, 31);
        assert_eq!(
            decide(&Fund::Unknown, &command),
            Err(Refusal::EndsBeforeItBegins)
        );
    }

    #[test]
    fn opening_again_changes_nothing() {
        assert_eq!(decide(&Fund::Open(open().opened), &open()), Ok(vec![]));
    }

    #[test]
    fn another_fund_does_not_take_its_place() {
        let mut other = open();
        other.opened.kind = FundKind::Common;
        assert_eq!(
            decide(&Fund::Open(open().opened), &other),
            Err(Refusal::AlreadyOpened)
        );
    }

    #[test]
    fn a_fund_of_one_day_is_opened() {
        let mut command = open();
        command.opened.to = command.opened.from;
        assert!(decide(&Fund::Unknown, &command).is_ok());
    }
}
