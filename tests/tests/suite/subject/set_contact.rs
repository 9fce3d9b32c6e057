use domain::subject::Subject;
use serde_json::json;
use tests::neighbours::{Neighbourhood, path};

#[tokio::test]
async fn a_contact_opens_for_the_person_and_nobody_else() {
    let near = Neighbourhood::start().await;
    let path = format!("/subjects/{}", near.asking.subject_id);
    let contact = json!({"contact": "zvonek u Zelených, 777 000 111"});
    let set = format!("{path}/set-contact");
    near.asking.client.post(&set, contact.clone()).await.done();
    let shown = near.asking.client.get(&path).await;
    assert_eq!(shown.header("cache-control"), "no-store");
    assert_eq!(shown.done()["contact"]["text"], contact["contact"]);
    near.helper
        .client
        .get(&path)
        .await
        .refused(404, "not_found");
    let other = near.helper.client.post(&set, contact).await;
    other.refused(404, "not_found");
    near.coordinator()
        .get(&path)
        .await
        .refused(403, "not_allowed");
    let blank = json!({"contact": "  "});
    near.asking
        .client
        .post(&set, blank)
        .await
        .refused(422, "bad_value");
}

/// Whoever answers the telephone writes down how a neighbour is reached, and nobody else.
#[tokio::test]
async fn a_coordinator_sets_the_contact_of_neighbours_only() {
    let near = Neighbourhood::start().await;
    for (kind, may) in [
        ("member", true),
        ("requester", true),
        ("donor", false),
        ("contact", false),
    ] {
        let subject = json!({"kind": kind, "basis": "contract", "notice_version": "2026-01"});
        let subject = near.app.operator().post("/subjects", subject).await.done();
        let set = format!("{}/set-contact", path("/subjects", &subject, "subject_id"));
        let contact = json!({"contact": "777 000 111"});
        let answer = near.coordinator().post(&set, contact).await;
        if may {
            answer.done();
            let subject_id = subject["subject_id"].as_str().expect("an id");
            let last = near.app.last_of::<Subject>(subject_id).await;
            assert_eq!(last.metadata["acting_for"], subject["subject_id"]);
        } else {
            answer.refused(404, "not_found");
        }
    }
}
