use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn an_organisation_gets_all_or_none() {
    let app = TestApp::start().await;

    app.coffees_on_board(3).await;
    let share = |count: u32| {
        json!({"organisation_id": app.id("organisation_id"), "venue_id": app.id("venue_id"),
            "item_id": app.id("item_id"), "count": count})
    };
    let many = app.operator().post("/vouchers/allocate", share(4)).await;
    assert_eq!(many.refused(409, "nothing_on_board")["left"], 3);
    let two = app
        .operator()
        .post("/vouchers/allocate", share(2))
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
