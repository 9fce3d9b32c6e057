use domain::ids::FundId;
use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_closed_fund_carries_no_new_vouchers_and_common_stays_open() {
    let app = TestApp::start().await;

    let fund = app.id("fund_id");
    let path = |fund: &str| format!("/funds/{fund}/close");
    app.operator().post(&path(fund), json!({})).await.done();
    let mut coffees = app.coffees(1);
    coffees["fund_id"] = fund.into();
    let late = app.operator().post("/prepayments", coffees).await;
    late.refused(409, "fund_closed");
    let common = FundId::common(&"praha".parse().expect("a slug")).to_string();
    let common = app.operator().post(&path(&common), json!({})).await;
    common.refused(409, "common_stays_open");
}
