//! A task of two slots and three members.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use tests::app::TestApp;

use super::{Says, a_member, act, holds, id};

const SLOTS: usize = 2;
const MEMBERS: usize = 3;
const MINUTES: u32 = 60;

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim {
        member: usize,
    },
    /// Of the claim with this number, counted round those that there were.
    Of {
        claim: usize,
        what: What,
    },
    Cancel,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Release,
    Start,
    Complete,
    Confirm,
    Dispute,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Held,
    Started,
    Completed,
    Confirmed,
    Disputed,
    Released,
}

use Stage::{Completed, Confirmed, Disputed, Held, Released, Started};

#[derive(Default)]
struct Model {
    /// Who and how far, in the order of their coming.
    claims: Vec<(usize, Stage)>,
    cancelled: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        1 => Just(What::Release),
        1 => Just(What::Start),
        2 => Just(What::Complete),
        1 => Just(What::Confirm),
        1 => Just(What::Dispute),
    ];
    prop_oneof![
        6 => (0..MEMBERS).prop_map(|member| Step::Claim { member }),
        14 => (0..9_usize, what).prop_map(|(claim, what)| Step::Of { claim, what }),
        1 => Just(Step::Cancel),
    ]
}

#[test]
fn a_task_is_what_its_model_is() {
    holds("a task", step(), &story);
}

async fn story(app: &TestApp, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut members = Vec::new();
    for _ in 0..MEMBERS {
        members.push(a_member(app).await);
    }
    let task = json!({
        "title": "Stěhování", "language": "cs", "category": "transport", "slots": SLOTS,
        "district_code": "500054",
        "window": {"from": "2036-11-20T09:00:00Z", "to": "2036-11-20T12:00:00Z"},
    });
    let task = act(app, "/tasks", task, Says::Done(1)).await?;
    let path = format!("/tasks/{}", id(&task, "task_id"));
    let (mut model, mut claims) = (Model::default(), Vec::new());
    for step in steps {
        match *step {
            Step::Claim { member } => {
                let body = json!({"member_id": members[member]});
                let says = model.claim(member);
                let answer = act(app, &format!("{path}/claim"), body, says).await?;
                if says != Says::No {
                    claims.push(id(&answer, "claim_id"));
                }
            }
            Step::Of { claim, what } => {
                let Some(claim) = claim.checked_rem(claims.len()) else {
                    continue;
                };
                let says = model.of(claim, what);
                let (name, body) = asked(what, &claims[claim]);
                act(app, &format!("{path}/{name}"), body, says).await?;
            }
            Step::Cancel => {
                let says = model.cancel();
                let body = json!({"reason": "other"});
                act(app, &format!("{path}/cancel"), body, says).await?;
            }
        }
    }
    Ok(())
}

fn asked(what: What, claim: &str) -> (&'static str, Value) {
    let of_claim = json!({"claim_id": claim});
    match what {
        What::Release => ("release", of_claim),
        What::Start => ("start", of_claim),
        What::Complete => {
            let by = json!({"type": "claim", "claim_id": claim});
            ("complete", json!({"by": by, "minutes": MINUTES}))
        }
        What::Confirm => ("confirm", of_claim),
        What::Dispute => ("dispute", json!({"claim_id": claim, "reason": "other"})),
    }
}

impl Model {
    fn live(&self) -> impl Iterator<Item = &(usize, Stage)> {
        let live = |claim: &&(usize, Stage)| matches!(claim.1, Held | Started);
        self.claims.iter().filter(live)
    }

    /// Claims whose work stands.
    fn worked(&self) -> usize {
        let worked = |claim: &&(usize, Stage)| matches!(claim.1, Completed | Confirmed | Disputed);
        self.claims.iter().filter(worked).count()
    }

    fn claim(&mut self, member: usize) -> Says {
        let full = self.live().count() + self.worked() >= SLOTS;
        let holds = self.live().any(|claim| claim.0 == member);
        if self.cancelled || full || holds {
            return Says::No;
        }
        self.claims.push((member, Held));
        Says::Done(1)
    }

    fn cancel(&mut self) -> Says {
        if self.cancelled {
            return Says::Done(0);
        }
        if self.worked() >= SLOTS {
            return Says::No;
        }
        self.cancelled = true;
        for claim in &mut self.claims {
            if matches!(claim.1, Held | Started) {
                claim.1 = Released;
            }
        }
        Says::Done(1)
    }

    fn of(&mut self, claim: usize, what: What) -> Says {
        let cancelled = self.cancelled;
        let stage = &mut self.claims[claim].1;
        let (says, next) = match (what, *stage) {
            (What::Release, Held | Started) => (Says::Done(1), Released),
            (What::Release, Released) => (Says::Done(0), Released),
            (What::Start, _) if cancelled => (Says::No, *stage),
            // What was completed by mistake goes on.
            (What::Start, Held | Completed) => (Says::Done(1), Started),
            (What::Start, Started) => (Says::Done(0), Started),
            (What::Complete, Held | Started) => (Says::Done(1), Completed),
            (What::Complete, Completed) => (Says::Done(0), Completed),
            (What::Confirm, Completed) => (Says::Done(1), Confirmed),
            (What::Confirm, Confirmed) => (Says::Done(0), Confirmed),
            (What::Dispute, Completed) => (Says::Done(1), Disputed),
            (What::Dispute, Disputed) => (Says::Done(0), Disputed),
            (_, other) => (Says::No, other),
        };
        *stage = next;
        says
    }
}
