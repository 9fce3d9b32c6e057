use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_coordinator_decides_what_stands() {
    let near = Neighbourhood::start().await;
    let (task, mut claim) = near.done_task().await;
    claim["reason"] = json!("wrong_minutes");
    near.coordinator()
        .post(&format!("{task}/dispute"), claim.clone())
        .await
        .done();
    let outcome = json!({"type": "adjusted", "minutes": 20});
    let resolved = json!({"claim_id": claim["claim_id"], "outcome": outcome});
    let path = format!("{task}/resolve-dispute");
    near.helper
        .client
        .post(&path, resolved.clone())
        .await
        .refused(403, "not_allowed");
    near.coordinator().post(&path, resolved).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(shown["claims"][0]["minutes"], 20);
}
