//! Whoever holds the claim did a part of it and goes on: shopping every week, half of the move.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent, MAX_PARTS};
use crate::help::lapses_at;
use crate::ids::{ClaimId, MemberId};

/// Fulfil a part of a request.
#[derive(Clone, Copy, Debug)]
pub struct PartlyFulfil {
    /// The claim.
    pub claim_id: ClaimId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A part of a request was fulfilled; the claim goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartlyFulfilled {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who holds it.
    pub member: MemberId,
    /// When.
    pub at: DateTime<Utc>,
    /// The instant from which the claim is now released if nothing more was heard.
    pub lapses_at: DateTime<Utc>,
}

refusals! {
    /// Why no part is fulfilled.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// Nobody holds this claim.
        #[error("this claim is not held")]
        NotHeld,
        /// It has gone on for very long.
        #[error("{MAX_PARTS} parts of this request were fulfilled; please make a new one")]
        TooManyParts,
    }
}

/// Whether a part is fulfilled.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &PartlyFulfil,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let need = help_request.need().ok_or(Refusal::UnknownRequest)?;
    let claim = help_request
        .claim()
        .filter(|claim| claim.claim_id == command.claim_id)
        .ok_or(Refusal::NotHeld)?;
    if need.last_part_at == Some(command.at) {
        return Ok(vec![]);
    }
    if need.parts >= MAX_PARTS {
        return Err(Refusal::TooManyParts);
    }
    let renewed = lapses_at(command.at, need.terms.window);
    Ok(vec![
        PartlyFulfilled {
            claim_id: command.claim_id,
            member: claim.member,
            at: command.at,
            lapses_at: renewed.max(claim.lapses_at),
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help::CLAIM_LASTS;
    use crate::help_request::examples;

    #[test]
    fn a_part_renews_the_claim() {
        let mut command = examples::partly_fulfil();
        command.at = examples::claimed().claim().expect("a claim").lapses_at;
        let partly = PartlyFulfilled {
            claim_id: command.claim_id,
            member: examples::claim().helper.member,
            at: command.at,
            lapses_at: command.at + CLAIM_LASTS,
        };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Ok(vec![partly.into()])
        );
    }

    #[test]
    fn only_who_holds_the_claim_fulfils_a_part() {
        assert_eq!(
            decide(&examples::released(), &examples::partly_fulfil()),
            Err(Refusal::NotHeld)
        );
    }

    #[test]
    fn the_same_part_again_changes_nothing() {
        assert_eq!(
            decide(&examples::partly_fulfilled(), &examples::partly_fulfil()),
            Ok(vec![])
        );
    }

    #[test]
    fn a_request_has_no_more_parts_than_are_allowed() {
        let mut request = examples::claimed();
        let mut command = examples::partly_fulfil();
        for _ in 0..MAX_PARTS {
            command.at += chrono::TimeDelta::seconds(1);
            for event in decide(&request, &command).expect("allowed") {
                request.evolve(event);
            }
        }
        command.at += chrono::TimeDelta::seconds(1);
        assert_eq!(decide(&request, &command), Err(Refusal::TooManyParts));
    }
}
