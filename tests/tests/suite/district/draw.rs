use serde_json::{Value, json};
use tests::app::TestApp;

#[tokio::test]
async fn a_district_is_drawn_and_drawn_anew() {
    let app = TestApp::start().await;

    let district = |people: u32, ring: Value| {
        let boundary = json!({"type": "Polygon", "coordinates": [ring]});
        json!({"code": "500089", "name": "Praha 2", "population": people, "boundary": boundary})
    };
    let ring = json!([[14.4, 50.0], [14.5, 50.0], [14.5, 50.1], [14.4, 50.0]]);
    let first = app
        .operator()
        .post("/districts", district(51_000, ring.clone()))
        .await
        .done();
    let again = app
        .operator()
        .post("/districts", district(51_500, ring))
        .await
        .done();
    assert_eq!(first["district_id"], again["district_id"]);
    let open = json!([[14.4, 50.0], [14.5, 50.0]]);
    let open = app.operator().post("/districts", district(1, open)).await;
    open.refused(422, "bad_boundary");
}
