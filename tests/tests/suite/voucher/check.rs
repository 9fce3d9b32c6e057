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
