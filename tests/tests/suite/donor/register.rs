use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_donor_gets_a_link_that_is_shown_once() {
    let app = TestApp::start().await;

    let operator = app.operator().with_key("once");
    let first = operator.post("/donors", json!({})).await.done();
    assert!(first["donor_token"].is_string());
    let again = operator.post("/donors", json!({})).await.done();
    assert_eq!(again["donor_id"], first["donor_id"]);
    assert_eq!(
        (&again["donor_token"], &again["secret_already_shown"]),
        (&json!(null), &json!(true))
    );
}
