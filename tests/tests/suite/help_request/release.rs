use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_claim_is_given_up_by_its_holder() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let claim = near.claim(&request).await;
    let release = format!("{request}/release");
    let other = near.neighbour().await;
    other
        .client
        .post(&release, claim.clone())
        .await
        .refused(404, "not_found");
    near.helper.client.post(&release, claim).await.done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["status"], "open");
}
