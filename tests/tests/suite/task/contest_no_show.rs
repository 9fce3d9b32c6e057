use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn who_is_said_not_to_have_come_disagrees() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    let claim = near.claim(&task).await;
    let report = json!({"claim_id": claim["claim_id"], "who": "helper"});
    near.coordinator()
        .post(&format!("{task}/report-no-show"), report)
        .await
        .done();
    let path = format!("{task}/contest-no-show");
    near.asking
        .client
        .post(&path, claim.clone())
        .await
        .refused(404, "not_found");
    near.helper.client.post(&path, claim).await.done();
}

/// Of work that somebody asked for, one says that the other was not there: the other disagrees.
#[tokio::test]
async fn only_who_is_said_to_have_been_absent_disagrees() {
    let near = Neighbourhood::start().await;
    for absent in ["host", "helper"] {
        let task = near.task_for_request().await;
        let claim = near.claim(&task).await;
        let (host, helper) = (&near.asking.client, &near.helper.client);
        let (absentee, present) = if absent == "host" {
            (host, helper)
        } else {
            (helper, host)
        };
        let report = json!({"claim_id": claim["claim_id"], "who": absent});
        let path = format!("{task}/report-no-show");
        present.post(&path, report).await.done();
        let contest = format!("{task}/contest-no-show");
        let own = present.post(&contest, claim.clone()).await;
        own.refused(404, "not_found");
        absentee.post(&contest, claim).await.done();
    }
}
