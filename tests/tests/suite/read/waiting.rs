//! What holds for every read: it waits for a position, says how old it is, and is not sent twice.

use sqlx::{Connection as _, SqliteConnection};
use tests::app::TestApp;

use super::three_coffees_and_one_used;

#[tokio::test]
async fn the_same_answer_is_not_sent_twice() {
    let app = TestApp::start().await;
    let position = three_coffees_and_one_used(&app).await;
    let path = format!("/campaign-totals?min_position={position}");
    let first = app.public().get(&path).await;
    let etag = first.header("etag").to_owned();
    assert_eq!(first.header("sospeso-position"), position.to_string());
    assert!(first.header("sospeso-view-age").parse::<u32>().is_ok());
    let again = app.public().with_header("If-None-Match", &etag);
    assert_eq!(again.get(&path).await.status, 304);

    app.coffees_on_board(1).await;
    let path = format!("/campaign-totals?min_position={}", position + 1);
    let changed = again.get(&path).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), etag);
}

#[tokio::test]
async fn a_position_that_is_not_reached_in_time_is_answered_late() {
    let app = TestApp::start().await;
    let answer = app
        .public()
        .get("/campaign-totals?min_position=1000000")
        .await;
    assert_eq!(answer.done()["view"]["reached"], false);
}

/// As after an update of the program, beside a long history.
#[tokio::test]
async fn a_view_that_is_being_built_says_so_and_acts_go_on() {
    let app = TestApp::start().await;
    let position = three_coffees_and_one_used(&app).await;
    let path = format!("/campaign-totals?min_position={position}");
    app.public().get(&path).await.done();
    let file = format!("sqlite://{}", app.folder().join("views.db").display());
    let mut views = SqliteConnection::connect(&file).await.expect("the views");
    let older = "UPDATE read_model_copy SET version = version + 1000";
    sqlx::raw_sql(older)
        .execute(&mut views)
        .await
        .expect("done");

    let answer = app.public().get("/campaign-totals").await;
    assert_eq!(answer.header("retry-after"), "1");
    answer.refused(503, "unavailable");
    let page = app.public().get_root("/n/praha?lang=en").await;
    assert_eq!(page.status, 503);
    assert_eq!(page.header("Retry-After"), "1");
    let text = page.body.as_str().expect("a page");
    assert!(text.contains("This page is being counted anew"), "{text}");
    app.coffees_on_board(1).await;
}
