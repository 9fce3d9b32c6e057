//! The day on which a person is forgotten comes closer: what they were told is never held longer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Subject, SubjectEvent};

/// Set until when something is held about a subject.
#[derive(Clone, Copy, Debug)]
pub struct SetRetention {
    /// The instant from which nothing is held any more.
    pub retain_until: DateTime<Utc>,
}

/// It was set until when something is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionSet {
    /// The instant from which nothing is held any more.
    pub retain_until: DateTime<Utc>,
}

refusals! {
    /// Why the retention is not set.
    pub enum Refusal {
        /// No such subject.
        #[error("there is no such subject")]
        UnknownSubject,
    }
}

/// Whether the retention is set. A later instant than the one that holds changes nothing, and an
/// instant that has passed only means that the subject is erased soon.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(subject: &Subject, command: &SetRetention) -> Result<Vec<SubjectEvent>, Refusal> {
    let retain_until = command.retain_until;
    match subject {
        Subject::Unknown => Err(Refusal::UnknownSubject),
        Subject::Erased(_) => Ok(vec![]),
        Subject::Known(person) if person.retain_until.is_some_and(|it| it <= retain_until) => {
            Ok(vec![])
        }
        Subject::Known(_) => Ok(vec![RetentionSet { retain_until }.into()]),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::subject::examples;

    #[test]
    fn a_subject_is_held_for_a_shorter_time() {
        let command = examples::set_retention();
        let retain_until = command.retain_until;
        assert_eq!(
            decide(&examples::known(), &command),
            Ok(vec![RetentionSet { retain_until }.into()])
        );
    }

    #[test]
    fn nobody_is_held_longer_than_they_were_told() {
        let mut command = examples::set_retention();
        let person = examples::after([examples::introduce().into(), command.into()]);
        assert_eq!(decide(&person, &command), Ok(vec![]));
        command.retain_until += TimeDelta::days(1);
        assert_eq!(decide(&person, &command), Ok(vec![]));
    }

    #[test]
    fn who_is_unknown_is_not_held() {
        assert_eq!(
            decide(&Subject::Unknown, &examples::set_retention()),
            Err(Refusal::UnknownSubject)
        );
    }

    #[test]
    fn an_erased_subject_stays_erased() {
        assert_eq!(
            decide(&examples::erased(), &examples::set_retention()),
            Ok(vec![])
        );
    }
}
