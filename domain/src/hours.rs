//! Opening hours in the words of OpenStreetMap, e.g. `Mo-Fr 08:00-18:00; PH off`.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest text, in characters, as in OpenStreetMap.
pub const MAX_HOURS: usize = 255;

/// Opening hours. A text from a person is parsed with [`FromStr`], which reads its meaning; a
/// stored one is only measured, so that a later version of the grammar never loses an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "Mo-Fr 08:00-18:00; PH off")]
pub struct Hours(String);

/// Not opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("opening hours are written as in OpenStreetMap, e.g. Mo-Fr 08:00-18:00")]
pub struct NotHours;

impl Hours {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the grammar of opening hours understands it.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.0.parse::<opening_hours::OpeningHours>().is_ok()
    }
}

impl FromStr for Hours {
    type Err = NotHours;
    fn from_str(text: &str) -> Result<Self, NotHours> {
        let hours = Self::try_from(text.trim().to_owned())?;
        if hours.is_understood() {
            Ok(hours)
        } else {
            Err(NotHours)
        }
    }
}

impl TryFrom<String> for Hours {
    type Error = NotHours;
    fn try_from(text: String) -> Result<Self, NotHours> {
        let length = text.chars().count();
        if (1..=MAX_HOURS).contains(&length) && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err(NotHours)
        }
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_in_the_field_write_them() {
        for good in [
            "Mo-Fr 07:00-18:00; Sa 07:00-15:00; PH off",
            "24/7",
            "Dec-Mar 22:00-03:00",
        ] {
            assert!(good.parse::<Hours>().is_ok(), "{good}");
        }
    }

    #[test]
    fn what_says_no_hours_is_not_taken() {
        for bad in [
            "",
            "open sometimes",
            "Mo-Fr 25:00-99:00",
            &"24/7; ".repeat(60),
        ] {
            assert_eq!(bad.parse::<Hours>(), Err(NotHours), "{bad}");
        }
    }

    #[test]
    fn a_stored_text_is_kept_even_if_the_grammar_does_not_know_it() {
        let stored: Hours = serde_json::from_str("\"on Sundays\"").expect("kept");
        assert!(!stored.is_understood());
        assert_eq!(stored.as_str(), "on Sundays");
    }

    #[test]
    fn a_stored_text_is_one_line_within_bounds() {
        let stored = |text: &str| Hours::try_from(text.to_owned());
        assert!(stored(&"á".repeat(MAX_HOURS)).is_ok());
        for bad in ["", "24/7\n", &"á".repeat(MAX_HOURS + 1)] {
            assert_eq!(stored(bad), Err(NotHours), "{bad:?}");
        }
    }
}
