use serde_json::json;
use tests::app::uuid;
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

#[tokio::test]
async fn work_of_somebody_else_is_told_by_the_coordinator_alone() {
    let near = Neighbourhood::start().await;
    let task = near.task(2).await;
    let claim = near.claim(&task).await;
    let complete = format!("{task}/complete");
    let by = json!({"type": "claim", "claim_id": claim["claim_id"]});
    let under_claim = json!({"by": by, "minutes": 30});
    let helper = json!({"type": "without_claim", "member_id": near.helper.member_id});
    let of_another = json!({"by": helper, "minutes": 30});
    for told in [&under_claim, &of_another] {
        let stranger = near.asking.client.post(&complete, told.clone()).await;
        stranger.refused(404, "not_found");
    }
    let myself = json!({"type": "without_claim", "member_id": near.asking.member_id});
    let of_my_own = json!({"by": myself, "minutes": 30});
    near.asking.client.post(&complete, of_my_own).await.done();
    near.coordinator().post(&complete, under_claim).await.done();
    let nobody = json!({"type": "without_claim", "member_id": uuid(404)});
    let of_nobody = json!({"by": nobody, "minutes": 30});
    let refused = near.coordinator().post(&complete, of_nobody).await;
    refused.refused(404, "not_found");
}
