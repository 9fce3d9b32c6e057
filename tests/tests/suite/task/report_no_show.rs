use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn nobody_reports_their_own_absence() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    let mut claim = near.claim(&task).await;
    claim["who"] = json!("helper");
    let path = format!("{task}/report-no-show");
    near.helper
        .client
        .post(&path, claim.clone())
        .await
        .refused(409, "own_absence");
    near.asking
        .client
        .post(&path, claim.clone())
        .await
        .refused(404, "not_found");
    near.coordinator().post(&path, claim).await.done();
}
