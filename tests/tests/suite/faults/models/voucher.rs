//! Vouchers of one item: on the board, with a code, used, taken back, refunded, voided.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use tests::app::TestApp;

use super::{Says, act, holds, id};

const VOUCHERS: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Step {
    RedeemFromBoard { count: usize },
    Of { voucher: usize, what: What },
}

#[derive(Clone, Copy, Debug)]
enum What {
    IssueCode,
    RevokeCode,
    RedeemByCode,
    ReturnToBoard,
    TakeBack,
    Refund,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Usable,
    Used,
    Refunded,
    Voided,
}

use Stage::{Refunded, Usable, Used, Voided};

#[derive(Clone, Debug)]
struct Model {
    stage: Stage,
    on_board: bool,
    /// Whether its newest code is valid.
    code: bool,
    /// The newest code, valid or not.
    printed: Option<String>,
    /// The last use, and whether it was taken back.
    used: Option<(String, bool)>,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        3 => Just(What::IssueCode),
        2 => Just(What::RevokeCode),
        3 => Just(What::RedeemByCode),
        2 => Just(What::ReturnToBoard),
        3 => Just(What::TakeBack),
        1 => Just(What::Refund),
        1 => Just(What::Void),
    ];
    prop_oneof![
        1 => (1..=VOUCHERS).prop_map(|count| Step::RedeemFromBoard { count }),
        3 => (0..VOUCHERS, what).prop_map(|(voucher, what)| Step::Of { voucher, what }),
    ]
}

#[test]
fn vouchers_are_what_their_model_is() {
    holds("vouchers", step(), &story);
}

async fn story(app: &TestApp, steps: &[Step]) -> Result<(), TestCaseError> {
    // Of its own, because a venue lists no more items than it may.
    let (venue, item) = app.another_cafe(6500).await;
    let prepaid = json!({
        "quantity": VOUCHERS, "placed": {"type": "board"}, "source": "bank_transfer",
        "what": {"type": "item", "venue_id": venue, "item_id": item},
        "held_by": "network", "on_expiry": {"type": "common_fund"},
    });
    let all = i64::try_from(VOUCHERS).expect("few");
    let prepaid = act(app, "/prepayments", prepaid, Says::Done(all)).await?;
    let ids = prepaid["voucher_ids"].as_array().expect("ids");
    let ids: Vec<String> = ids
        .iter()
        .map(|id| id.as_str().expect("an id").to_owned())
        .collect();
    let model = Model {
        stage: Usable,
        on_board: true,
        code: false,
        printed: None,
        used: None,
    };
    let mut models = vec![model; VOUCHERS];
    for step in steps {
        match *step {
            Step::RedeemFromBoard { count } => {
                redeem_from_board(app, (&venue, &item), count, &ids, &mut models).await?;
            }
            Step::Of { voucher, what } => {
                one(app, &venue, &ids[voucher], &mut models[voucher], what).await?;
            }
        }
    }
    Ok(())
}

async fn redeem_from_board(
    app: &TestApp,
    (venue, item): (&str, &str),
    count: usize,
    ids: &[String],
    models: &mut [Model],
) -> Result<(), TestCaseError> {
    let path = format!("/venues/{venue}/redeem");
    let body = json!({"by": {"type": "board", "item_id": item, "count": count}});
    let waits = |model: &&Model| model.stage == Usable && model.on_board;
    let waiting = models.iter().filter(waits).count();
    if waiting < count {
        let refused = act(app, &path, body, Says::No).await?;
        prop_assert_eq!(&refused["code"], "nothing_on_board");
        prop_assert_eq!(refused["left"].as_u64(), Some(waiting as u64));
        return Ok(());
    }
    let events = i64::try_from(count).expect("few");
    let answer = act(app, &path, body, Says::Done(events)).await?;
    for used in answer["redemptions"].as_array().expect("uses") {
        let at = ids.iter().position(|known| used["voucher_id"] == **known);
        let model = &mut models[at.expect("one of ours")];
        prop_assert!(
            model.stage == Usable && model.on_board,
            "{:?} was used",
            model
        );
        model.stage = Used;
        model.used = Some((id(used, "redemption_id"), false));
    }
    Ok(())
}

