use serde_json::json;
use tests::neighbours::{Neighbourhood, moving, path};

#[tokio::test]
async fn people_are_asked_for_by_whoever_may() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let mut work = moving(2);
    near.asking
        .client
        .post("/tasks", work.clone())
        .await
        .refused(403, "not_allowed");
    work["help_request_id"] = json!(request.rsplit('/').next());
    near.helper
        .client
        .post("/tasks", work.clone())
        .await
        .refused(404, "not_found");
    let task = near.asking.client.post("/tasks", work.clone()).await.done();
    let shown = near
        .helper
        .client
        .get(&path("/tasks", &task, "task_id"))
        .await
        .done();
    assert_eq!(
        (&shown["free_slots"], &shown["note"]["state"]),
        (&json!(2), &json!("withheld"))
    );
    work["slots"] = json!(0);
    near.asking
        .client
        .post("/tasks", work)
        .await
        .refused(422, "slots");
}
