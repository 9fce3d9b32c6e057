//! Whatever is asked in whatever order: never more people come than are needed, and no claim does
//! what makes no sense where it stands.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::cancel::Cancel;
use super::complete::{By, Complete};
use super::confirm::Confirm;
use super::contest_no_show::ContestNoShow;
use super::dispute::Dispute;
use super::expire::Expire;
use super::release::Release;
use super::report_no_show::{Absent, Party, ReportNoShow};
use super::resolve_dispute::{Outcome, ResolveDispute};
use super::start::Start;
use super::{Task, TaskCommand, TaskEvent, examples};
use crate::Entity;
use crate::help::ReleaseReason;
use crate::ids::ClaimId;
use crate::member::examples::helper;

/// How far a claim has come, as far as one needs to know in order to say what makes sense.
#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Live,
    Told,
    Settled,
    Disputed,
    Lapsed,
    Gone,
    Absent,
    Contested,
}

#[derive(Debug, Default)]
struct Model {
    claims: BTreeMap<ClaimId, At>,
    is_closed: bool,
}

impl Model {
    fn count(&self, wanted: At) -> usize {
        self.claims.values().filter(|at| **at == wanted).count()
    }

    /// Whether the claim was in one of these places; then it goes on to the next.
    fn goes(&mut self, id: ClaimId, from: &[At], to: At) -> bool {
        let made_sense = self.claims.get(&id).is_some_and(|at| from.contains(at));
        self.claims.insert(id, to);
        made_sense
    }

    /// Takes the event in and says whether it makes sense.
    fn happens(&mut self, event: &TaskEvent) -> bool {
        use TaskEvent as E;
        match event {
            E::Created(_) => self.claims.is_empty(),
            E::Claimed(e) => self.claims.insert(e.claim_id, At::Live).is_none() && !self.is_closed,
            E::Released(e) if e.reason == ReleaseReason::Lapsed => {
                self.goes(e.claim_id, &[At::Live], At::Lapsed)
            }
            E::Released(e) => self.goes(e.claim_id, &[At::Live], At::Gone),
            E::Started(e) if e.undone_minutes.is_some() => {
                self.goes(e.claim_id, &[At::Told], At::Live)
            }
            E::Started(e) => self.goes(e.claim_id, &[At::Live], At::Live),
            E::Completed(e) if e.without_claim => {
                self.claims.insert(e.claim_id, At::Told).is_none()
            }
            E::Completed(e) => self.goes(e.claim_id, &[At::Live], At::Told),
            E::Confirmed(e) => self.goes(e.claim_id, &[At::Told], At::Settled),
            E::Disputed(e) => self.goes(e.claim_id, &[At::Told], At::Disputed),
            E::DisputeResolved(e) => {
                let was_work = self.claims.get(&e.claim_id) == Some(&At::Disputed);
                let stands = was_work && e.outcome != Outcome::Struck;
                let to = if stands { At::Settled } else { At::Gone };
                self.goes(e.claim_id, &[At::Disputed, At::Contested], to)
            }
            E::NoShowReported(e) => self.goes(e.claim_id, &[At::Live, At::Lapsed], At::Absent),
            E::NoShowContested(e) => self.goes(e.claim_id, &[At::Absent], At::Contested),
            E::Cancelled(e) => {
                self.is_closed = true;
                let all = self.count(At::Live) == e.claim_ids.len();
                let mut ended = e.claim_ids.iter();
                all && ended.all(|id| self.goes(*id, &[At::Live], At::Gone))
            }
            E::Expired(_) => {
                self.is_closed = true;
                self.count(At::Live) == 0
            }
            // Whoever still comes must be able to read it.
            E::NoteErased(_) => self.count(At::Live) == 0,
        }
    }
}

fn command() -> impl Strategy<Value = TaskCommand> {
    let (claim, member, minutes) = (1..7u128, 1..5u128, 0..15_000i64);
    (0..16u8, claim, member, minutes).prop_map(|(act, claim, member, minutes)| {
        let at = examples::create().created.at + TimeDelta::minutes(minutes);
        let claim_id = examples::claim_id(claim);
        let helper = helper(member);
        let odd = minutes % 2 == 1;
        match act {
            0..=3 => super::claim::Claim {
                claim_id,
                helper,
                at,
            }
            .into(),
            4 => release(claim_id, odd, at).into(),
            5 | 6 => Start { claim_id, at }.into(),
            7 | 8 => complete(claim_id, By::Claim, at).into(),
            9 => {
                let member = odd.then_some(helper.member);
                complete(claim_id, By::WithoutClaim { member }, at).into()
            }
            10 => Confirm {
                claim_id,
                ..examples::confirm()
            }
            .into(),
            11 => Dispute {
                claim_id,
                ..examples::dispute()
            }
            .into(),
            12 => ResolveDispute {
                claim_id,
                outcome: if odd {
                    Outcome::Stands
                } else {
                    Outcome::Struck
                },
                at,
            }
            .into(),
            13 => report(claim_id, odd, at).into(),
            14 => ContestNoShow { claim_id, at }.into(),
            _ if odd => Expire { at }.into(),
            _ if member == 1 => Cancel {
                at,
                ..examples::cancel()
            }
            .into(),
            _ => examples::create().into(),
        }
    })
}

fn complete(claim_id: ClaimId, by: By, at: chrono::DateTime<chrono::Utc>) -> Complete {
    Complete {
        claim_id,
        by,
        at,
        minutes: 60,
    }
}

fn release(claim_id: ClaimId, lapsed: bool, at: chrono::DateTime<chrono::Utc>) -> Release {
    let reason = if lapsed {
        ReleaseReason::Lapsed
    } else {
        ReleaseReason::GivenUp
    };
    Release {
        claim_id,
        reason,
        at,
    }
}

fn report(claim_id: ClaimId, host: bool, at: chrono::DateTime<chrono::Utc>) -> ReportNoShow {
    ReportNoShow {
        claim_id,
        who: if host { Absent::Host } else { Absent::Helper },
        by: Party::Coordinator,
        at,
    }
}

proptest! {
    #[test]
    fn never_more_live_claims_than_slots_and_only_what_makes_sense(
        slots in 1..4u32,
        commands in proptest::collection::vec(command(), 1..120),
    ) {
        let mut create = examples::create();
        create.created.slots = slots;
        let (mut task, mut model) = (Task::Unknown, Model::default());
        for command in std::iter::once(create.into()).chain(commands) {
            for event in task.decide(&command).unwrap_or_default() {
                prop_assert!(model.happens(&event), "{event:?} in {model:?}");
                task.evolve(event);
                let live = model.count(At::Live);
                prop_assert!(live <= slots as usize, "{live} live claims");
                prop_assert_eq!(task.work().map_or(0, |work| work.live().count()), live);
                let done = model.count(At::Told) + model.count(At::Settled) + model.count(At::Disputed);
                prop_assert_eq!(
                    matches!(task, Task::Done(_)),
                    done >= slots as usize && !model.is_closed
                );
                prop_assert_eq!(task.decide(&command), Ok(vec![]), "twice: {:?}", command);
            }
        }
    }
}
