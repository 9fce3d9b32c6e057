//! The words that requests for help, tasks and members share: what kind of help, how much, when.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a claim without a window lasts.
pub const CLAIM_LASTS: TimeDelta = TimeDelta::days(7);
/// How long after the end of its window a claim lasts: people tell in the evening, or the next
/// morning, what they did.
pub const CLAIM_GRACE: TimeDelta = TimeDelta::days(1);
/// How long after the end of a claim its holder may still read what is sealed.
pub const INVOLVED_AFTER: TimeDelta = TimeDelta::days(30);
/// The longest window.
pub const MAX_WINDOW: TimeDelta = TimeDelta::days(366);

/// What kind of help.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Category {
    /// Shopping for food and medicine.
    Groceries,
    /// A cooked meal.
    Meals,
    /// A ride, or carrying something.
    Transport,
    /// A visit, a walk, a telephone call.
    Company,
    /// Something is broken.
    Repairs,
    /// The household: cleaning, laundry, wood.
    Household,
    /// Forms, offices, letters.
    Paperwork,
    /// An interpreter.
    Interpreting,
    /// Looking after children.
    Childcare,
    /// Learning and tutoring.
    Learning,
    /// Looking after animals.
    Pets,
    /// Telephones and computers.
    Technology,
    /// Clothes, furniture and other things.
    Things,
    /// Anything else.
    Other,
}

/// How much time it takes.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Effort {
    /// Up to two hours.
    Short,
    /// Half a day.
    HalfDay,
    /// A day.
    Day,
    /// Again and again.
    Ongoing,
}

/// When help is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Window {
    /// The first instant.
    pub from: DateTime<Utc>,
    /// The end, exclusive; after `from` and at most [`MAX_WINDOW`] after it.
    pub to: DateTime<Utc>,
}

impl Window {
    /// Whether it has a length, and at most [`MAX_WINDOW`].
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        self.from < self.to && self.to - self.from <= MAX_WINDOW
    }
}

/// Why somebody no longer holds a claim.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReleaseReason {
    /// Its holder cannot do it.
    GivenUp,
    /// Its time was over and nothing was heard.
    Lapsed,
    /// A coordinator took it back.
    Coordinator,
    /// Its holder left the network.
    MemberLeft,
}

/// When a claim of this time lapses unless something is heard: a day after the end of the window,
/// or, where there is none or it is over, after seven days.
#[must_use]
pub fn lapses_at(claimed_at: DateTime<Utc>, window: Option<Window>) -> DateTime<Utc> {
    window
        .filter(|window| claimed_at < window.to)
        .map_or(claimed_at + CLAIM_LASTS, |window| window.to + CLAIM_GRACE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_claim_lapses_a_day_after_the_window_or_after_a_week() {
        let claimed = at("2026-11-02T09:00:00Z");
        let window = Window {
            from: at("2026-11-20T09:00:00Z"),
            to: at("2026-11-20T12:00:00Z"),
        };
        assert_eq!(lapses_at(claimed, Some(window)), at("2026-11-21T12:00:00Z"));
        assert_eq!(lapses_at(claimed, None), at("2026-11-09T09:00:00Z"));
        let late = at("2026-11-20T12:00:00Z");
        assert_eq!(lapses_at(late, Some(window)), late + CLAIM_LASTS);
    }

    #[test]
    fn a_window_has_a_length_and_a_bound() {
        let from = at("2026-11-02T09:00:00Z");
        let long = |length| Window {
            from,
            to: from + length,
        };
        assert!(long(TimeDelta::minutes(1)).is_within_bounds());
        assert!(long(MAX_WINDOW).is_within_bounds());
        assert!(!long(TimeDelta::zero()).is_within_bounds());
        assert!(!long(MAX_WINDOW + TimeDelta::seconds(1)).is_within_bounds());
    }
}
