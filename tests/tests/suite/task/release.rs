use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_slot_is_free_again() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    let claim = near.claim(&task).await;
    let release = format!("{task}/release");
    near.asking
        .client
        .post(&release, claim.clone())
        .await
        .refused(404, "not_found");
    near.helper.client.post(&release, claim).await.done();
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(shown["free_slots"], 1);
}
