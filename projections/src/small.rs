//! Counts of people's requests as the public may see them, so that no answer, and no difference of
//! two answers, points at a person. The reasons, and what can still be learned, are told in
//! `infra/decisions/0008-what-the-public-can-learn-of-a-person.md`.
//!
//! Two rules make every public number of requests, wherever it stands: it is of the day that began
//! last ([`told_until`]), and it goes in steps ([`SmallCount::public`]). A third leaves out: there
//! is no total over districts, which with all parts but one would tell of the last.

use chrono::{DateTime, NaiveTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A count in steps, or that there are few: `{"count": 10, "less_than": null}` means 10 to 14 where
/// the step is 5, and `{"count": null, "less_than": 5}`, which a page shows as "< 5", 0 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SmallCount {
    /// The count, rounded down to a step for the public; absent where it is too small to be told.
    pub count: Option<i64>,
    /// There are fewer than this, or none; absent where the count is told.
    pub less_than: Option<i64>,
}

impl SmallCount {
    /// A count for the public: rounded down to a multiple of `small_count`, and below it only that
    /// it is less. None at all looks like a few: the first request of a district shows nothing.
    #[must_use]
    pub fn public(count: i64, small_count: u32) -> Self {
        let step = i64::from(small_count).max(1);
        if count < step {
            Self {
                count: None,
                less_than: Some(step),
            }
        } else {
            Self::exact(count - count % step)
        }
    }

    /// A count for those who may know it.
    #[must_use]
    pub fn exact(count: i64) -> Self {
        Self {
            count: Some(count),
            less_than: None,
        }
    }
}

/// The instant up to which public numbers of requests are told: the beginning of the day, in UTC.
/// What is recorded later shows tomorrow, so that nobody can watch a number while somebody asks.
#[must_use]
pub fn told_until(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_few_are_not_told_and_many_go_in_steps() {
        let shown = |count| SmallCount::public(count, 5).count;
        assert_eq!(
            [0, 1, 4, 5, 9, 12].map(shown),
            [None, None, None, Some(5), Some(5), Some(10)]
        );
        let few = serde_json::to_value(SmallCount::public(3, 5)).expect("JSON");
        assert_eq!(few, serde_json::json!({"count": null, "less_than": 5}));
        assert_eq!(SmallCount::public(0, 1).less_than, Some(1));
        assert_eq!(SmallCount::public(7, 1).count, Some(7));
    }

    #[test]
    fn a_day_is_told_when_it_is_over() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        for now in ["2026-11-02T00:00:00Z", "2026-11-02T23:59:59Z"] {
            assert_eq!(told_until(at(now)), at("2026-11-02T00:00:00Z"));
        }
    }

    proptest! {
        /// Whatever is told, at least `small_count` counts in a row may stand behind it: knowing
        /// it, and all requests but some fewer than that, nobody knows whether those exist.
        #[test]
        fn behind_every_answer_stand_as_many_counts_as_the_policy_says(
            count in 0..10_000_i64, small_count in 2..=20_u32,
        ) {
            let step = i64::from(small_count);
            let told = SmallCount::public(count, small_count);
            let band = told.count.unwrap_or(0);
            for other in band..band + step {
                prop_assert_eq!(SmallCount::public(other, small_count), told);
            }
        }

        /// Two answers that are different stand for at least one band's edge; two that are the same
        /// may hide any change of fewer than `small_count`. Their difference is never a number
        /// between: it is nothing or a whole step.
        #[test]
        fn the_difference_of_two_answers_is_nothing_or_whole_steps(
            before in 0..10_000_i64, change in -19..=19_i64, small_count in 2..=20_u32,
        ) {
            let step = i64::from(small_count);
            let after = (before + change).max(0);
            let told = |count| SmallCount::public(count, small_count).count.unwrap_or(0);
            let difference = told(after) - told(before);
            prop_assert_eq!(difference % step, 0);
            prop_assert!(difference.abs() < change.abs() + step);
        }
    }
}
