use serde_json::json;
use tests::neighbours::{DISTRICT, Neighbourhood};

#[tokio::test]
async fn a_text_is_kept_unread_replaced_or_removed() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let edited = json!({
        "category": "household", "district_code": DISTRICT, "language": "cs",
        "note": {"type": "set", "text": "Už jen úklid"},
        "in_return": {"type": "remove"},
    });
    let path = format!("{request}/edit");
    near.helper
        .client
        .post(&path, edited.clone())
        .await
        .refused(404, "not_found");
    near.asking.client.post(&path, edited).await.done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["note"]["text"], "Už jen úklid");
    assert!(shown["in_return"].is_null());
    let kept = json!({"category": "company", "district_code": DISTRICT, "language": "cs"});
    near.coordinator().post(&path, kept).await.done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["note"]["text"], "Už jen úklid");
}
