use serde_json::json;
use tests::app::TestApp;

use super::position;

#[tokio::test]
async fn anybody_reads_what_a_district_has_and_lacks() {
    let app = TestApp::start().await;
    let path = format!("{}/change", app.service_of_the_venue().await);
    let hours = json!({"hours": "Mo-Su 08:00-16:00"});
    let seen = position(&app.staff().post(&path, hours).await.done());
    let path = format!("/district-coverage?min_position={seen}&week=2026-W46");
    let answer = app.public().get(&path).await.done();
    let district = &answer["districts"][0];
    assert_eq!(
        (&district["code"], &answer["week"]),
        (&"500054".into(), &"2026-W46".into())
    );
    let water = &district["services"][0];
    assert_eq!(
        (&water["kind"], &water["open_minutes"]),
        (&"water".into(), &3360.into())
    );
    assert_eq!(district["boundary"], json!(null));
}

#[tokio::test]
async fn a_few_requests_are_told_exactly_to_planners_only() {
    let app = TestApp::start().await;
    let request = json!({"category": "groceries", "district_code": "500054"});
    let seen = position(&app.operator().post("/help-requests", request).await.done());
    let open = |answer: serde_json::Value| answer["districts"][0]["help_requests"]["open"].clone();
    let path = format!("/district-coverage?min_position={seen}");
    let public = app.public().get(&path).await.done();
    assert_eq!(open(public), json!({"count": null, "less_than": 5}));
    let path = format!("/district-coverage/exact?min_position={seen}");
    let exact = app.role("analyst").get(&path).await;
    assert_eq!(exact.header("cache-control"), "no-store");
    assert_eq!(open(exact.done()), json!({"count": 1, "less_than": null}));
}

#[tokio::test]
async fn the_map_is_geojson() {
    let app = TestApp::start().await;
    let answer = app.public().get("/district-coverage.geojson").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(answer.header("cache-control"), "no-cache");
    let map = answer.done();
    assert_eq!(map["type"], "FeatureCollection");
    assert_eq!(map["features"][0]["geometry"]["type"], "Polygon");
    let wrong = app.public().get("/district-coverage?week=2026-W60").await;
    wrong.refused(400, "bad_query");
}
