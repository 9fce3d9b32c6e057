//! Whoever guesses voucher codes: the budget holds, and no answer tells one wrong code from another.

use std::time::Instant;

use chrono::TimeDelta;
use domain::voucher::code::Code;
use serde_json::{Value, json};
use tests::app::TestApp;

use super::super::dice::Dice;
use super::super::extent::{tell, times};

/// Wrong codes that a venue may try at once, and the seconds after which it may try one more.
const AT_ONCE: u64 = 20;
const ONE_MORE_S: u64 = 30;

fn check(app: &TestApp, code: &str) -> Value {
    json!({"venue_id": app.id("venue_id"), "code": code})
}

fn guess(dice: &mut Dice) -> String {
    Code::from_bits(dice.throw(1 << 60)).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_budget_holds_however_long_somebody_guesses() {
    let (guesses, seed) = (times(1_000, 50_000, 50_000), Dice::seed());
    let mut dice = Dice::of(seed);
    let app = TestApp::start().await;
    let (_, right) = app.a_code().await;
    let (staff, start) = (app.staff(), Instant::now());
    let mut tried = 0;
    for _ in 0..guesses {
        let guess = check(&app, &guess(&mut dice));
        let answer = staff.post("/vouchers/check", guess).await;
        match answer.status {
            404 => {
                answer.refused(404, "unknown_code");
                tried += 1;
            }
            _ => drop(answer.refused(429, "too_many_guesses")),
        }
    }
    let allowed = AT_ONCE + start.elapsed().as_secs() / ONE_MORE_S + 1;
    assert!(
        tried <= allowed,
        "{tried} of {guesses} were tried, {allowed} are the budget"
    );
    // A budget that is used up does not tell a right code from a wrong one.
    let wrong = staff
        .post("/vouchers/check", check(&app, &guess(&mut dice)))
        .await;
    if wrong.status == 429 {
        let right = staff.post("/vouchers/check", check(&app, &right)).await;
        assert_eq!(
            (right.status, &right.body["code"]),
            (429, &wrong.body["code"])
        );
        assert_eq!(right.body["detail"], wrong.body["detail"]);
    }
    let how_often = format!("{guesses} guesses");
    let result =
        format!("{tried} looked up, budget {allowed}; then a right code is answered alike");
    tell("guessed voucher codes", "SQLite", &how_often, &result, seed);
}

#[tokio::test]
async fn a_code_of_another_network_is_as_unknown_as_any() {
    let app = TestApp::start().await;
    let mut dice = Dice::of(Dice::seed());
    let foreign = foreign_code(&app).await;
    let redeem = format!("/venues/{}/redeem", app.id("venue_id"));
    let (mut unknown_us, mut foreign_us) = (Vec::new(), Vec::new());
    for _ in 0..AT_ONCE / 4 {
        let unknown = guess(&mut dice);
        let mut answers = Vec::new();
        for (code, took) in [(&unknown, &mut unknown_us), (&foreign, &mut foreign_us)] {
            let by_code = json!({"by": {"type": "code", "code": code}});
            let start = Instant::now();
            let checked = app.staff().post("/vouchers/check", check(&app, code)).await;
            took.push(start.elapsed().as_micros());
            let used = app.staff().post(&redeem, by_code).await;
            answers.push((
                checked.refused(404, "unknown_code"),
                used.refused(404, "unknown_code"),
            ));
        }
        assert_eq!(answers[0], answers[1]);
    }
    let median = |mut took: Vec<u128>| {
        took.sort_unstable();
        took[took.len() / 2]
    };
    let (unknown, foreign) = (median(unknown_us), median(foreign_us));
    let result = format!("same answer; medians {unknown} and {foreign} µs");
    tell(
        "unknown and foreign codes",
        "SQLite",
        "10 each",
        &result,
        Dice::seed(),
    );
}

/// Whoever holds a whole code learns that it is over: the person at the counter has to tell its bearer.
#[tokio::test]
async fn an_expired_code_is_called_so() {
    let app = TestApp::start().await;
    let ago = |days| app.desk.clock().now() - TimeDelta::days(days);
    let earlier = app
        .operator()
        .with_header("Occurred-At", &ago(20).to_rfc3339());
    let mut prepay = app.coffees(1);
    prepay["expires_on"] = json!(ago(10).date_naive());
    let prepaid = earlier.post("/prepayments", prepay).await.done();
    let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
    let issue = json!({"vouchers": which, "to": {"type": "donor"}});
    let issued = earlier.post("/vouchers/issue-code", issue).await.done();
    let code = issued["codes"][0].as_str().expect("a code");
    let checked = app.staff().post("/vouchers/check", check(&app, code)).await;
    checked.refused(409, "expired");
    let redeem = format!("/venues/{}/redeem", app.id("venue_id"));
    let by_code = json!({"by": {"type": "code", "code": code}});
    let used = app.staff().post(&redeem, by_code).await;
    used.refused(409, "expired");
}

/// A code that is good in the other network.
async fn foreign_code(app: &TestApp) -> String {
    let operator = app.foreign_operator();
    let prepaid = json!({
        "quantity": 1,
        "what": {"type": "any_venue", "item_kind": "soup", "max_price_minor": 6000},
        "placed": {"type": "donor"},
        "source": "grant",
        "held_by": "network",
        "on_expiry": {"type": "common_fund"},
    });
    let prepaid = operator.post("/prepayments", prepaid).await.done();
    let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
    let issue = json!({"vouchers": which, "to": {"type": "donor"}});
    let issued = operator.post("/vouchers/issue-code", issue).await.done();
    issued["codes"][0].as_str().expect("a code").to_owned()
}
