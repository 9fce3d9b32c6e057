use tests::app::{TestApp, a_place};

#[tokio::test]
async fn a_place_lies_in_a_district_of_the_network() {
    let app = TestApp::start().await;

    let place = app.operator().post("/places", a_place()).await.done();
    assert!(place["place_id"].is_string());
    let mut elsewhere = a_place();
    elsewhere["district_code"] = "999999".into();
    let elsewhere = app.operator().post("/places", elsewhere).await;
    elsewhere.refused(404, "unknown_district");
}
