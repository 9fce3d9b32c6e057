use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn who_has_left_takes_nothing_on() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let path = format!("/members/{}/leave", near.helper.member_id);
    near.helper.client.post(&path, json!({})).await.done();
    let path = format!("{request}/claim");
    near.helper
        .client
        .post(&path, json!({}))
        .await
        .refused(409, "member_left");
    near.helper
        .client
        .get(&request)
        .await
        .refused(404, "not_found");
}
