use tests::app::{TestApp, a_place, uuid};

#[tokio::test]
async fn what_is_said_of_a_place_is_corrected() {
    let app = TestApp::start().await;

    let mut ramp = a_place();
    ramp["wheelchair"] = "yes".into();
    let path = |id: &str| format!("/places/{id}/change");
    app.operator()
        .post(&path(app.id("place_id")), ramp.clone())
        .await
        .done();
    let unknown = app.operator().post(&path(&uuid(9)), ramp).await;
    unknown.refused(404, "not_found");
}
