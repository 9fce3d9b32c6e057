//! A fund: a pot of money that carries vouchers. Every network is founded with the fund `common`.

pub mod close;
pub mod open;

#[cfg(test)]
pub(crate) mod examples;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::text::Slug;

aggregate! {
    Fund "fund", FundCommand, FundEvent {
        open: Open => Opened "opened" "1",
        close: Close => Closed "closed" "1",
    }
}

/// The life of a fund.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
#[allow(
    clippy::large_enum_variant,
    reason = "every fund but the unknown one is opened"
)]
pub enum Fund {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It carries vouchers.
    Open(open::Opened),
    /// It carries no new vouchers.
    Closed(open::Opened),
}

impl Fund {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        match self {
            Self::Unknown => None,
            Self::Open(opened) | Self::Closed(opened) => Some(&opened.network),
        }
    }

    /// Whether it carries vouchers that are prepaid on this day, in the network's time zone.
    #[must_use]
    pub fn carries_on(&self, day: NaiveDate) -> bool {
        match self {
            Self::Unknown | Self::Closed(_) => false,
            Self::Open(opened) => {
                opened.from.is_none_or(|from| from <= day) && opened.to.is_none_or(|to| day <= to)
            }
        }
    }

    fn evolve(&mut self, event: FundEvent) {
        *self = match (event, std::mem::take(self)) {
            (FundEvent::Opened(opened), _) => Self::Open(opened),
            (FundEvent::Closed(_), Self::Open(opened) | Self::Closed(opened)) => {
                Self::Closed(opened)
            }
            (FundEvent::Closed(_), Self::Unknown) => Self::Unknown,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fund_carries_vouchers_from_its_first_day_to_its_last() {
        let fund = Fund::Open(open::tests::open().opened);
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
        assert!(!fund.carries_on(day(10, 31)));
        assert!(fund.carries_on(day(11, 1)) && fund.carries_on(day(12, 31)));
    }
}
