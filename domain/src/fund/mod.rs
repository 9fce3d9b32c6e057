//! A fund: a pot of money that carries vouchers. Every network is founded with the fund `common`.

pub mod close;
pub mod open;

#[cfg(test)]
pub(crate) mod examples;

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

    /// Whether it carries new vouchers.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
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
