//! The budget of wrong voucher codes: who guesses is stopped long before a guess can hit.
//!
//! A code has 60 bits. With a million live vouchers and the whole budget used day and night, one
//! guess in 7,000 years hits.

use std::future::Future;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use commands::principal::{May, Principal};
use domain::access::Scope;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::Problem;

/// The codes of refusals that mean: this was a guess.
const WRONG: [&str; 1] = ["unknown_code"];

/// Wrong codes at once, and then one more in this many seconds.
struct Budget {
    at_once: NonZeroU32,
    then_one_in: Duration,
}

const PER_VENUE: Budget = Budget {
    at_once: NonZeroU32::new(20).expect("not zero"),
    then_one_in: Duration::from_secs(30),
};
const PER_NETWORK: Budget = Budget {
    at_once: NonZeroU32::new(200).expect("not zero"),
    then_one_in: Duration::from_secs(2),
};
const IN_TOTAL: Budget = Budget {
    at_once: NonZeroU32::new(1000).expect("not zero"),
    then_one_in: Duration::from_millis(200),
};

/// The most venues, networks and tokens of which a closed door is remembered.
const REMEMBERED: std::num::NonZeroUsize = std::num::NonZeroUsize::new(10_000).expect("not zero");

/// All budgets of this process.
pub struct Guesses {
    venues: DefaultKeyedRateLimiter<String>,
    networks: DefaultKeyedRateLimiter<String>,
    total: DefaultKeyedRateLimiter<String>,
    closed: Mutex<lru::LruCache<String, Instant>>,
    clock: DefaultClock,
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            venues: limiter(&PER_VENUE),
            networks: limiter(&PER_NETWORK),
            total: limiter(&IN_TOTAL),
            closed: Mutex::new(lru::LruCache::new(REMEMBERED)),
            clock: DefaultClock::default(),
        }
    }
}

fn limiter(budget: &Budget) -> DefaultKeyedRateLimiter<String> {
    let quota = Quota::with_period(budget.then_one_in).expect("a period that is not zero");
    RateLimiter::keyed(quota.allow_burst(budget.at_once))
}

impl Guesses {
    /// Does something with a code that this caller sent, if there is budget left. A wrong code
    /// costs; when the budget is used up, right and wrong codes are answered alike.
    ///
    /// # Errors
    /// `too_many_guesses`, or whatever the work itself answers.
    pub async fn spend<T>(
        &self,
        who: &Principal,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let keys = keys(who);
        self.open(&keys)?;
        let answer = work.await;
        match &answer {
            Err(problem) if WRONG.contains(&problem.code()) => self.charge(&keys)?,
            Ok(_) | Err(_) => self.open(&keys)?,
        }
        answer
    }

    fn open(&self, keys: &[String; 3]) -> Result<(), Problem> {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let until = keys.iter().filter_map(|key| closed.get(key).copied()).max();
        match until.and_then(|until| until.checked_duration_since(now)) {
            Some(wait) if !wait.is_zero() => Err(too_many(wait)),
            Some(_) | None => Ok(()),
        }
    }

    fn charge(&self, keys: &[String; 3]) -> Result<(), Problem> {
        metrics::counter!("sospeso_code_guesses_total").increment(1);
        let limiters = [&self.venues, &self.networks, &self.total];
        let mut longest = Duration::ZERO;
        for (key, limiter) in keys.iter().zip(limiters) {
            if let Err(until) = limiter.check_key(key) {
                let wait = until.wait_time_from(self.clock.now());
                let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
                closed.put(key.clone(), Instant::now() + wait);
                longest = longest.max(wait);
            }
            // Those that have their whole budget again need no memory.
            limiter.retain_recent();
        }
        if longest.is_zero() {
            Ok(())
        } else {
            tracing::warn!("a budget of wrong voucher codes is used up");
            Err(too_many(longest))
        }
    }
}

/// The venue whose staff it is (or the token), the network, and the one for all.
fn keys(who: &Principal) -> [String; 3] {
    let narrow = match &who.may {
        May::Scope(Scope::Venue { venue_id }) => format!("venue {venue_id}"),
        May::Scope(_) | May::System => format!("access {}", who.actor),
    };
    [narrow, format!("network {}", who.network), "all".into()]
}

fn too_many(wait: Duration) -> Problem {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_guesses",
        "too many wrong codes: please wait a moment, and type the code again with care",
    )
    .retry_after(wait.as_secs() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{AccessId, VenueId};
    use uuid::Uuid;

    fn staff(venue: u128) -> Principal {
        let scope = Scope::Venue {
            venue_id: VenueId(Uuid::from_u128(venue)),
        };
        let network = "praha".parse().expect("a slug");
        Principal::of(AccessId(Uuid::from_u128(1)), network, scope)
    }

    async fn wrong(guesses: &Guesses, venue: u128) -> String {
        let wrong = async { Err::<(), _>(Problem::new(StatusCode::NOT_FOUND, "unknown_code", "")) };
        let answer = guesses.spend(&staff(venue), wrong).await;
        answer.expect_err("a refusal").code().to_owned()
    }

    #[tokio::test]
    async fn a_venue_that_guesses_is_stopped_and_another_is_not() {
        let guesses = Guesses::default();
        for _ in 0..PER_VENUE.at_once.get() {
            assert_eq!(wrong(&guesses, 1).await, "unknown_code");
        }
        assert_eq!(wrong(&guesses, 1).await, "too_many_guesses");
        let right = guesses.spend(&staff(1), async { Ok(()) }).await;
        let stopped = right.expect_err("also a right code waits");
        assert_eq!(stopped.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(wrong(&guesses, 2).await, "unknown_code");
    }

    #[tokio::test]
    async fn right_codes_cost_nothing() {
        let guesses = Guesses::default();
        for _ in 0..100 {
            assert!(guesses.spend(&staff(1), async { Ok(()) }).await.is_ok());
        }
    }
}
