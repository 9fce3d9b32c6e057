//! A service is no longer there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Service, ServiceEvent};

/// Withdraw a service.
#[derive(Clone, Copy, Debug)]
pub struct Withdraw {
    /// What will be recorded.
    pub withdrawn: Withdrawn,
}

/// A service was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Since when: what was provided before is still counted.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a service is not withdrawn.
    pub enum Refusal {
        /// No such service.
        #[error("there is no such service")]
        UnknownService,
    }
}

/// Whether the service is withdrawn.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(service: &Service, command: &Withdraw) -> Result<Vec<ServiceEvent>, Refusal> {
    match service {
        Service::Unknown => Err(Refusal::UnknownService),
        Service::Offered(_) | Service::Paused { .. } => Ok(vec![command.withdrawn.into()]),
        Service::Withdrawn { .. } => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::examples;

    #[test]
    fn a_standing_service_is_withdrawn() {
        let command = examples::withdraw();
        for service in [examples::offered(), examples::paused()] {
            assert_eq!(
                decide(&service, &command),
                Ok(vec![command.withdrawn.into()])
            );
        }
    }

    #[test]
    fn an_unknown_service_is_not_withdrawn() {
        assert_eq!(
            decide(&Service::Unknown, &examples::withdraw()),
            Err(Refusal::UnknownService)
        );
    }

    #[test]
    fn withdrawing_again_changes_nothing() {
        assert_eq!(
            decide(&examples::withdrawn(), &examples::withdraw()),
            Ok(vec![])
        );
    }
}
