use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn who_is_said_not_to_have_come_disagrees() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    let claim = near.claim(&task).await;
    let report = json!({"claim_id": claim["claim_id"], "who": "helper"});
    near.coordinator()
        .post(&format!("{task}/report-no-show"), report)
        .await
        .done();
    let path = format!("{task}/contest-no-show");
    near.asking
        .client
        .post(&path, claim.clone())
        .await
        .refused(404, "not_found");
    near.helper.client.post(&path, claim).await.done();
}
