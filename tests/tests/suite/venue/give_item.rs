use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn a_venue_gives_something_itself() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/give-item", app.id("venue_id"));

    let coffee = json!({"item_id": app.id("item_id"), "reason": "voucher_expired"});
    app.staff().post(&path, coffee).await.done();
    let unknown = json!({"item_id": uuid(9), "reason": "own_gift"});
    app.staff()
        .post(&path, unknown)
        .await
        .refused(404, "unknown_item");
    // Of a credit that came too late nobody knows what it was used for.
    let late = json!({"reason": "late_conflict"});
    app.staff().post(&path, late).await.done();
}
