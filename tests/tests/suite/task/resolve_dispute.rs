use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_coordinator_decides_what_stands() {
    let near = Neighbourhood::start().await;
    let (task, mut claim) = near.done_task().await;
    claim["reason"] = json!("wrong_minutes");
    near.coordinator()
        .post(&format!("{task}/dispute"), claim.clone())
        .await
        .done();
    let outcome = json!({"type": "adjusted", "minutes": 20});
    let resolved = json!({"claim_id": claim["claim_id"], "outcome": outcome});
    let path = format!("{task}/resolve-dispute");
    near.helper
        .client
        .post(&path, resolved.clone())
        .await
        .refused(403, "not_allowed");
    near.coordinator().post(&path, resolved).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(shown["claims"][0]["minutes"], 20);
}

/// What happens in another district is none of a coordinator's business.
#[tokio::test]
async fn a_coordinator_of_another_district_finds_no_task() {
    let near = Neighbourhood::start().await;
    let elsewhere = near.elsewhere().await;
    let (task, claim) = near.done_task().await;
    let claim_id = &claim["claim_id"];
    let other = near.task(1).await;
    let member_id = &near.asking.member_id;
    let by = json!({"type": "without_claim", "member_id": member_id});
    let acts = [
        (
            &task,
            "dispute",
            json!({"claim_id": claim_id, "reason": "wrong_minutes"}),
        ),
        (&task, "confirm", claim.clone()),
        (
            &task,
            "report-no-show",
            json!({"claim_id": claim_id, "who": "helper"}),
        ),
        (&other, "claim", json!({"member_id": member_id})),
        (&other, "complete", json!({"by": by, "minutes": 30})),
        (&other, "cancel", json!({"reason": "not_needed"})),
    ];
    for (task, act, body) in acts {
        let answer = elsewhere.post(&format!("{task}/{act}"), body).await;
        answer.refused(404, "not_found");
    }
    let reason = json!({"claim_id": claim_id, "reason": "wrong_minutes"});
    let path = format!("{task}/dispute");
    near.coordinator().post(&path, reason).await.done();
    let outcome = json!({"claim_id": claim_id, "outcome": {"type": "struck"}});
    let path = format!("{task}/resolve-dispute");
    let answer = elsewhere.post(&path, outcome).await;
    answer.refused(404, "not_found");
}
