//! The time of a request is over and nobody has taken it on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent};

/// Expire a request.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// When.
    pub at: DateTime<Utc>,
}

/// A request expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a request does not expire.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// It was closed otherwise.
        #[error("this request is closed")]
        NotOpen,
        /// Somebody is on it; the claim lapses first.
        #[error("somebody has taken this on")]
        AlreadyClaimed,
        /// It expires later.
        #[error("this request has not expired yet")]
        NotExpired {
            /// When it will.
            expires_at: DateTime<Utc>
        },
    }
}

/// Whether the request expires.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Expire,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    match help_request {
        HelpRequest::Unknown => Err(Refusal::UnknownRequest),
        HelpRequest::Expired(_) => Ok(vec![]),
        HelpRequest::Fulfilled(_) | HelpRequest::Withdrawn(_) | HelpRequest::ClosedUnmet(_) => {
            Err(Refusal::NotOpen)
        }
        HelpRequest::Claimed { .. } => Err(Refusal::AlreadyClaimed),
        HelpRequest::Open(need) if command.at < need.terms.expires_at => {
            let expires_at = need.terms.expires_at;
            Err(Refusal::NotExpired { expires_at })
        }
        HelpRequest::Open(_) => Ok(vec![Expired { at: command.at }.into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::examples;

    #[test]
    fn a_request_expires_at_its_time_and_not_before() {
        let at = examples::request().requested.terms.expires_at;
        let early = Expire {
            at: at - chrono::TimeDelta::microseconds(1),
        };
        assert_eq!(
            decide(&examples::open(), &Expire { at }),
            Ok(vec![Expired { at }.into()])
        );
        assert_eq!(
            decide(&examples::open(), &early),
            Err(Refusal::NotExpired { expires_at: at })
        );
    }

    #[test]
    fn what_somebody_has_taken_on_does_not_expire() {
        assert_eq!(
            decide(&examples::claimed(), &examples::expire()),
            Err(Refusal::AlreadyClaimed)
        );
    }

    #[test]
    fn an_expired_request_stays_expired() {
        assert_eq!(
            decide(&examples::expired(), &examples::expire()),
            Ok(vec![])
        );
    }
}
