use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn work_starts_and_a_completion_is_taken_back() {
    let near = Neighbourhood::start().await;
    let (task, claim) = near.done_task().await;
    let start = format!("{task}/start");
    near.asking
        .client
        .post(&start, claim.clone())
        .await
        .refused(404, "not_found");
    near.helper.client.post(&start, claim).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(
        (&shown["status"], &shown["claims"][0]["live"]),
        (&json!("open"), &json!(true))
    );
}
