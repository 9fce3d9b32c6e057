use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn a_venue_leaves_if_its_vouchers_are_safe() {
    let app = TestApp::start().await;

    let path = |act: &str| format!("/venues/{}/{act}", app.id("venue_id"));
    let to = |venue: &str| json!({"vouchers": {"type": "rehome_to", "venue_id": venue}});
    for nowhere in [app.id("venue_id"), &uuid(9)] {
        let refused = app.operator().post(&path("leave"), to(nowhere)).await;
        refused.refused(409, "destination_closed");
    }
    let (other, _) = app.another_cafe(7000).await;
    let left = app.operator().post(&path("leave"), to(&other)).await;
    assert_eq!(left.status, 202);
    let item = json!({"kind": "soup", "name": "Polévka", "price_minor": 5500});
    let late = app.staff().post(&path("list-item"), item).await;
    late.refused(409, "venue_left");
}
