use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn the_staff_lists_an_item_at_its_own_venue_only() {
    let app = TestApp::start().await;
    let soup = json!({"kind": "soup", "name": "Polévka", "price_minor": 5500});
    let path = format!("/venues/{}/list-item", app.id("venue_id"));
    let item = app.staff().post(&path, soup.clone()).await.done();
    assert!(item["item_id"].is_string());
    let elsewhere = format!("/venues/{}/list-item", uuid(99));
    app.staff()
        .post(&elsewhere, soup)
        .await
        .refused(404, "not_found");
}
