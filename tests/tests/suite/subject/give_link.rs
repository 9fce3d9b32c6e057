use serde_json::{Value, json};
use tests::client::Client;
use tests::neighbours::{DISTRICT, Neighbourhood, path, shopping};
use tests::wait::until;

/// Somebody who telephoned: the subject, and the request entered for them.
async fn by_telephone(near: &Neighbourhood) -> (String, String) {
    let subject = json!({"kind": "requester", "basis": "consent", "notice_version": "2026-01"});
    let known = near.coordinator().post("/subjects", subject).await.done();
    let mut asked = shopping();
    asked["subject_id"] = known["subject_id"].clone();
    let asked = near.coordinator().post("/help-requests", asked).await;
    let request = path("/help-requests", &asked.done(), "help_request_id");
    (path("/subjects", &known, "subject_id"), request)
}

/// The token of a private link of this subject.
async fn link(near: &Neighbourhood, subject: &str) -> String {
    let given = near
        .coordinator()
        .post(&format!("{subject}/give-link"), json!({}))
        .await
        .done();
    given["subject_token"].as_str().expect("a token").to_owned()
}

/// A browser in which the link was opened.
async fn browser(near: &Neighbourhood, token: &str) -> Client {
    let opened = near.app.public().get_root(&format!("/link/{token}")).await;
    assert!(opened.body.as_str().expect("a page").contains("/held"));
    let fields = [("token", token), ("next", "/held")];
    let answer = near.app.public().post_form("/sign-in", &fields).await;
    assert_eq!(answer.header("location"), "/held");
    let cookie = answer.header("set-cookie").split(';').next();
    near.app
        .public()
        .with_header("Cookie", cookie.expect("a cookie"))
}

async fn read(browser: &Client, path: &str) -> String {
    let answer = browser.get_root(path).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, "no-store")
    );
    answer.body.as_str().expect("a page").to_owned()
}

fn csrf(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn whoever_telephoned_looks_after_the_request_by_the_link() {
    let near = Neighbourhood::start().await;
    let (subject, request) = by_telephone(&near).await;
    let person = near.app.public().with_token(&link(&near, &subject).await);
    let shown = person.get(&request).await.done();
    assert_eq!(shown["note"]["state"], "open");
    let edit = json!({"category": "company", "district_code": DISTRICT, "language": "cs"});
    person.post(&format!("{request}/edit"), edit).await.done();
    let withdraw = format!("{request}/withdraw");
    person.post(&withdraw, json!({})).await.done();
    let other = near.request().await;
    person.get(&other).await.refused(404, "not_found");
    let other = format!("/subjects/{}/erase", near.asking.subject_id);
    let reason = json!({"reason": "asked"});
    person.post(&other, reason).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_coordinator_gives_links_to_those_who_asked_for_help_only() {
    let near = Neighbourhood::start().await;
    let member = format!("/subjects/{}/give-link", near.asking.subject_id);
    let refused = near.coordinator().post(&member, json!({})).await;
    refused.refused(404, "not_found");
    near.app.operator().post(&member, json!({})).await.done();
}

#[tokio::test]
async fn the_page_shows_what_is_held_and_erases_it_in_every_language() {
    let near = Neighbourhood::start().await;
    let (subject, request) = by_telephone(&near).await;
    let browser = browser(&near, &link(&near, &subject).await).await;
    for (language, word) in [("cs", "Poznámka"), ("pl", "Notatka"), ("en", "Note")] {
        let page = read(&browser, &format!("/held?lang={language}")).await;
        assert!(
            page.contains(word) && page.contains("třetí patro"),
            "{page}"
        );
        assert!(!page.contains('⟦'), "{page}");
        let asked = read(&browser, &format!("/held/erase?lang={language}")).await;
        assert!(!asked.contains('⟦'), "{asked}");
    }
    let forged = browser.post_form("/held/erase", &[("csrf", "0")]).await;
    assert_eq!(forged.status, 403);
    let csrf = csrf(&read(&browser, "/held/erase").await);
    for _ in 0..2 {
        let erased = browser.post_form("/held/erase", &[("csrf", &csrf)]).await;
        assert_eq!((erased.status, erased.header("location")), (303, "/held"));
    }
    for (language, word) in [("cs", "smazáno"), ("pl", "usunięte"), ("en", "erased")] {
        let page = read(&browser, &format!("/held?lang={language}")).await;
        assert!(
            page.contains(word) && !page.contains("třetí patro"),
            "{page}"
        );
    }
    until("the request to be withdrawn", async || {
        let shown: Value = near.coordinator().get(&request).await.done();
        (shown["status"] == "withdrawn" && shown["note"]["state"] == "erased").then_some(())
    })
    .await;
}

#[tokio::test]
async fn nobody_else_has_such_a_page() {
    let near = Neighbourhood::start().await;
    let nobody = near.app.public().get_root("/held").await;
    assert_eq!(nobody.header("location"), "/sign-in?next=/held");
    let token = [("token", near.app.token("operator"))];
    let answer = near.app.public().post_form("/sign-in", &token).await;
    let cookie = answer.header("set-cookie").split(';').next();
    let operator = near
        .app
        .public()
        .with_header("Cookie", cookie.expect("a cookie"));
    assert_eq!(operator.get_root("/held").await.status, 403);
}
