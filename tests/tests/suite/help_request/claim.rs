use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn the_note_opens_for_who_takes_it_on() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let before = near.helper.client.get(&request).await.done();
    assert_eq!(
        (&before["note"]["state"], &before["in_return"]["state"]),
        (&json!("withheld"), &json!("open"))
    );
    near.claim(&request).await;
    let after = near.helper.client.get(&request).await.done();
    assert_eq!(after["note"]["state"], "open");
    let other = near.neighbour().await;
    let late = other
        .client
        .post(&format!("{request}/claim"), json!({}))
        .await;
    late.refused(409, "already_claimed");
    let path = format!("{request}/claim");
    near.coordinator()
        .post(&path, json!({}))
        .await
        .refused(404, "unknown_member");
}

/// The request brings no telephone number of its own: it is that of the person.
#[tokio::test]
async fn how_the_person_is_reached_opens_for_who_takes_it_on() {
    let near = Neighbourhood::start().await;
    let contact = json!({"contact": "777 000 111"});
    let set = format!("/subjects/{}/set-contact", near.asking.subject_id);
    near.asking.client.post(&set, contact.clone()).await.done();
    let request = near.request().await;
    let before = near.helper.client.get(&request).await.done();
    assert_eq!(before["contact"]["state"], "withheld");
    near.claim(&request).await;
    let after = near.helper.client.get(&request).await.done();
    assert_eq!(after["contact"]["text"], contact["contact"]);
}
