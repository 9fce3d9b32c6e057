use domain::voucher::code::Code;
use serde_json::{Value, json};
use tests::app::TestApp;

fn code(app: &TestApp, bits: u64) -> Value {
    json!({"venue_id": app.id("venue_id"), "code": Code::from_bits(bits).to_string()})
}

#[tokio::test]
async fn who_guesses_is_stopped() {
    let app = TestApp::start().await;
    for guess in 0..20 {
        let answer = app.staff().post("/vouchers/check", code(&app, guess)).await;
        answer.refused(404, "unknown_code");
    }
    let stopped = app.staff().post("/vouchers/check", code(&app, 21)).await;
    assert_ne!(stopped.header("retry-after"), "");
    stopped.refused(429, "too_many_guesses");
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let by_code = json!({"by": {"type": "code", "code": Code::from_bits(22).to_string()}});
    app.staff()
        .post(&path, by_code)
        .await
        .refused(429, "too_many_guesses");
}

/// A voucher for any venue is good for an item of its kind that the venue sells for no more.
#[tokio::test]
async fn a_voucher_for_any_venue_is_good_for_what_it_covers() {
    let app = TestApp::start().await;
    let (operator, venue) = (app.operator(), app.id("venue_id"));
    let soup = |max: u32| {
        json!({
            "quantity": 1, "placed": {"type": "donor"}, "source": "grant", "held_by": "network",
            "what": {"type": "any_venue", "item_kind": "soup", "max_price_minor": max},
            "on_expiry": {"type": "common_fund"},
        })
    };
    let mut checks = Vec::new();
    for max in [5000, 4999] {
        let prepaid = operator.post("/prepayments", soup(max)).await.done();
        let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
        let issue = json!({"vouchers": which, "to": {"type": "donor"}});
        let issued = operator.post("/vouchers/issue-code", issue).await.done();
        checks.push(json!({"venue_id": venue, "code": issued["codes"][0]}));
    }
    let list = format!("/venues/{venue}/list-item");
    let item = async |kind: &str, price: u32| {
        let item = json!({"kind": kind, "name": "Polévka", "price_minor": price});
        app.staff().post(&list, item).await.done()["item_id"].clone()
    };
    // However many stand before.
    for _ in 0..3 {
        item("meal", 1000).await;
        item("soup", 5001).await;
        let gone = json!({"item_id": item("soup", 1000).await});
        let delist = format!("/venues/{venue}/delist-item");
        app.staff().post(&delist, gone).await.done();
    }
    let check = async |check: &Value| app.staff().post("/vouchers/check", check.clone()).await;
    for each in &checks {
        check(each).await.refused(409, "wrong_venue");
    }
    let covered = item("soup", 5000).await;
    assert_eq!(check(&checks[0]).await.done()["item_id"], covered);
    check(&checks[1]).await.refused(409, "wrong_venue");
}
