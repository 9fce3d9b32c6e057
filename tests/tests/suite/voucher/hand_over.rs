use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_code_is_handed_over_by_its_holder() {
    let app = TestApp::start().await;

    let (voucher, _) = app.a_code().await;
    let path = format!("/vouchers/{voucher}/hand-over");
    let district = json!({"district": "500054"});
    app.operator().post(&path, district).await.done();
    let foreign = app.role("donor").post(&path, json!({})).await;
    foreign.refused(404, "not_found");
    let prepaid = app.coffees_on_board(1).await;
    let on_board = prepaid["voucher_ids"][0].as_str().expect("an id");
    let path = format!("/vouchers/{on_board}/hand-over");
    let on_board = app.operator().post(&path, json!({})).await;
    on_board.refused(409, "on_the_board");
}
