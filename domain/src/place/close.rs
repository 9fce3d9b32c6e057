//! A place is closed for good.

use serde::{Deserialize, Serialize};

use super::{Place, PlaceEvent};

/// Close a place.
#[derive(Clone, Copy, Debug)]
pub struct Close {}

/// A place was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {}

refusals! {
    /// Why a place is not closed.
    pub enum Refusal {
        /// No such place.
        #[error("there is no such place")]
        UnknownPlace,
    }
}

/// Whether the place is closed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(place: &Place, _command: &Close) -> Result<Vec<PlaceEvent>, Refusal> {
    match place {
        Place::Unknown => Err(Refusal::UnknownPlace),
        Place::Open(_) => Ok(vec![Closed {}.into()]),
        Place::Closed(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::examples;

    #[test]
    fn an_open_place_is_closed() {
        assert_eq!(
            decide(&examples::added(), &Close {}),
            Ok(vec![Closed {}.into()])
        );
    }

    #[test]
    fn an_unknown_place_is_not_closed() {
        assert_eq!(
            decide(&Place::Unknown, &Close {}),
            Err(Refusal::UnknownPlace)
        );
    }

    #[test]
    fn closing_again_changes_nothing() {
        assert_eq!(decide(&examples::closed(), &Close {}), Ok(vec![]));
    }
}
