use tests::app::TestApp;

use super::three_coffees_and_one_used;

#[tokio::test]
async fn anybody_reads_how_many_were_bought_and_used() {
    let app = TestApp::start().await;
    let position = three_coffees_and_one_used(&app).await;
    let path = format!("/campaign-totals?min_position={position}");
    let answer = app.public().get(&path).await;
    assert_eq!(answer.header("cache-control"), "no-cache");
    let totals = answer.done();
    assert_eq!(totals["view"]["reached"], true);
    assert_eq!(totals["currency"], "CZK");
    let year = &totals["years"][0];
    assert_eq!(
        (&year["purchased_units"], &year["redeemed_units"]),
        (&3.into(), &1.into())
    );
    assert_eq!(year["redeemed_minor"], 6500);
}

#[tokio::test]
async fn a_network_that_does_not_exist_has_no_totals() {
    let app = TestApp::start().await;
    let nowhere = app.public().in_network("nowhere");
    nowhere
        .get("/campaign-totals")
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn what_is_no_parameter_is_refused() {
    let app = TestApp::start().await;
    for query in ["colour=red", "year=soon", "min_position=soon", "limit=-1"] {
        let path = format!("/campaign-totals?{query}");
        app.public().get(&path).await.refused(400, "bad_query");
    }
    let path = "/campaign-totals?cursor=zz";
    app.public().get(path).await.refused(400, "bad_cursor");
}
