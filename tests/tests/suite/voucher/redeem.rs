use std::collections::BTreeSet;

use commands::clock::Clock;
use domain::voucher::Voucher;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::app::TestApp;

fn a_coffee(app: &TestApp, count: u32) -> Value {
    json!({"by": {"type": "board", "item_id": app.id("item_id"), "count": count}})
}

#[tokio::test]
async fn a_group_uses_what_is_on_the_board_or_nothing() {
    let app = TestApp::start().await;
    app.coffees_on_board(3).await;
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let refused = app.staff().post(&path, a_coffee(&app, 4)).await;
    assert_eq!(refused.refused(409, "nothing_on_board")["left"], 3);
    let used = app.staff().post(&path, a_coffee(&app, 3)).await.done();
    assert_eq!(used["redemptions"].as_array().map(Vec::len), Some(3));
    let together = group_of(&app, &used, 0).await;
    assert!(together.is_string());
    assert_eq!(group_of(&app, &used, 2).await, together);
    app.coffees_on_board(1).await;
    let alone = app.staff().post(&path, a_coffee(&app, 1)).await.done();
    assert!(group_of(&app, &alone, 0).await.is_null());
    assert_eq!(used["redemptions"][0]["settled_minor"], 6500);
}

/// What the log says of those that were used together.
async fn group_of(app: &TestApp, used: &Value, place: usize) -> Value {
    let voucher_id = &used["redemptions"][place]["voucher_id"];
    let last = app.last_of::<Voucher>(voucher_id.as_str().expect("an id"));
    last.await.payload["redeemed"]["group_id"].clone()
}

#[tokio::test]
async fn a_wrong_code_is_not_known_and_a_mistyped_one_is_none() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let code = |code: &str| json!({"by": {"type": "code", "code": code}});
    let unknown = domain::voucher::code::Code::from_bits(5).to_string();
    app.staff()
        .post(&path, code(&unknown))
        .await
        .refused(404, "unknown_code");
    app.staff()
        .post(&path, code("AAAA"))
        .await
        .refused(422, "bad_value");
}

/// Another gateway takes one of a group away: the others of it are not used, and are there for the next.
#[tokio::test]
async fn a_group_that_another_gateway_took_one_of_is_picked_anew() {
    for coffees in [4, 6] {
        let app = TestApp::start().await;
        let (_ending, beside) = app.beside(Clock::system()).await;
        app.coffees_on_board(coffees).await;
        let path = format!("/venues/{}/redeem", app.id("venue_id"));
        let (here, there) = (app.staff(), app.staff().at(&beside));
        let mut used = Vec::new();
        // Either looks at the board once, and remembers what is on it.
        let mut acts = vec![(&there, 1), (&here, 1), (&there, 2), (&there, 2)];
        acts.truncate(if coffees == 4 { 3 } else { 4 });
        for (staff, count) in acts {
            let answer = staff.post(&path, a_coffee(&app, count)).await.done();
            let redemptions = answer["redemptions"].as_array().expect("a list").clone();
            used.extend(redemptions.iter().map(|it| it["voucher_id"].to_string()));
        }
        let different: BTreeSet<_> = used.iter().collect();
        assert_eq!(
            (used.len(), different.len()),
            (coffees as usize, used.len())
        );
        let none = here.post(&path, a_coffee(&app, 1)).await;
        assert_eq!(none.refused(409, "nothing_on_board")["left"], 0);
    }
}

/// Exactly a hundred succeed, and nobody is told "nothing" while one is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_race_for_a_hundred() {
    race(&TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_race_for_a_hundred_on_postgresql() {
    race(&TestApp::on_postgres().await).await;
}

async fn race(app: &TestApp) {
    app.coffees_on_board(100).await;
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let staff = app.staff();
    let clients = (0..200).map(|_| staff.post(&path, a_coffee(app, 1)));
    let answers = join_all(clients).await;
    let (used, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| it.status == 200);
    let vouchers = used
        .iter()
        .map(|it| it.body["redemptions"][0]["voucher_id"].to_string());
    let vouchers: BTreeSet<String> = vouchers.collect();
    assert_eq!((used.len(), vouchers.len()), (100, 100));
    for answer in refused {
        assert_eq!(answer.refused(409, "nothing_on_board")["left"], 0);
    }
}

/// Of forty groups of seven, exactly fourteen find seven of a hundred; nobody gets a part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_race_for_a_hundred_and_each_gets_all_or_nothing() {
    let app = TestApp::start().await;
    app.coffees_on_board(100).await;
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let staff = app.staff();
    let answers = join_all((0..40).map(|_| staff.post(&path, a_coffee(&app, 7)))).await;
    let (used, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| it.status == 200);
    assert_eq!(used.len(), 14);
    for answer in used {
        let redemptions = answer.body["redemptions"].as_array().map(Vec::len);
        assert_eq!(redemptions, Some(7));
    }
    for answer in refused {
        let left = answer.refused(409, "nothing_on_board")["left"].as_u64();
        assert!(left < Some(7), "seven were left, and it was refused");
    }
    let last = staff.post(&path, a_coffee(&app, 2)).await.done();
    assert_eq!(last["redemptions"].as_array().map(Vec::len), Some(2));
}