async fn one(
    app: &TestApp,
    venue: &str,
    voucher: &str,
    model: &mut Model,
    what: What,
) -> Result<(), TestCaseError> {
    let of = |act: &str| format!("/vouchers/{voucher}/{act}");
    match what {
        What::IssueCode => {
            let says = if model.stage == Usable {
                Says::Done(1)
            } else {
                Says::No
            };
            let which = json!({"type": "these", "voucher_ids": [voucher]});
            let body = json!({"vouchers": which, "to": {"type": "donor"}});
            let answer = act(app, "/vouchers/issue-code", body, says).await?;
            if model.stage == Usable {
                model.printed = answer["codes"][0].as_str().map(str::to_owned);
                (model.on_board, model.code) = (false, true);
            }
        }
        What::RevokeCode => {
            let says = match (model.stage, &model.printed) {
                (Usable, Some(_)) => Says::Done(i64::from(model.code)),
                _ => Says::No,
            };
            act(app, &of("revoke-code"), json!({"reason": "lost"}), says).await?;
            model.code &= says == Says::No;
        }
        What::RedeemByCode => redeem_by_code(app, venue, model).await?,
        What::ReturnToBoard => {
            let says = match model.stage {
                Usable if model.on_board => Says::Done(0),
                Usable if !model.code => Says::Done(1),
                _ => Says::No,
            };
            act(app, &of("return-to-board"), json!({}), says).await?;
            model.on_board |= says == Says::Done(1);
        }
        What::TakeBack => take_back(app, &of("reverse-redemption"), model).await?,
        What::Refund => {
            let says = match model.stage {
                Usable if model.on_board || !model.code => Says::Done(1),
                Refunded => Says::Done(0),
                _ => Says::No,
            };
            act(app, &of("refund"), json!({"reason": "donors_wish"}), says).await?;
            if says == Says::Done(1) {
                model.stage = Refunded;
            }
        }
        What::Void => {
            let says = match model.stage {
                Usable => Says::Done(1),
                Voided => Says::Done(0),
                Used | Refunded => Says::No,
            };
            act(app, &of("void"), json!({"reason": "entry_error"}), says).await?;
            if says == Says::Done(1) {
                model.stage = Voided;
            }
        }
    }
    Ok(())
}

/// A code that was revoked is not tried: it counts as a guess, and guesses are budgeted.
async fn redeem_by_code(
    app: &TestApp,
    venue: &str,
    model: &mut Model,
) -> Result<(), TestCaseError> {
    let Some(code) = model.printed.clone().filter(|_| model.code) else {
        return Ok(());
    };
    let says = if model.stage == Usable {
        Says::Done(1)
    } else {
        Says::No
    };
    let path = format!("/venues/{venue}/redeem");
    let body = json!({"by": {"type": "code", "code": code}});
    let answer = act(app, &path, body, says).await?;
    if says != Says::No {
        let used = id(&answer["redemptions"][0], "redemption_id");
        (model.stage, model.used) = (Used, Some((used, false)));
    }
    Ok(())
}

async fn take_back(app: &TestApp, path: &str, model: &mut Model) -> Result<(), TestCaseError> {
    let Some((redemption, taken_back)) = model.used.clone() else {
        return Ok(());
    };
    let says = match model.stage {
        _ if taken_back => Says::Done(0),
        Used | Usable => Says::Done(1),
        Refunded | Voided => Says::No,
    };
    let body: Value = json!({"redemption_id": redemption, "reason": "mistake"});
    act(app, path, body, says).await?;
    if says == Says::Done(1) {
        model.stage = Usable;
        model.used = Some((redemption, true));
    }
    Ok(())
}
