use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_fund_does_not_end_before_it_begins() {
    let app = TestApp::start().await;

    let fund =
        |to: &str| json!({"kind": "grant", "name": "Zima 2026", "from": "2026-11-01", "to": to});
    let open = app.operator().post("/funds", fund("2027-03-31")).await;
    assert_eq!(open.status, 201);
    let never = app.operator().post("/funds", fund("2026-10-31")).await;
    never.refused(422, "ends_before_it_begins");
}
