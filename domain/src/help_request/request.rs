//! Somebody asks for help, or a coordinator asks for somebody who telephones.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Flaw, HelpRequest, HelpRequestEvent, Terms};
use crate::ids::{OrganisationId, SubjectId};
use crate::sealed::{Audience, SealedSpec};
use crate::text::Slug;

/// Request help.
#[derive(Clone, Debug)]
pub struct Request {
    /// What will be recorded.
    pub requested: Requested,
    /// Whether the network has drawn the district.
    pub district_is_drawn: bool,
    /// Whether the subject is known and not erased; true where none is named.
    pub subject_is_known: bool,
}

/// Help was requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// The network.
    pub network: Slug,
    /// When.
    pub at: DateTime<Utc>,
    /// The person, where something about the person is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// The organisation whose worker entered it for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// What is asked for.
    #[serde(flatten)]
    pub terms: Terms,
}

/// The sealed fields of [`Requested`]. What is offered in return helps members to choose; where
/// somebody lives and what is wrong there concerns only whoever comes.
pub const SEALED: &[SealedSpec] = &[
    SealedSpec {
        event_type: "help_request.requested",
        field: "note",
        audience: Audience::Involved,
    },
    SealedSpec {
        event_type: "help_request.requested",
        field: "contact",
        audience: Audience::Involved,
    },
    SealedSpec {
        event_type: "help_request.requested",
        field: "in_return",
        audience: Audience::Members,
    },
];

refusals! {
    /// Why help is not requested.
    pub enum Refusal {
        /// The id belongs to another request.
        #[error("a request with this id exists on other terms")]
        AlreadyRequested,
        /// The district is not the network's.
        #[error("the network has no such district")]
        UnknownDistrict,
        /// There is nobody behind it.
        #[error("there is no such subject, or it was erased")]
        UnknownSubject,
        /// Something is wrong with what is asked for.
        #[error("{flaw}")]
        Terms {
            /// What.
            flaw: Flaw
        },
    }
}

/// Whether help is requested.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Request,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let requested = &command.requested;
    if let Some(need) = help_request.need() {
        let same = need.requested == *requested;
        return if same {
            Ok(vec![])
        } else {
            Err(Refusal::AlreadyRequested)
        };
    }
    if !command.district_is_drawn {
        return Err(Refusal::UnknownDistrict);
    }
    if !command.subject_is_known {
        return Err(Refusal::UnknownSubject);
    }
    match requested.terms.flaw(requested.at) {
        Some(flaw) => Err(Refusal::Terms { flaw }),
        None => Ok(vec![requested.clone().into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::{MAX_OPEN, examples};

    #[test]
    fn help_is_requested() {
        let command = examples::request();
        assert_eq!(
            decide(&HelpRequest::Unknown, &command),
            Ok(vec![command.requested.into()])
        );
    }

    #[test]
    fn help_is_requested_in_a_district_of_the_network() {
        let command = Request {
            district_is_drawn: false,
            ..examples::request()
        };
        assert_eq!(
            decide(&HelpRequest::Unknown, &command),
            Err(Refusal::UnknownDistrict)
        );
    }

    #[test]
    fn a_person_who_was_erased_requests_nothing() {
        let command = Request {
            subject_is_known: false,
            ..examples::request()
        };
        assert_eq!(
            decide(&HelpRequest::Unknown, &command),
            Err(Refusal::UnknownSubject)
        );
    }

    #[test]
    fn what_is_asked_for_lies_ahead_and_has_a_language() {
        let flawed = |change: fn(&mut Requested)| {
            let mut command = examples::request();
            change(&mut command.requested);
            decide(&HelpRequest::Unknown, &command)
        };
        let refused = |flaw| Err(Refusal::Terms { flaw });
        assert_eq!(
            flawed(|r| r.at = r.terms.window.expect("a window").to),
            refused(Flaw::Window)
        );
        assert_eq!(
            flawed(|r| r.terms.expires_at = r.at),
            refused(Flaw::ExpiresAt)
        );
        assert_eq!(
            flawed(|r| r.terms.expires_at = r.at + MAX_OPEN * 2),
            refused(Flaw::ExpiresAt)
        );
        assert_eq!(
            flawed(|r| r.terms.language = None),
            refused(Flaw::LanguageMissing)
        );
    }

    #[test]
    fn the_same_request_again_changes_nothing() {
        assert_eq!(decide(&examples::open(), &examples::request()), Ok(vec![]));
    }

    #[test]
    fn another_request_under_the_same_id_is_refused() {
        let mut other = examples::request();
        other.requested.subject = None;
        assert_eq!(
            decide(&examples::open(), &other),
            Err(Refusal::AlreadyRequested)
        );
    }
}
