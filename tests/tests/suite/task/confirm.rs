use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn nobody_confirms_their_own_work() {
    let near = Neighbourhood::start().await;
    let (task, claim) = near.done_task().await;
    let confirm = format!("{task}/confirm");
    near.helper
        .client
        .post(&confirm, claim.clone())
        .await
        .refused(404, "not_found");
    near.coordinator().post(&confirm, claim).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(shown["claims"][0]["confirmed"], true);
}
