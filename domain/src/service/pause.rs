//! A service is not there for a while, e.g. the toilet is broken.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Service, ServiceEvent, refused_when_not_standing};

/// Pause a service.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// When.
    pub at: DateTime<Utc>,
    /// What will be recorded.
    pub paused: Paused,
}

/// A service was paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// When it is there again; absent = until it is resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

refusals! {
    /// Why a service is not paused.
    pub enum Refusal {
        /// No such service.
        #[error("there is no such service")]
        UnknownService,
        /// It was withdrawn.
        #[error("this service is no longer offered")]
        Withdrawn,
        /// It would be there again before it pauses.
        #[error("a pause ends in the future")]
        BadPeriod,
    }
}
refused_when_not_standing!(Refusal);

/// Whether the service is paused.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(service: &Service, command: &Pause) -> Result<Vec<ServiceEvent>, Refusal> {
    service.require_standing()?;
    if matches!(service, Service::Paused { until, .. } if *until == command.paused.until) {
        return Ok(vec![]);
    }
    if command
        .paused
        .until
        .is_some_and(|until| until <= command.at)
    {
        return Err(Refusal::BadPeriod);
    }
    Ok(vec![command.paused.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::examples;

    #[test]
    fn a_service_is_paused_and_the_pause_made_longer() {
        let mut command = examples::pause();
        assert_eq!(
            decide(&examples::offered(), &command),
            Ok(vec![command.paused.into()])
        );
        command.paused.until = None;
        assert_eq!(
            decide(&examples::paused(), &command),
            Ok(vec![command.paused.into()])
        );
    }

    #[test]
    fn a_pause_that_is_over_is_refused() {
        let mut command = examples::pause();
        command.paused.until = Some(command.at);
        assert_eq!(
            decide(&examples::offered(), &command),
            Err(Refusal::BadPeriod)
        );
    }

    #[test]
    fn pausing_again_changes_nothing() {
        assert_eq!(decide(&examples::paused(), &examples::pause()), Ok(vec![]));
    }
}
