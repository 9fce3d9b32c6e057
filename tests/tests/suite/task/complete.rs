use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn work_is_done_under_a_claim_or_by_who_came() {
    let near = Neighbourhood::start().await;
    let (task, _) = near.done_task().await;
    assert_eq!(near.helper.client.get(&task).await.done()["status"], "done");
    let task = near.task(1).await;
    let came = json!({"by": {"type": "without_claim"}, "minutes": 45});
    let complete = format!("{task}/complete");
    near.asking.client.post(&complete, came).await.done();
    let shown = near.asking.client.get(&task).await.done();
    assert_eq!(shown["claims"][0]["minutes"], 45);
    let never = json!({"by": {"type": "without_claim"}, "minutes": 0});
    near.helper
        .client
        .post(&complete, never)
        .await
        .refused(422, "minutes");
}
