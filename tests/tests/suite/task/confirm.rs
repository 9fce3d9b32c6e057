use domain::task::Task;
use serde_json::json;
use tests::neighbours::{Neighbourhood, id_of, moving};

#[tokio::test]
async fn nobody_confirms_their_own_work() {
    let near = Neighbourhood::start().await;
    let (task, claim) = near.done_task().await;
    let confirm = format!("{task}/confirm");
    near.helper
        .client
        .post(&confirm, claim.clone())
        .await
        .refused(404, "not_found");
    near.coordinator().post(&confirm, claim).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(shown["claims"][0]["confirmed"], true);
}

/// Whoever asked for the work confirms it, unless they did it themselves.
#[tokio::test]
async fn whoever_asked_confirms_the_work_of_somebody_else() {
    let near = Neighbourhood::start().await;
    let task = near.task_for_request().await;
    let claim = near.done_by_helper(&task).await;
    let confirm = format!("{task}/confirm");
    near.asking.client.post(&confirm, claim).await.done();
    let last = near.app.last_of::<Task>(id_of(&task)).await;
    assert_eq!(last.payload["confirmed"]["by"], "requester");

    let task = near.task_for_request().await;
    let path = format!("{task}/claim");
    let asking = &near.asking.client;
    let claim = asking.post(&path, json!({})).await.done()["claim_id"].clone();
    let by = json!({"type": "claim", "claim_id": claim});
    let done = json!({"by": by, "minutes": 30});
    asking.post(&format!("{task}/complete"), done).await.done();
    let own = json!({"claim_id": claim});
    let own = asking.post(&format!("{task}/confirm"), own).await;
    own.refused(404, "not_found");
}

#[tokio::test]
async fn an_organisation_confirms_what_it_asked_for() {
    let near = Neighbourhood::start().await;
    let organisation = near.app.role("organisation");
    let task = organisation.post("/tasks", moving(1)).await.done();
    let task_id = task["task_id"].as_str().expect("an id");
    let task = format!("/tasks/{task_id}");
    let claim = near.done_by_helper(&task).await;
    let confirm = format!("{task}/confirm");
    organisation.post(&confirm, claim).await.done();
    let last = near.app.last_of::<Task>(task_id).await;
    assert_eq!(last.payload["confirmed"]["by"], "organisation");
}
