//! A venue is open after all, or open again.

use serde::{Deserialize, Serialize};

use super::{Venue, VenueEvent, refused_when_not_taking_part};
use crate::ids::ClosureId;

/// Cancel a closure.
#[derive(Clone, Copy, Debug)]
pub struct CancelClosure {
    /// Which.
    pub closure_id: ClosureId,
}

/// A closure was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosureCancelled {
    /// Which.
    pub closure_id: ClosureId,
}

refusals! {
    /// Why a closure is not cancelled.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// No such closure, or it was over long ago.
        #[error("there is no such closure")]
        UnknownClosure,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the closure is cancelled.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &CancelClosure) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let closure_id = command.closure_id;
    match house.closures.get(&closure_id) {
        None => Err(Refusal::UnknownClosure),
        Some(known) if known.cancelled => Ok(vec![]),
        Some(_) => Ok(vec![ClosureCancelled { closure_id }.into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn an_announced_closure_is_cancelled() {
        let command = examples::cancel_closure();
        let closure_id = command.closure_id;
        let commands = [
            examples::admit().into(),
            examples::announce_closure().into(),
        ];
        assert_eq!(
            decide(&examples::after(commands), &command),
            Ok(vec![ClosureCancelled { closure_id }.into()])
        );
    }

    #[test]
    fn what_was_not_announced_is_not_cancelled() {
        assert_eq!(
            decide(&examples::admitted(), &examples::cancel_closure()),
            Err(Refusal::UnknownClosure)
        );
    }

    #[test]
    fn cancelling_again_changes_nothing() {
        let commands = [
            examples::admit().into(),
            examples::announce_closure().into(),
            examples::cancel_closure().into(),
        ];
        assert_eq!(
            decide(&examples::after(commands), &examples::cancel_closure()),
            Ok(vec![])
        );
    }
}
