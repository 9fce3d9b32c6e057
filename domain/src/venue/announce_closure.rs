//! A venue announces that it will be closed although its hours say that it is open.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Venue, VenueEvent, refused_when_not_taking_part};
use crate::ids::ClosureId;

/// The most closures that are announced at a time.
pub const MAX_CLOSURES: usize = 50;

/// Announce a closure.
#[derive(Clone, Debug)]
pub struct AnnounceClosure {
    /// What will be recorded.
    pub announced: ClosureAnnounced,
}

/// A closure was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosureAnnounced {
    /// When it was announced.
    pub at: DateTime<Utc>,
    /// Its id.
    pub closure_id: ClosureId,
    /// From when.
    pub from: DateTime<Utc>,
    /// The instant from which the venue is open again; absent = until it is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub reason: ClosureReason,
}

/// Why a venue is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosureReason {
    /// A holiday of its people, or a public one.
    Holiday,
    /// Somebody is ill, or too few are there.
    Staff,
    /// A private event.
    Event,
    /// Repairs, no water, no power.
    Repairs,
    /// Closed by an order, e.g. of the health authority.
    Ordered,
    /// Another reason.
    Other,
}

refusals! {
    /// Why a closure is not announced.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// The id belongs to another closure, or to one that was cancelled.
        #[error("a closure with this id was announced before, on other terms")]
        AlreadyAnnounced,
        /// It is over before it begins, or was over when it was announced.
        #[error("a closure ends after it begins, and in the future")]
        BadPeriod,
        /// Closures are not announced without end.
        #[error("at most {MAX_CLOSURES} closures are announced at a time")]
        TooManyClosures,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the closure is announced.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &AnnounceClosure) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let announced = &command.announced;
    if let Some(known) = house.closures.get(&announced.closure_id) {
        return if known.announced == *announced && !known.cancelled {
            Ok(vec![])
        } else {
            Err(Refusal::AlreadyAnnounced)
        };
    }
    let ends_too_early = |to| to <= announced.from || to <= announced.at;
    if announced.to.is_some_and(ends_too_early) {
        return Err(Refusal::BadPeriod);
    }
    let still_matter = house.closures.values();
    if still_matter.filter(|c| c.matters_at(announced.at)).count() >= MAX_CLOSURES {
        return Err(Refusal::TooManyClosures);
    }
    Ok(vec![announced.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;
    use chrono::TimeDelta;
    use uuid::Uuid;

    #[test]
    fn a_closure_is_announced() {
        let command = examples::announce_closure();
        assert_eq!(
            decide(&examples::admitted(), &command),
            Ok(vec![command.announced.into()])
        );
    }

    #[test]
    fn a_closure_that_is_over_is_not_announced() {
        let command = examples::announce_closure();
        let announced = command.announced;
        let late = announced.from + TimeDelta::days(30);
        // Over when it is announced, and over before it begins.
        let periods = [
            (announced.at, announced.from, announced.at),
            (announced.at, announced.from, announced.from),
            (late, announced.from, announced.from + TimeDelta::days(1)),
        ];
        for (at, from, to) in periods {
            let mut command = examples::announce_closure();
            (command.announced.at, command.announced.from) = (at, from);
            command.announced.to = Some(to);
            let refused = decide(&examples::admitted(), &command);
            assert_eq!(refused, Err(Refusal::BadPeriod), "{at} {from} {to}");
        }
    }

    #[test]
    fn another_closure_under_the_id_of_one_or_of_one_that_was_cancelled_is_refused() {
        let command = examples::announce_closure();
        let story = [examples::admit().into(), command.clone().into()];
        let announced = examples::after(story.clone());
        let mut other = command.clone();
        other.announced.reason = ClosureReason::Other;
        let again = decide(&announced, &other);
        assert_eq!(again, Err(Refusal::AlreadyAnnounced));
        let cancel = [examples::cancel_closure().into()];
        let cancelled = examples::after(story.into_iter().chain(cancel));
        let again = decide(&cancelled, &command);
        assert_eq!(again, Err(Refusal::AlreadyAnnounced));
    }

    #[test]
    fn closures_that_are_over_make_room_for_others() {
        let nth = |n: u32, days: i64| {
            let mut command = examples::announce_closure();
            let announced = &mut command.announced;
            announced.closure_id = ClosureId(Uuid::from_u128(1000 + u128::from(n)));
            announced.at += TimeDelta::days(days);
            announced.from += TimeDelta::days(days);
            announced.to = announced.to.map(|to| to + TimeDelta::days(days));
            command
        };
        let most = u32::try_from(MAX_CLOSURES).expect("few");
        let closures = (0..most).map(|n| nth(n, 0).into());
        let full = examples::after([examples::admit().into()].into_iter().chain(closures));
        assert_eq!(decide(&full, &nth(most, 0)), Err(Refusal::TooManyClosures));
        assert!(decide(&full, &nth(most, 365)).is_ok());
    }

    #[test]
    fn the_same_closure_again_changes_nothing() {
        let command = examples::announce_closure();
        let venue = examples::after([examples::admit().into(), command.clone().into()]);
        assert_eq!(decide(&venue, &command), Ok(vec![]));
    }
}
