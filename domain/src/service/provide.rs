//! Somebody counts how many people a service was provided to. Nobody is named.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Service, ServiceEvent};

/// The most people of one count.
pub const MAX_COUNT: u32 = 100_000;
/// The longest time of one count.
pub const MAX_PERIOD: TimeDelta = TimeDelta::days(366);

/// Count whom the service was provided to.
#[derive(Clone, Copy, Debug)]
pub struct Provide {
    /// What will be recorded.
    pub provided: Provided,
}

/// A service was provided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provided {
    /// To how many people, 1 to [`MAX_COUNT`].
    pub count: u32,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; the same as `from` for a single moment.
    pub to: DateTime<Utc>,
    /// How sure the number is.
    pub method: Method,
}

/// How a number was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// One by one.
    Counted,
    /// At the end of the day, from memory.
    Estimated,
}

refusals! {
    /// Why it is not recorded.
    pub enum Refusal {
        /// No such service.
        #[error("there is no such service")]
        UnknownService,
        /// It was withdrawn before.
        #[error("this service was no longer offered then")]
        Withdrawn,
        /// 1 to 100,000 at once.
        #[error("1 to {MAX_COUNT} people are counted at once")]
        Count,
        /// The time ends before it begins, or is longer than a year.
        #[error("the time of a count ends after it begins and is at most a year")]
        BadPeriod,
    }
}

/// Whether it is recorded. The count that was recorded last is not recorded once more.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(service: &Service, command: &Provide) -> Result<Vec<ServiceEvent>, Refusal> {
    let standing = service.standing().ok_or(Refusal::UnknownService)?;
    let provided = command.provided;
    if standing.last_provided == Some(provided) {
        return Ok(vec![]);
    }
    if matches!(service, Service::Withdrawn { at, .. } if provided.to > *at) {
        return Err(Refusal::Withdrawn);
    }
    if !(1..=MAX_COUNT).contains(&provided.count) {
        return Err(Refusal::Count);
    }
    if !(TimeDelta::zero()..=MAX_PERIOD).contains(&(provided.to - provided.from)) {
        return Err(Refusal::BadPeriod);
    }
    Ok(vec![provided.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::examples;

    #[test]
    fn what_was_provided_is_counted_also_after_the_end() {
        let command = examples::provide();
        for service in [
            examples::offered(),
            examples::paused(),
            examples::withdrawn(),
        ] {
            assert_eq!(
                decide(&service, &command),
                Ok(vec![command.provided.into()])
            );
        }
    }

    #[test]
    fn what_cannot_have_been_is_not_counted() {
        let mut nobody = examples::provide();
        nobody.provided.count = 0;
        let mut backwards = examples::provide();
        std::mem::swap(&mut backwards.provided.from, &mut backwards.provided.to);
        let mut after_the_end = examples::provide();
        after_the_end.provided.to = examples::withdraw().withdrawn.at + TimeDelta::hours(1);
        let table = [
            (nobody, Refusal::Count),
            (backwards, Refusal::BadPeriod),
            (after_the_end, Refusal::Withdrawn),
        ];
        for (command, refusal) in table {
            assert_eq!(decide(&examples::withdrawn(), &command), Err(refusal));
        }
    }

    #[test]
    fn the_same_count_again_changes_nothing() {
        let service = examples::after([examples::offer().into(), examples::provide().into()]);
        assert_eq!(decide(&service, &examples::provide()), Ok(vec![]));
    }
}
