use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn nobody_has_to_come_to_what_was_cancelled() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    near.claim(&task).await;
    let path = format!("{task}/cancel");
    let reason = json!({"reason": "not_possible"});
    near.helper
        .client
        .post(&path, reason.clone())
        .await
        .refused(404, "not_found");
    near.coordinator().post(&path, reason).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(
        (&shown["status"], &shown["claims"][0]["live"]),
        (&json!("cancelled"), &json!(false))
    );
}
