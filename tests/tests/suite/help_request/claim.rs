use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn the_note_opens_for_who_takes_it_on() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let before = near.helper.client.get(&request).await.done();
    assert_eq!(
        (&before["note"]["state"], &before["in_return"]["state"]),
        (&json!("withheld"), &json!("open"))
    );
    near.claim(&request).await;
    let after = near.helper.client.get(&request).await.done();
    assert_eq!(after["note"]["state"], "open");
    let other = near.neighbour().await;
    let late = other
        .client
        .post(&format!("{request}/claim"), json!({}))
        .await;
    late.refused(409, "already_claimed");
    let path = format!("{request}/claim");
    near.coordinator()
        .post(&path, json!({}))
        .await
        .refused(404, "unknown_member");
}
