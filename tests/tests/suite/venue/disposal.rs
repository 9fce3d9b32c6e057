use serde_json::json;
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

#[tokio::test]
async fn a_thousand_that_are_left_are_counted_and_more_are_more() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/disposal", app.id("venue_id"));
    for (prepaid, left, is_more) in [
        (0, 0, false),
        (500, 500, false),
        (500, 1000, false),
        (1, 1000, true),
    ] {
        if prepaid > 0 {
            app.coffees_on_board(prepaid).await;
        }
        let stays = app.operator().get(&path).await.done();
        assert_eq!(
            (&stays["left"], &stays["left_is_more"]),
            (&json!(left), &json!(is_more))
        );
    }
}
