use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn what_was_confirmed_is_not_disputed() {
    let near = Neighbourhood::start().await;
    let (task, claim) = near.done_task().await;
    let mut dispute = claim.clone();
    dispute["reason"] = json!("wrong_minutes");
    let path = format!("{task}/dispute");
    near.helper
        .client
        .post(&path, dispute.clone())
        .await
        .refused(404, "not_found");
    near.coordinator().post(&path, dispute).await.done();
    let confirm = format!("{task}/confirm");
    near.coordinator()
        .post(&confirm, claim)
        .await
        .refused(409, "disputed");
}
