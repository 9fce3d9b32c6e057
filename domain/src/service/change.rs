//! A service gets another name, other hours or another capacity.

use serde::{Deserialize, Serialize};

use super::{Details, MAX_CAPACITY, Service, ServiceEvent, refused_when_not_standing};

/// Change a service.
#[derive(Clone, Debug)]
pub struct Change {
    /// What will be recorded.
    pub changed: Changed,
}

/// A service was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Its name, hours and capacity now, as a whole.
    #[serde(flatten)]
    pub details: Details,
}

refusals! {
    /// Why a service is not changed.
    pub enum Refusal {
        /// No such service.
        #[error("there is no such service")]
        UnknownService,
        /// It was withdrawn.
        #[error("this service is no longer offered")]
        Withdrawn,
        /// Its hours say nothing, or its capacity is out of bounds.
        #[error("hours are written as in OpenStreetMap, and a capacity is 1 to {MAX_CAPACITY}")]
        BadDetails,
    }
}
refused_when_not_standing!(Refusal);

/// Whether the service is changed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(service: &Service, command: &Change) -> Result<Vec<ServiceEvent>, Refusal> {
    let standing = service.require_standing()?;
    if standing.details == command.changed.details {
        return Ok(vec![]);
    }
    if !command.changed.details.are_within_bounds() {
        return Err(Refusal::BadDetails);
    }
    Ok(vec![command.changed.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::examples;

    #[test]
    fn a_standing_service_is_changed() {
        let command = examples::change();
        for service in [examples::offered(), examples::paused()] {
            assert_eq!(
                decide(&service, &command),
                Ok(vec![command.changed.clone().into()])
            );
        }
    }

    #[test]
    fn a_withdrawn_service_is_not_changed() {
        assert_eq!(
            decide(&examples::withdrawn(), &examples::change()),
            Err(Refusal::Withdrawn)
        );
    }

    #[test]
    fn the_same_words_again_change_nothing() {
        let service = examples::after([examples::offer().into(), examples::change().into()]);
        assert_eq!(decide(&service, &examples::change()), Ok(vec![]));
    }
}
