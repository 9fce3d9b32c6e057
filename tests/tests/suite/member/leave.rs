use serde_json::json;
use tests::neighbours::Neighbourhood;
use tests::wait::until;

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

#[tokio::test]
async fn what_was_claimed_is_free_for_others_at_once() {
    let near = Neighbourhood::start().await;
    let (request, task) = (near.request().await, near.task(1).await);
    near.claim(&request).await;
    near.claim(&task).await;
    let path = format!("/members/{}/leave", near.helper.member_id);
    near.helper.client.post(&path, json!({})).await.done();
    until("the claims to be released", async || {
        let request = near.coordinator().get(&request).await.done();
        let task = near.coordinator().get(&task).await.done();
        (request["status"] == "open" && task["free_slots"] == 1).then_some(())
    })
    .await;
    let path = format!("/subjects/{}", near.helper.subject_id);
    until("the day to be set", async || {
        let shown = near.app.operator().get(&path).await.done();
        shown["retain_until"].is_string().then_some(())
    })
    .await;
}
