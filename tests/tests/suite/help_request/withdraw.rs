use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn only_the_person_or_a_coordinator_withdraws() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let withdraw = format!("{request}/withdraw");
    near.helper
        .client
        .post(&withdraw, json!({}))
        .await
        .refused(404, "not_found");
    near.coordinator().post(&withdraw, json!({})).await.done();
    let path = format!("{request}/claim");
    near.helper
        .client
        .post(&path, json!({}))
        .await
        .refused(409, "not_open");
}
