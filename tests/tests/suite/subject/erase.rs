use serde_json::json;
use tests::neighbours::{Neighbourhood, shopping};

#[tokio::test]
async fn what_was_sealed_for_a_person_opens_no_more() {
    let near = Neighbourhood::start().await;
    let path = format!("/subjects/{}", near.asking.subject_id);
    let set = format!("{path}/set-contact");
    let contact = json!({"contact": "777 000 111"});
    near.asking.client.post(&set, contact.clone()).await.done();
    let request = near.request().await;
    let erase = format!("{path}/erase");
    let reason = json!({"reason": "asked"});
    near.helper
        .client
        .post(&erase, reason.clone())
        .await
        .refused(404, "not_found");
    for _ in 0..2 {
        near.asking.client.post(&erase, reason.clone()).await.done();
    }
    let shown = near.asking.client.get(&path).await.done();
    assert_eq!(
        (&shown["erased"], &shown["contact"]["state"]),
        (&json!(true), &json!("erased"))
    );
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["note"]["state"], "erased");
    near.asking
        .client
        .post(&set, contact)
        .await
        .refused(410, "erased");
    let again = near.asking.client.post("/help-requests", shopping()).await;
    again.refused(404, "unknown_subject");
}
