use serde_json::json;
use tests::neighbours::{Neighbourhood, id_of, moving, path};

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
    work["help_request_id"] = json!(id_of(&request));
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

#[tokio::test]
async fn an_organisation_asks_for_people_in_its_own_name() {
    let near = Neighbourhood::start().await;
    let other = json!({"name": "Charita", "kind": "ngo"});
    let other = near
        .app
        .operator()
        .post("/organisations", other)
        .await
        .done();
    let own = near.app.id("organisation_id");
    let mut work = moving(1);
    let organisation = near.app.role("organisation");
    organisation.post("/tasks", work.clone()).await.done();
    work["organisation_id"] = other["organisation_id"].clone();
    let foreign = organisation.post("/tasks", work.clone()).await;
    foreign.refused(404, "not_found");
    work["organisation_id"] = json!(own);
    organisation.post("/tasks", work.clone()).await.done();
    let member = near.helper.client.post("/tasks", work.clone()).await;
    member.refused(403, "not_allowed");
    near.coordinator().post("/tasks", work.clone()).await.done();
    let leave = format!("/organisations/{own}/leave");
    near.app.operator().post(&leave, json!({})).await.done();
    let left = near.coordinator().post("/tasks", work).await;
    left.refused(404, "unknown_organisation");
}
