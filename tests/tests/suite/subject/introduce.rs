use serde_json::json;
use tests::neighbours::{Neighbourhood, path};

#[tokio::test]
async fn a_person_is_introduced_without_a_name() {
    let near = Neighbourhood::start().await;
    let subject = json!({"kind": "requester", "basis": "consent", "notice_version": "2026-01"});
    let known = near.coordinator().post("/subjects", subject).await.done();
    let shown = near
        .app
        .operator()
        .get(&path("/subjects", &known, "subject_id"))
        .await;
    assert_eq!(shown.done()["kind"], "requester");
    let over = json!({"kind": "requester", "basis": "consent", "notice_version": "2026-01",
        "retain_until": "2020-01-01T00:00:00Z"});
    let over = near.coordinator().post("/subjects", over).await;
    over.refused(422, "retain_until");
}
