//! People at a browser: what is paid for at the till, used at the counter and seen by its donor.

use serde_json::{Value, json};
use tests::app::{NETWORK, TestApp};
use tests::browser;
use tests::wait;

/// A small phone, in the language that walks read.
const PHONE: (u32, u32) = (360, 740);
const SCREEN: (u32, u32) = (1280, 900);

/// A venue with water and this many coffees on its board, all of it shown.
async fn venue(coffees: u32) -> TestApp {
    let app = TestApp::start().await;
    app.service_of_the_venue().await;
    if coffees > 0 {
        app.coffees_on_board(coffees).await;
    }
    wait::until("the pages to show it", async || {
        let page = app.public().get_root(&venue_page(&app)).await;
        let page = page.body.as_str().unwrap_or_default().to_owned();
        let waiting = coffees == 0 || page.contains(&format!("{coffees} wait"));
        (page.contains("Water") && waiting).then_some(())
    })
    .await;
    app
}

fn venue_page(app: &TestApp) -> String {
    format!("/n/{NETWORK}/venues/{}", app.id("venue_id"))
}

/// What a walk must know, and the browser that it takes.
fn facts(app: &TestApp, name: &str, (width, height): (u32, u32), scripts: bool) -> Value {
    json!({
        "as": name,
        "token": app.token("venue"),
        "item": "Káva",
        "service": "Water",
        "venue": venue_page(app),
        "browser": {
            "viewport": {"width": width, "height": height},
            "locale": "en-GB",
            "javaScriptEnabled": scripts,
        },
    })
}

async fn walk(name: &'static str, url: &str, facts: Value) -> Value {
    let url = url.to_owned();
    let walking = move || browser::walk(name, &url, &facts);
    tokio::task::spawn_blocking(walking).await.expect("a walk")
}

/// How many coffees are left, asked of the board by wanting more than there are.
async fn left(app: &TestApp) -> Value {
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let body = json!({"by": {"type": "board", "item_id": app.id("item_id"), "count": 20}});
    let refused = app.staff().post(&path, body).await;
    refused.refused(409, "nothing_on_board")["left"].clone()
}

#[tokio::test]
async fn a_gift_goes_from_the_till_to_the_donors_page_on_a_small_phone() {
    let app = venue(0).await;
    let facts = facts(&app, "gift", PHONE, true);
    walk("gift", &app.root, facts).await;
    assert_eq!(left(&app).await, 0);
}

#[tokio::test]
async fn the_same_gift_needs_no_script() {
    let app = venue(0).await;
    let facts = facts(&app, "gift-without-scripts", SCREEN, false);
    walk("gift", &app.root, facts).await;
    assert_eq!(left(&app).await, 0);
}

#[tokio::test]
async fn a_keyboard_is_enough_at_the_counter() {
    let app = venue(2).await;
    let facts = facts(&app, "keyboard", SCREEN, true);
    walk("keyboard", &app.root, facts).await;
    assert_eq!(left(&app).await, 2);
}

#[tokio::test]
async fn without_a_connection_a_tap_waits_and_counts_once() {
    let app = venue(5).await;
    let facts = facts(&app, "offline", PHONE, true);
    let found = walk("offline", &app.root, facts).await;
    assert_eq!(left(&app).await, 2, "three taps, one coffee each");
    assert!(found["sent"].as_u64() >= Some(1), "{found}");
}
