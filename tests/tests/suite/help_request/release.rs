use domain::help_request::HelpRequest;
use tests::neighbours::{Neighbourhood, id_of};

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

#[tokio::test]
async fn the_reason_says_who_released_it() {
    let near = Neighbourhood::start().await;
    let (helper, coordinator) = (&near.helper.client, &near.coordinator());
    for (releases, reason) in [(helper, "given_up"), (coordinator, "coordinator")] {
        let request = near.request().await;
        let claim = near.claim(&request).await;
        releases
            .post(&format!("{request}/release"), claim)
            .await
            .done();
        let last = near.app.last_of::<HelpRequest>(id_of(&request)).await;
        assert_eq!(last.payload["released"]["reason"], reason);
    }
}
