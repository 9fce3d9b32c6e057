use commands::clock::Clock;
use serde_json::{Value, json};
use tests::app::TestApp;

fn share(app: &TestApp, count: u32) -> Value {
    json!({"organisation_id": app.id("organisation_id"), "venue_id": app.id("venue_id"),
        "item_id": app.id("item_id"), "count": count})
}

#[tokio::test]
async fn an_organisation_gets_all_or_none() {
    let app = TestApp::start().await;

    app.coffees_on_board(3).await;
    let many = app
        .operator()
        .post("/vouchers/allocate", share(&app, 4))
        .await;
    assert_eq!(many.refused(409, "nothing_on_board")["left"], 3);
    let two = app
        .operator()
        .post("/vouchers/allocate", share(&app, 2))
        .await
        .done();
    let id = app.id("organisation_id");
    let to = json!({"type": "organisation", "organisation_id": id});
    let which = json!({"type": "these", "voucher_ids": two["voucher_ids"]});
    let sheet = json!({"vouchers": which, "to": to, "on_a_sheet": true});
    let codes = app
        .role("organisation")
        .post("/vouchers/issue-code", sheet)
        .await
        .done();
    assert_eq!(codes["codes"].as_array().map(Vec::len), Some(2));
}

/// Another gateway takes one of them away: it gets others.
#[tokio::test]
async fn what_another_gateway_took_is_picked_anew() {
    let app = TestApp::start().await;
    let (_ending, beside) = app.beside(Clock::system()).await;
    app.coffees_on_board(4).await;
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    // Either looks at the board once, and remembers what is on it.
    app.staff()
        .at(&beside)
        .post(&path, coffee.clone())
        .await
        .done();
    app.staff().post(&path, coffee.clone()).await.done();
    let operator = app.operator().at(&beside);
    let two = operator.post("/vouchers/allocate", share(&app, 2)).await;
    assert_eq!(two.done()["voucher_ids"].as_array().map(Vec::len), Some(2));
    let none = app.staff().post(&path, coffee.clone()).await;
    assert_eq!(none.refused(409, "nothing_on_board")["left"], 0);
}

#[tokio::test]
async fn an_organisation_that_has_left_gets_none() {
    let app = TestApp::start().await;
    app.coffees_on_board(1).await;
    let leave = format!("/organisations/{}/leave", app.id("organisation_id"));
    app.operator().post(&leave, json!({})).await.done();
    let operator = app.operator();
    let none = operator.post("/vouchers/allocate", share(&app, 1)).await;
    none.refused(404, "unknown_organisation");
}
