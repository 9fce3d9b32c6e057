//! A request for help.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::json;
use tests::app::TestApp;

use super::{Says, a_member, act, holds, id};

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim {
        member: usize,
    },
    /// The claim with this number, counted round those that there were.
    Release {
        claim: usize,
    },
    Fulfil,
    Partly {
        claim: usize,
    },
    Withdraw,
    CloseUnmet,
    Reopen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Open,
    Claimed { claim: usize },
    Fulfilled,
    Withdrawn,
    Unmet,
}

use Stage::{Claimed, Fulfilled, Open, Unmet, Withdrawn};

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..2_usize).prop_map(|member| Step::Claim { member }),
        3 => (0..9_usize).prop_map(|claim| Step::Release { claim }),
        1 => (0..9_usize).prop_map(|claim| Step::Partly { claim }),
        1 => Just(Step::Fulfil),
        1 => Just(Step::Withdraw),
        1 => Just(Step::CloseUnmet),
        2 => Just(Step::Reopen),
    ]
}

#[test]
fn a_help_request_is_what_its_model_is() {
    holds("a help request", step(), &story);
}

async fn story(app: &TestApp, steps: &[Step]) -> Result<(), TestCaseError> {
    let members = [a_member(app).await, a_member(app).await];
    let request = json!({"category": "groceries", "district_code": "500054"});
    let request = act(app, "/help-requests", request, Says::Done(1)).await?;
    let path = format!("/help-requests/{}", id(&request, "help_request_id"));
    let (mut stage, mut claims) = (Open, Vec::new());
    for step in steps {
        let (name, body, says, next) = asked(*step, stage, &claims, &members);
        let Some(name) = name else { continue };
        let answer = act(app, &format!("{path}/{name}"), body, says).await?;
        if name == "claim" && says != Says::No {
            claims.push(id(&answer, "claim_id"));
        }
        stage = next;
    }
    Ok(())
}

/// Which act a step is, what the model says to it, and how things stand then.
fn asked(
    step: Step,
    stage: Stage,
    claims: &[String],
    members: &[String],
) -> (Option<&'static str>, serde_json::Value, Says, Stage) {
    let one = |name, body, says, next| (Some(name), body, says, next);
    let which = |number: usize| number.checked_rem(claims.len());
    match step {
        Step::Claim { member } => {
            let body = json!({"member_id": members[member]});
            let claim = claims.len();
            match stage {
                Open => one("claim", body, Says::Done(1), Claimed { claim }),
                other => one("claim", body, Says::No, other),
            }
        }
        Step::Release { claim } => match which(claim) {
            None => (None, json!({}), Says::No, stage),
            Some(claim) => {
                let body = json!({"claim_id": claims[claim]});
                match stage {
                    held if held == (Claimed { claim }) => {
                        one("release", body, Says::Done(1), Open)
                    }
                    other => one("release", body, Says::Done(0), other),
                }
            }
        },
        Step::Partly { claim } => match which(claim) {
            None => (None, json!({}), Says::No, stage),
            Some(claim) => {
                let body = json!({"claim_id": claims[claim]});
                let held = stage == Claimed { claim };
                let says = if held { Says::Done(1) } else { Says::No };
                one("partly-fulfil", body, says, stage)
            }
        },
        Step::Fulfil => match stage {
            Open => one("fulfil", json!({}), Says::Done(1), Fulfilled),
            Fulfilled => one("fulfil", json!({}), Says::Done(0), Fulfilled),
            other => one("fulfil", json!({}), Says::No, other),
        },
        Step::Withdraw => match stage {
            Open | Claimed { .. } => one("withdraw", json!({}), Says::Done(1), Withdrawn),
            Withdrawn => one("withdraw", json!({}), Says::Done(0), Withdrawn),
            other => one("withdraw", json!({}), Says::No, other),
        },
        Step::CloseUnmet => {
            let body = json!({"reason": "other"});
            match stage {
                Open => one("close-unmet", body, Says::Done(1), Unmet),
                Unmet => one("close-unmet", body, Says::Done(0), Unmet),
                other => one("close-unmet", body, Says::No, other),
            }
        }
        Step::Reopen => {
            let body = json!({"reason": "entry_error"});
            match stage {
                Open | Claimed { .. } => one("reopen", body, Says::Done(0), stage),
                _ => one("reopen", body, Says::Done(1), Open),
            }
        }
    }
}
