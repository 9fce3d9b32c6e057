use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_coordinator_closes_what_nobody_could_do() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let close = format!("{request}/close-unmet");
    let reason = json!({"reason": "nobody_found"});
    near.asking
        .client
        .post(&close, reason.clone())
        .await
        .refused(403, "not_allowed");
    near.coordinator().post(&close, reason).await.done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["status"], "closed_unmet");
}

/// What happens in another district is none of a coordinator's business.
#[tokio::test]
async fn a_coordinator_of_another_district_finds_no_request() {
    let near = Neighbourhood::start().await;
    let elsewhere = near.elsewhere().await;
    let request = near.request().await;
    let claimed = near.request().await;
    let claim = near.claim(&claimed).await;
    let acts = [
        (
            &request,
            "claim",
            json!({"member_id": near.helper.member_id}),
        ),
        (&request, "close-unmet", json!({"reason": "nobody_found"})),
        (&request, "withdraw", json!({})),
        (&claimed, "release", claim.clone()),
        (&claimed, "fulfil", claim),
    ];
    for (request, act, body) in acts {
        let answer = elsewhere.post(&format!("{request}/{act}"), body).await;
        answer.refused(404, "not_found");
    }
}
