//! Whatever is asked in whatever order, only what makes sense happens, and never twice.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::close_unmet::CloseUnmet;
use super::expire::Expire;
use super::fulfil::Fulfil;
use super::partly_fulfil::PartlyFulfil;
use super::withdraw::Withdraw;
use super::{HelpRequest, HelpRequestCommand, HelpRequestEvent, examples};
use crate::Entity;
use crate::help::ReleaseReason;
use crate::ids::ClaimId;
use crate::member::examples::helper;

/// All that one needs to know of a request in order to say what makes sense.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Model {
    Nothing,
    Open,
    Claimed(ClaimId),
    Closed,
}

impl Model {
    /// The model after the event; `None` where the event makes no sense.
    fn after(self, event: &HelpRequestEvent) -> Option<Self> {
        use HelpRequestEvent as E;
        match (self, event) {
            (Self::Nothing, E::Requested(_))
            | (Self::Open, E::Edited(_))
            | (Self::Closed, E::Reopened(_)) => Some(Self::Open),
            (Self::Open, E::Claimed(claimed)) => Some(Self::Claimed(claimed.claim_id)),
            (Self::Claimed(_), E::Edited(_)) => Some(self),
            (Self::Claimed(id), E::PartlyFulfilled(partly)) if partly.claim_id == id => Some(self),
            (Self::Claimed(id), E::Released(released)) if released.claim_id == id => {
                Some(Self::Open)
            }
            (Self::Claimed(id), E::Fulfilled(f)) if f.claim_id == Some(id) => Some(Self::Closed),
            (Self::Claimed(id), E::Withdrawn(w)) if w.claim_id == Some(id) => Some(Self::Closed),
            (Self::Open, E::Withdrawn(w)) if w.claim_id.is_none() => Some(Self::Closed),
            (Self::Open, E::Fulfilled(_) | E::Expired(_) | E::ClosedUnmet(_)) => Some(Self::Closed),
            _ => None,
        }
    }

    fn of(help_request: &HelpRequest) -> Self {
        match help_request {
            HelpRequest::Unknown => Self::Nothing,
            HelpRequest::Open(_) => Self::Open,
            HelpRequest::Claimed { claim, .. } => Self::Claimed(claim.claim_id),
            HelpRequest::Fulfilled(_)
            | HelpRequest::Withdrawn(_)
            | HelpRequest::Expired(_)
            | HelpRequest::ClosedUnmet(_) => Self::Closed,
        }
    }
}

fn command() -> impl Strategy<Value = HelpRequestCommand> {
    let (claim, member, hours) = (1..5u128, 1..4u128, 0..240i64);
    (0..11u8, claim, member, hours).prop_map(|(act, claim, member, hours)| {
        let at = examples::request().requested.at + TimeDelta::hours(hours);
        let claim_id = ClaimId(Uuid::from_u128(claim));
        match act {
            0 => examples::request().into(),
            1 => examples::edit().into(),
            2 | 3 => super::claim::Claim {
                claim_id,
                helper: helper(member),
                at,
            }
            .into(),
            4 => super::release::Release {
                claim_id,
                reason: if member == 1 {
                    ReleaseReason::Lapsed
                } else {
                    ReleaseReason::GivenUp
                },
                at,
            }
            .into(),
            5 => PartlyFulfil { claim_id, at }.into(),
            6 => Fulfil {
                claim_id: (member > 1).then_some(claim_id),
                at,
            }
            .into(),
            7 => examples::reopen().into(),
            8 => Withdraw { at }.into(),
            9 => Expire { at }.into(),
            _ => CloseUnmet {
                at,
                ..examples::close_unmet()
            }
            .into(),
        }
    })
}

proptest! {
    #[test]
    fn only_what_makes_sense_happens(commands in proptest::collection::vec(command(), 1..80)) {
        let (mut help_request, mut model) = (HelpRequest::Unknown, Model::Nothing);
        for command in std::iter::once(examples::request().into()).chain(commands) {
            for event in help_request.decide(&command).unwrap_or_default() {
                let after = model.after(&event);
                prop_assert!(after.is_some(), "{event:?} in {model:?}");
                model = after.unwrap_or(model);
                help_request.evolve(event);
                prop_assert_eq!(Model::of(&help_request), model);
                prop_assert_eq!(help_request.decide(&command), Ok(vec![]), "twice: {:?}", command);
            }
        }
    }
}
