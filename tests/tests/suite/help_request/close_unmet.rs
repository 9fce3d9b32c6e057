use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_coordinator_closes_what_nobody_could_do() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let close = format!("{request}/close-unmet");
    let reason = json!({"reason": "nobody_found"});
    near.asking
        .client
        .post(&close, reason.clone())
        .await
        .refused(403, "not_allowed");
    near.coordinator().post(&close, reason).await.done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["status"], "closed_unmet");
}
