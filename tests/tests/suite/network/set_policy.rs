use serde_json::{Value, json};
use tests::app::TestApp;

fn policy(default_expiry_months: u32) -> Value {
    json!({
        "stale_after_days": 14,
        "late_record_window_h": 72,
        "settlement_hold_days": 3,
        "default_expiry_months": default_expiry_months,
        "price_rise_borne_by": "fund",
        "retain_contact_days": 30,
        "small_count": 5,
    })
}

#[tokio::test]
async fn an_operator_sets_the_rules() {
    let app = TestApp::start().await;
    let answer = app.operator().post("/set-policy", policy(6)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("sospeso-position"),
        answer.body["position"].to_string()
    );
}

#[tokio::test]
async fn a_number_out_of_its_bounds_is_no_rule() {
    let app = TestApp::start().await;
    let answer = app.operator().post("/set-policy", policy(121)).await;
    answer.refused(422, "out_of_bounds");
}
