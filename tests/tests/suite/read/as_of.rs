//! Reads of how things stood: of before, of now the same as the live answer, and never of later.

use serde_json::{Value, json};
use tests::app::TestApp;

use super::{position, three_coffees_and_one_used};

/// What is said apart from when it is said.
fn said(mut answer: Value) -> Value {
    for clock in ["at", "view"] {
        answer.as_object_mut().expect("an object").remove(clock);
    }
    answer
}

async fn of_now_is_what_is_live(app: TestApp) {
    let used = three_coffees_and_one_used(&app).await;
    let mut gift = app.coffees(1);
    gift["giver"] = json!({"type": "known", "donor_id": app.id("donor_id")});
    let seen = position(&app.operator().post("/prepayments", gift).await.done());
    let impact = format!("/donors/{}/impact", app.id("donor_id"));
    for path in ["/venue-availability", "/district-coverage", impact.as_str()] {
        let live = app
            .operator()
            .get(&format!("{path}?min_position={seen}"))
            .await
            .done();
        let then = app.operator().get(&format!("{path}?as_of={seen}")).await;
        assert_eq!(then.header("cache-control"), "no-store");
        let then = then.done();
        assert_eq!(then["view"]["position"], seen);
        assert_eq!(said(then), said(live), "{path}");
    }
    let map = app
        .operator()
        .get(&format!("/district-coverage.geojson?as_of={seen}"))
        .await;
    assert_eq!(map.done()["type"], "FeatureCollection");
    let on_board = async |as_of: i64| {
        let path = format!("/venue-availability?as_of={as_of}");
        let answer = app.operator().get(&path).await.done();
        answer["hosts"][0]["items"][0]["on_board"].clone()
    };
    assert_eq!(on_board(seen).await, 3);
    assert_eq!(on_board(used).await, 2);
    assert_eq!(on_board(used - 1).await, 3, "before one was used");
    let before = app
        .operator()
        .get("/venue-availability?as_of=0")
        .await
        .done();
    assert_eq!(before["hosts"], json!([]));
    let vouchers = async |as_of: i64| {
        let answer = app
            .operator()
            .get(&format!("{impact}?as_of={as_of}"))
            .await
            .done();
        answer["vouchers"].as_array().map(Vec::len)
    };
    assert_eq!(vouchers(1).await, Some(0));
    assert_eq!(
        (vouchers(used).await, vouchers(seen).await),
        (Some(3), Some(4))
    );
}

#[tokio::test]
async fn of_now_is_what_is_live_on_sqlite() {
    of_now_is_what_is_live(TestApp::start().await).await;
}

#[tokio::test]
async fn of_now_is_what_is_live_on_postgres() {
    of_now_is_what_is_live(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn an_instant_means_what_was_recorded_by_then() {
    let app = TestApp::start().await;
    let used = three_coffees_and_one_used(&app).await;
    let at = app.desk.clock().now();
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    app.coffees_on_board(2).await;
    let path = format!("/venue-availability?as_of={at}");
    let answer = app.operator().get(&path).await.done();
    assert_eq!(answer["view"]["position"], used);
}

/// What is on its way when one asks may say that it was recorded before: nothing is answered that
/// another answer could contradict.
#[tokio::test]
async fn an_instant_is_answered_once_nothing_can_change_it() {
    let app = TestApp::start().await;
    let used = three_coffees_and_one_used(&app).await;
    let at = app.desk.clock().now();
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let path = format!("/venue-availability?as_of={at}");
    let answer = app.operator().get(&path).await;
    let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=31).contains(&seconds), "{seconds}");
    answer.refused(503, "not_settled");
    app.coffees_on_board(1).await;
    for _ in 0..2 {
        let answer = app.operator().get(&path).await.done();
        assert_eq!(answer["view"]["position"], used);
    }
}

#[tokio::test]
async fn looking_back_needs_a_token_and_a_moment_that_was() {
    let app = TestApp::start().await;
    let path = "/venue-availability?as_of=3";
    app.public().get(path).await.refused(401, "unauthenticated");
    app.foreign_operator()
        .in_network("praha")
        .get(path)
        .await
        .refused(404, "not_found");
    app.operator().get(path).await.done();
    for (as_of, code) in [
        ("999999", "as_of_ahead"),
        ("2999-01-01T00:00:00Z", "as_of_ahead"),
        ("-1", "bad_query"),
        ("yesterday", "bad_query"),
    ] {
        let path = format!("/venue-availability?as_of={as_of}");
        app.operator().get(&path).await.refused(400, code);
    }
    app.public()
        .get("/voucher-board?as_of=3")
        .await
        .refused(400, "bad_query");
}

/// Two moments side by side would tell when somebody used a code.
#[tokio::test]
async fn a_donor_looks_back_to_the_beginning_of_a_month() {
    let app = TestApp::start().await;
    let seen = position(&app.coffees_on_board(1).await);
    let path = format!("/donors/{}/impact", app.id("donor_id"));
    let donor = app.role("donor");
    donor
        .get(&format!("{path}?as_of=3"))
        .await
        .refused(400, "bad_query");
    let now = app.desk.clock().now();
    let now = now.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let answer = donor.get(&format!("{path}?as_of={now}")).await.done();
    assert_eq!(
        answer["view"]["position"], 0,
        "the log is younger than this month"
    );
    let all = app
        .operator()
        .get(&format!("{path}?as_of={seen}"))
        .await
        .done();
    assert_eq!(of_position(&all), seen);
}

fn of_position(answer: &Value) -> i64 {
    answer["view"]["position"].as_i64().expect("a position")
}
