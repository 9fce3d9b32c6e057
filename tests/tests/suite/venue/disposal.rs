use tests::app::{TestApp, uuid};

#[tokio::test]
async fn only_the_venue_and_the_operator_see_how_far_it_is() {
    let app = TestApp::start().await;

    let path = |venue: &str| format!("/venues/{venue}/disposal");
    let stays = app.operator().get(&path(app.id("venue_id"))).await.done();
    assert_eq!(stays["status"], "not_asked");
    app.operator()
        .get(&path(&uuid(9)))
        .await
        .refused(404, "not_found");
    let (other, _) = app.another_cafe(7000).await;
    app.staff()
        .get(&path(&other))
        .await
        .refused(404, "not_found");
}
