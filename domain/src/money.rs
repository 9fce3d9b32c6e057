//! Money is whole minor units (haléř, grosz, cent) in a currency of ISO 4217; never a float.

use iso_currency::Currency;
use serde::{Deserialize, Serialize};

/// The largest amount of one act, in minor units: a thousand million of the major unit.
pub const MAX_MINOR: i64 = 100_000_000_000;

/// Why an amount or a currency is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a code of ISO 4217.
    #[error("a currency is a code of ISO 4217, e.g. CZK")]
    Currency,
    /// Negative or beyond [`MAX_MINOR`].
    #[error("an amount is 0 to {MAX_MINOR} minor units")]
    Amount,
}

/// A currency of ISO 4217, stored as its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "CZK")]
pub struct CurrencyCode(pub Currency);

impl TryFrom<String> for CurrencyCode {
    type Error = MoneyError;
    fn try_from(code: String) -> Result<Self, MoneyError> {
        Currency::from_code(&code)
            .map(Self)
            .ok_or(MoneyError::Currency)
    }
}

impl std::str::FromStr for CurrencyCode {
    type Err = MoneyError;
    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::try_from(code.to_owned())
    }
}

impl From<CurrencyCode> for String {
    fn from(currency: CurrencyCode) -> Self {
        currency.0.code().to_owned()
    }
}

/// An amount that is not negative, in minor units of the network's currency.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0)]
pub struct Minor(i64);

impl Minor {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The number of minor units.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Both together, at most [`MAX_MINOR`].
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        // Both are at most MAX_MINOR, so the sum cannot overflow.
        let sum = self.0 + other.0;
        Self(if sum > MAX_MINOR { MAX_MINOR } else { sum })
    }

    /// What is left of `self` after `other`, or `None` if `other` is more.
    #[must_use]
    pub fn less(self, other: Self) -> Option<Self> {
        (self.0 >= other.0).then(|| Self(self.0 - other.0))
    }
}

impl TryFrom<i64> for Minor {
    type Error = MoneyError;
    fn try_from(minor: i64) -> Result<Self, MoneyError> {
        if (0..=MAX_MINOR).contains(&minor) {
            Ok(Self(minor))
        } else {
            Err(MoneyError::Amount)
        }
    }
}

impl From<Minor> for i64 {
    fn from(amount: Minor) -> Self {
        amount.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(minor: i64) -> Minor {
        Minor::try_from(minor).expect("an amount")
    }

    #[test]
    fn amounts_add_up_to_the_most_that_there_is_and_never_below_nothing() {
        assert_eq!(minor(6500).plus(minor(1)).get(), 6501);
        assert_eq!(minor(MAX_MINOR).plus(minor(1)).get(), MAX_MINOR);
        assert_eq!(minor(6500).less(minor(1)), Some(minor(6499)));
        assert_eq!(minor(6500).less(minor(6500)), Some(Minor::ZERO));
        assert_eq!(minor(6500).less(minor(6501)), None);
    }

    #[test]
    fn what_is_below_nothing_or_beyond_the_most_is_no_amount() {
        for amount in [-1, MAX_MINOR + 1] {
            assert_eq!(Minor::try_from(amount), Err(MoneyError::Amount));
        }
    }
}
