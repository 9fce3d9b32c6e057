//! The one place where time and chance come in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::time::micros;

/// Tells what time it is, in whole microseconds.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(system_now))
    }

    /// A clock that stood at `start` when it was made and goes on from there, as the demo's does.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        let ahead = start - system_now();
        Self(Arc::new(move || system_now() + ahead))
    }

    /// A clock that stands still.
    #[must_use]
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self(Arc::new(move || at))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        micros((self.0)())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_clock_goes_on_from_where_it_was_set() {
        let start = "2026-03-02T08:00:00Z".parse().expect("a time");
        let clock = Clock::starting_at(start);
        let gone = clock.now() - start;
        assert!(
            (TimeDelta::zero()..TimeDelta::minutes(5)).contains(&gone),
            "{gone}"
        );
        assert_eq!(Clock::standing_at(start).now(), start);
    }
}
