use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn help_that_is_needed_again_is_asked_for_again() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    near.asking
        .client
        .post(&format!("{request}/withdraw"), json!({}))
        .await
        .done();
    let again = json!({"reason": "needed_again"});
    near.asking
        .client
        .post(&format!("{request}/reopen"), again)
        .await
        .done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["status"], "open");
}
