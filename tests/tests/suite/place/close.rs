use serde_json::json;
use tests::app::{TestApp, a_place};

#[tokio::test]
async fn a_closed_place_is_not_changed() {
    let app = TestApp::start().await;

    let path = |act: &str| format!("/places/{}/{act}", app.id("place_id"));
    app.operator().post(&path("close"), json!({})).await.done();
    let late = app.operator().post(&path("change"), a_place()).await;
    late.refused(409, "place_closed");
}
