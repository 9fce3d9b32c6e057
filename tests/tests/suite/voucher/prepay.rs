use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn forty_coffees_are_forty_vouchers_with_one_prepayment() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(40).await;
    assert_eq!(prepaid["voucher_ids"].as_array().map(Vec::len), Some(40));
    assert!(prepaid["prepayment_id"].is_string());
}

#[tokio::test]
async fn a_new_donor_gets_a_link_once() {
    let app = TestApp::start().await;
    let prepayment = json!({
        "quantity": 1,
        "what": {"type": "item", "venue_id": app.id("venue_id"), "item_id": app.id("item_id")},
        "placed": {"type": "donor"},
        "giver": {"type": "new"},
        "source": "till_cash",
        "held_by": "venue",
        "on_expiry": {"type": "refund"},
    });
    let staff = app.staff().with_key("one coffee");
    let first = staff.post("/prepayments", prepayment.clone()).await.done();
    assert!(first["donor_token"].is_string() && first["donor_id"].is_string());
    let again = staff.post("/prepayments", prepayment).await.done();
    assert_eq!(again["donor_id"], first["donor_id"]);
    assert_eq!(again["secret_already_shown"], true);
}

#[tokio::test]
async fn too_many_at_once_are_refused() {
    let app = TestApp::start().await;
    let prepayment = json!({
        "quantity": 501,
        "what": {"type": "any_venue", "item_kind": "soup", "max_price_minor": 6000},
        "placed": {"type": "board"},
        "source": "grant",
        "held_by": "network",
        "on_expiry": {"type": "common_fund"},
    });
    app.operator()
        .post("/prepayments", prepayment)
        .await
        .refused(422, "quantity");
}
