use serde_json::json;
use tests::neighbours::{Neighbourhood, shopping};

#[tokio::test]
async fn help_is_asked_for_by_a_member_or_by_somebody_who_telephones() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(
        (&shown["status"], &shown["note"]["state"]),
        (&json!("open"), &json!("open"))
    );

    let subject = json!({"kind": "requester", "basis": "consent", "notice_version": "2026-01"});
    let subject = near.coordinator().post("/subjects", subject).await.done();
    let mut asked = shopping();
    asked["subject_id"] = subject["subject_id"].clone();
    let someone = near
        .asking
        .client
        .post("/help-requests", asked.clone())
        .await;
    someone.refused(404, "not_found");
    near.coordinator()
        .post("/help-requests", asked.clone())
        .await
        .done();
    asked["language"] = json!(null);
    let silent = near.coordinator().post("/help-requests", asked).await;
    silent.refused(422, "terms");
}
