use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn help_is_asked_for_claimed_and_given() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let claim = near.claim(&request).await;
    let fulfil = format!("{request}/fulfil");
    let other = near.neighbour().await;
    other
        .client
        .post(&fulfil, claim.clone())
        .await
        .refused(404, "not_found");
    near.helper.client.post(&fulfil, claim).await.done();
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(shown["status"], "fulfilled");
    let still = near.helper.client.get(&request).await.done();
    assert_eq!(still["note"]["state"], "open", "for thirty days");
}
