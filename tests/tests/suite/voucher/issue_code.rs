use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn codes_are_shown_again_and_used_once() {
    let app = TestApp::start().await;

    let prepaid = app.coffees_on_board(3).await;
    let which = json!({"type": "of_prepayment", "prepayment_id": prepaid["prepayment_id"]});
    let sheet = json!({"vouchers": which, "to": {"type": "donor"}, "on_a_sheet": true});
    let operator = app.operator().with_key("once");
    let issued = operator
        .post("/vouchers/issue-code", sheet.clone())
        .await
        .done();
    assert_eq!(issued["issues"][2]["sheet_no"], 3);
    let again = operator.post("/vouchers/issue-code", sheet).await.done();
    assert_eq!(again["codes"], issued["codes"]);
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let code = json!({"by": {"type": "code", "code": issued["codes"][0]}});
    app.staff().post(&path, code.clone()).await.done();
    app.staff()
        .post(&path, code)
        .await
        .refused(409, "already_redeemed");
}

#[tokio::test]
async fn only_a_holder_gets_codes() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
    let sheet = json!({"vouchers": which, "to": {"type": "donor"}});
    for role in ["donor", "organisation"] {
        let foreign = app
            .role(role)
            .post("/vouchers/issue-code", sheet.clone())
            .await;
        foreign.refused(404, "not_found");
    }
    let none = json!({"vouchers": {"type": "these", "voucher_ids": []}, "to": {"type": "donor"}});
    let none = app.operator().post("/vouchers/issue-code", none).await;
    none.refused(422, "quantity");
}
