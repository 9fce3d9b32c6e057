use serde_json::{Value, json};
use tests::app::uuid;
use tests::neighbours::{DISTRICT, Neighbourhood};

#[tokio::test]
async fn a_member_is_registered_for_a_known_person_and_drawn_districts() {
    let near = Neighbourhood::start().await;
    let subject = json!({"kind": "member", "basis": "consent", "notice_version": "2026-01"});
    let subject = near.coordinator().post("/subjects", subject).await.done();
    let member = |subject: &Value, district: &str| json!({"subject_id": subject, "districts": [district], "languages": ["cs", "uk"]});
    let nowhere = member(&subject["subject_id"], "1");
    let nowhere = near.coordinator().post("/members", nowhere).await;
    nowhere.refused(404, "unknown_district");
    let nobody = member(&json!(uuid(99)), DISTRICT);
    let nobody = near.coordinator().post("/members", nobody).await;
    nobody.refused(404, "unknown_subject");
    let member = member(&subject["subject_id"], DISTRICT);
    let member = near.coordinator().post("/members", member).await.done();
    assert!(member["member_id"].is_string());
}

/// Whoever looks after another district registers nobody here, nor anybody who helps everywhere.
#[tokio::test]
async fn a_coordinator_registers_those_of_their_own_districts() {
    let near = Neighbourhood::start().await;
    let elsewhere = near.elsewhere().await;
    let subject = json!({"kind": "member", "basis": "consent", "notice_version": "2026-01"});
    let subject = elsewhere.post("/subjects", subject).await.done();
    let member = |districts: &[&str]| json!({"subject_id": subject["subject_id"], "districts": districts, "languages": ["cs"]});
    for districts in [&[DISTRICT][..], &["500089", DISTRICT], &[]] {
        let foreign = elsewhere.post("/members", member(districts)).await;
        foreign.refused(404, "not_found");
    }
    elsewhere.post("/members", member(&["500089"])).await.done();
}
