use commands::help_request::erase_texts::EraseTexts;
use commands::task::erase_note::EraseNote;
use serde_json::json;
use tests::neighbours::{Neighbourhood, id_of, path, shopping};
use uuid::Uuid;

#[tokio::test]
async fn only_the_person_or_a_coordinator_withdraws() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let withdraw = format!("{request}/withdraw");
    near.helper
        .client
        .post(&withdraw, json!({}))
        .await
        .refused(404, "not_found");
    near.coordinator().post(&withdraw, json!({})).await.done();
    let path = format!("{request}/claim");
    near.helper
        .client
        .post(&path, json!({}))
        .await
        .refused(409, "not_open");
}

/// From the act on and not only once the key is deleted.
#[tokio::test]
async fn texts_that_are_erased_open_for_nobody_from_that_moment() {
    let near = Neighbourhood::start().await;
    // Of a person of whom nothing else is held.
    let asked = near.coordinator().post("/help-requests", shopping()).await;
    let request = path("/help-requests", &asked.done(), "help_request_id");
    let withdraw = format!("{request}/withdraw");
    near.coordinator().post(&withdraw, json!({})).await.done();
    let note = async || near.coordinator().get(&request).await.done()["note"]["state"].clone();
    assert_eq!(note().await, "open");
    let help_request_id = id(&request).into();
    near.app.system(EraseTexts { help_request_id }).await;
    assert_eq!(note().await, "erased");
}

#[tokio::test]
async fn a_note_that_is_erased_opens_for_nobody_from_that_moment() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    let cancel = json!({"reason": "not_needed"});
    let path = format!("{task}/cancel");
    near.coordinator().post(&path, cancel).await.done();
    let note = async || near.coordinator().get(&task).await.done()["note"]["state"].clone();
    assert_eq!(note().await, "open");
    let task_id = id(&task).into();
    near.app.system(EraseNote { task_id }).await;
    assert_eq!(note().await, "erased");
}

fn id(path: &str) -> Uuid {
    id_of(path).parse().expect("an id")
}
