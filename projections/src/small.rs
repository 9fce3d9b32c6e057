//! Counts of people's requests as the public may see them: a small one could be told from whom.

use serde::Serialize;
use utoipa::ToSchema;

/// A count, or that there are a few: `{"count": 12, "less_than": null}` or
/// `{"count": null, "less_than": 5}`, which a page shows as "< 5".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SmallCount {
    /// The count; absent where it is too small to be told.
    pub count: Option<i64>,
    /// There is at least one and there are fewer than this; absent where the count is told.
    pub less_than: Option<i64>,
}

impl SmallCount {
    /// A count for the public: from 1 to `small_count` less one only that it is less.
    #[must_use]
    pub fn public(count: i64, small_count: u32) -> Self {
        let less_than = i64::from(small_count);
        if (1..less_than).contains(&count) {
            Self {
                count: None,
                less_than: Some(less_than),
            }
        } else {
            Self::exact(count)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_and_many_are_told_and_a_few_are_not() {
        let shown = |count| SmallCount::public(count, 5).count;
        assert_eq!(
            [0, 1, 4, 5, 12].map(shown),
            [Some(0), None, None, Some(5), Some(12)]
        );
        let few = serde_json::to_value(SmallCount::public(3, 5)).expect("JSON");
        assert_eq!(few, serde_json::json!({"count": null, "less_than": 5}));
    }
}
