use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_part_is_done_and_the_claim_goes_on() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let claim = near.claim(&request).await;
    let part = format!("{request}/partly-fulfil");
    near.helper.client.post(&part, claim.clone()).await.done();
    near.asking
        .client
        .post(&part, claim)
        .await
        .refused(404, "not_found");
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["status"], "claimed");
}
