//! Somebody at the venue says that what the network shows is still true: freshness in one tap.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Venue, VenueEvent, refused_when_not_taking_part};

/// Confirm what is shown.
#[derive(Clone, Copy, Debug)]
pub struct Confirm {
    /// What will be recorded.
    pub confirmed: Confirmed,
}

/// What is shown was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// When it was true.
    pub at: DateTime<Utc>,
    /// What was looked at.
    pub what: Confirmable,
}

/// What a venue can confirm.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Confirmable {
    /// Its opening hours and closures.
    Hours,
    /// Its free services.
    Services,
    /// Its items and prices.
    Items,
    /// All of it.
    All,
}

refusals! {
    /// Why nothing is confirmed.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether it is recorded. What was confirmed at the same time or later needs no word more.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &Confirm) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let Confirmed { at, what } = command.confirmed;
    let confirmed_by = |what| house.confirmed.get(&what).is_some_and(|then| *then >= at);
    if confirmed_by(what) || confirmed_by(Confirmable::All) {
        return Ok(vec![]);
    }
    Ok(vec![command.confirmed.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;
    use chrono::TimeDelta;

    #[test]
    fn a_venue_confirms_what_is_shown_as_often_as_it_likes() {
        let mut command = examples::confirm();
        let venue = examples::after([examples::admit().into(), command.into()]);
        command.confirmed.at += TimeDelta::days(1);
        assert_eq!(decide(&venue, &command), Ok(vec![command.confirmed.into()]));
    }

    #[test]
    fn a_venue_that_has_left_confirms_nothing() {
        assert_eq!(
            decide(&examples::left(), &examples::confirm()),
            Err(Refusal::VenueLeft)
        );
    }

    #[test]
    fn what_was_confirmed_since_needs_no_word_more() {
        let venue = examples::after([examples::admit().into(), examples::confirm().into()]);
        let mut earlier = examples::confirm();
        earlier.confirmed.what = Confirmable::Items;
        earlier.confirmed.at -= TimeDelta::hours(1);
        assert_eq!(decide(&venue, &earlier), Ok(vec![]));
    }
}
