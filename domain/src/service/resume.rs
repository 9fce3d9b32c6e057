//! A paused service is there again.

use serde::{Deserialize, Serialize};

use super::{Service, ServiceEvent, refused_when_not_standing};

/// Resume a service.
#[derive(Clone, Copy, Debug)]
pub struct Resume {}

/// A service was resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {}

refusals! {
    /// Why a service is not resumed.
    pub enum Refusal {
        /// No such service.
        #[error("there is no such service")]
        UnknownService,
        /// It was withdrawn.
        #[error("this service is no longer offered")]
        Withdrawn,
    }
}
refused_when_not_standing!(Refusal);

/// Whether the service is resumed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(service: &Service, _command: &Resume) -> Result<Vec<ServiceEvent>, Refusal> {
    service.require_standing()?;
    if matches!(service, Service::Paused { .. }) {
        Ok(vec![Resumed {}.into()])
    } else {
        Ok(vec![])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::examples;

    #[test]
    fn a_paused_service_is_resumed() {
        assert_eq!(
            decide(&examples::paused(), &Resume {}),
            Ok(vec![Resumed {}.into()])
        );
    }

    #[test]
    fn a_withdrawn_service_is_not_resumed() {
        assert_eq!(
            decide(&examples::withdrawn(), &Resume {}),
            Err(Refusal::Withdrawn)
        );
    }

    #[test]
    fn a_service_that_is_there_stays_there() {
        assert_eq!(decide(&examples::offered(), &Resume {}), Ok(vec![]));
    }
}
