//! Every page in every language: whole, small, with names for what one cannot see.

use serde_json::json;
use tests::app::{NETWORK, TestApp};
use tests::client::{Answer, Client};

const LANGUAGES: [&str; 3] = ["cs", "pl", "en"];

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "link", "br", "input", "img", "!DOCTYPE"];

/// Waits until the read models show what was done.
async fn shown(app: &TestApp, words: &str) {
    let path = format!("/n/{NETWORK}?lang=en");
    let there = async || html(&app.public().get_root(&path).await).contains(words);
    for _ in 0..500 {
        if there().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{words} does not appear");
}

fn html(answer: &Answer) -> String {
    answer.body.as_str().unwrap_or_default().to_owned()
}

/// The browser that opened a session with this token.
async fn browser(app: &TestApp, role: &str) -> Client {
    let fields = [("token", app.token(role))];
    let answer = app.public().post_form("/sign-in", &fields).await;
    let cookie = answer.header("set-cookie").to_owned();
    let cookie = cookie.split(';').next().expect("a cookie");
    app.public().with_header("Cookie", cookie)
}

/// What every page must be, whatever it says.
#[track_caller]
fn check(path: &str, language: &str, answer: &Answer) {
    let page = html(answer);
    let has = |words: &str| assert!(page.contains(words), "{path} has no {words}: {page}");
    has(&format!("<html lang=\"{language}\">"));
    has("<title>");
    assert!(!page.contains('⟦'), "{path}: a text is missing: {page}");
    assert_eq!(
        page.matches("<h1").count(),
        1,
        "{path}: one heading of the page"
    );
    assert!(page.len() < 60_000, "{path} has {} bytes", page.len());
    for forbidden in [
        " style=",
        "<style",
        "onclick=",
        "javascript:",
        "src=\"http",
        "href=\"http",
    ] {
        assert!(!page.contains(forbidden), "{path} has {forbidden}");
    }
    assert!(
        page.matches("<table").count() == page.matches("<caption").count(),
        "{path}"
    );
    well_formed(path, &page);
    named(path, &page);
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
}

/// Every element that begins ends, in order.
fn well_formed(path: &str, page: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().expect("a tag");
        let name = tag
            .trim_start_matches('/')
            .split([' ', '\n', '/'])
            .next()
            .expect("a name");
        if let Some(ended) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(ended.trim()), "{path}: <{tag}>");
        } else if !VOID.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{path}: {open:?} do not end");
}

/// Every field that one fills in has a label.
fn named(path: &str, page: &str) {
    for field in page
        .split('<')
        .filter(|tag| tag.starts_with("input") || tag.starts_with("select"))
    {
        let id = field
            .split("id=\"")
            .nth(1)
            .and_then(|id| id.split('"').next());
        let hidden = field.contains("type=\"hidden\"");
        let inside_its_label = field.contains("type=\"checkbox\"");
        let labelled = id.is_some_and(|id| page.contains(&format!("for=\"{id}\"")));
        assert!(hidden || inside_its_label || labelled, "{path}: <{field}");
    }
}

#[tokio::test]
async fn public_pages_speak_three_languages() {
    let app = TestApp::start().await;
    app.coffees_on_board(2).await;
    shown(&app, "2 wait").await;
    let venue = format!("/n/{NETWORK}/venues/{}", app.id("venue_id"));
    let voucher = format!("/n/{NETWORK}/voucher?at={}", app.id("venue_id"));
    let home = format!("/n/{NETWORK}");
    let pages = [
        "/",
        &home,
        &venue,
        &voucher,
        "/sign-in",
        "/how-it-works",
        "/docs",
        "/link/abc",
    ];
    for path in pages {
        for language in LANGUAGES {
            let joint = if path.contains('?') { '&' } else { '?' };
            let answer = app
                .public()
                .get_root(&format!("{path}{joint}lang={language}"))
                .await;
            assert_eq!(answer.status, 200, "{path}");
            check(path, language, &answer);
            let cookie = answer.header("set-cookie");
            assert!(
                cookie.starts_with(&format!("sospeso_lang={language}")),
                "{cookie}"
            );
        }
    }
}

#[tokio::test]
async fn districts_are_a_map_and_a_table() {
    let app = TestApp::start().await;
    shown(&app, "Praha 1").await;
    let path = format!("/n/{NETWORK}/coverage?measure=population&lang=cs");
    let answer = app.public().get_root(&path).await;
    check(&path, "cs", &answer);
    let page = html(&answer);
    assert!(page.contains("Praha 1: 29\u{a0}000 (Obyvatelé)"), "{page}");
    assert!(page.contains("class=\"s5\""), "{page}");
}

#[tokio::test]
async fn what_waits_and_when_it_is_open_is_said_in_words() {
    let app = TestApp::start().await;
    app.coffees_on_board(2).await;
    shown(&app, "2 wait").await;
    let path = format!("/n/{NETWORK}/venues/{}?lang=cs", app.id("venue_id"));
    let page = html(&app.public().get_root(&path).await);
    for words in [
        "Kavárna U Lva",
        "čekají 2",
        "65\u{a0}Kč",
        "Neví se, zda je otevřeno",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_readers_language() {
    let app = TestApp::start().await;
    let reader = app.public().with_header("Accept-Language", "pl");
    for path in ["/n/nowhere", "/n/praha/venues/nothing"] {
        let answer = reader.get_root(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(html(&answer).contains("Tu nic nie ma"), "{path}");
    }
}

#[tokio::test]
async fn the_first_view_is_light() {
    let app = TestApp::start().await;
    let page = html(&app.public().get_root(&format!("/n/{NETWORK}")).await);
    let mut bytes = page.len();
    for file in ["style.css", "icon.svg"] {
        let answer = app.public().get_root(&format!("/assets/{file}")).await;
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.header("cache-control").contains("immutable"));
        bytes += html(&answer).len();
    }
    assert!(bytes < 100_000, "{bytes} bytes");
    assert!(!page.contains("<script"), "the list needs no script");
}

#[tokio::test]
async fn a_private_link_signs_nobody_in_before_its_button() {
    let app = TestApp::start().await;
    let link = format!("/link/{}", app.token("donor"));
    let answer = app.public().get_root(&link).await;
    assert!(!answer.header("set-cookie").contains("sospeso_session"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(html(&answer).contains("method=\"post\" action=\"/sign-in\""));
    let fields = [("token", app.token("donor")), ("next", "/gifts")];
    let signed_in = app.public().post_form("/sign-in", &fields).await;
    assert_eq!(signed_in.header("location"), "/gifts");
}

#[tokio::test]
async fn a_wrong_token_is_refused_in_words() {
    let app = TestApp::start().await;
    let person = app.public().with_header("Accept", "text/html");
    let answer = person.post_form("/sign-in", &[("token", "sps_00")]).await;
    assert_eq!(answer.status, 401);
    assert!(html(&answer).contains("This token is not valid"));
}

#[tokio::test]
async fn a_sheet_has_codes_and_nothing_that_marks_who_holds_them() {
    let app = TestApp::start().await;
    let prepayment = app.coffees_on_board(3).await;
    let id = prepayment["prepayment_id"].as_str().expect("an id");
    let sheet = format!("/sheets/{id}?lang=en");
    assert_eq!(app.public().get_root(&sheet).await.status, 401);
    assert_eq!(
        browser(&app, "member").await.get_root(&sheet).await.status,
        403
    );
    let printer = browser(&app, "operator").await;
    assert!(html(&printer.get_root(&sheet).await).contains("No code is valid here"));
    let body = json!({
        "vouchers": {"type": "of_prepayment", "prepayment_id": id},
        "to": {"type": "donor"},
        "on_a_sheet": true,
    });
    app.operator()
        .post("/vouchers/issue-code", body)
        .await
        .done();
    let page = html(&printer.get_root(&sheet).await);
    assert_eq!(page.matches("class=\"slip\"").count(), 3, "{page}");
    well_formed(&sheet, &page);
    assert!(page.len() < 60_000, "three slips are {} bytes", page.len());
}

#[tokio::test]
async fn a_donor_reads_each_gift_and_nobody_elses() {
    let app = TestApp::start().await;
    assert_eq!(app.public().get_root("/gifts").await.status, 303);
    assert_eq!(
        browser(&app, "operator")
            .await
            .get_root("/gifts")
            .await
            .status,
        403
    );
    let prepayment = json!({
        "quantity": 2,
        "what": {"type": "item", "venue_id": app.id("venue_id"), "item_id": app.id("item_id")},
        "placed": {"type": "board"},
        "giver": {"type": "new"},
        "source": "bank_transfer",
        "held_by": "network",
        "on_expiry": {"type": "common_fund"},
    });
    let prepaid = app.operator().post("/prepayments", prepayment).await.done();
    shown(&app, "2 wait").await;
    let token = prepaid["donor_token"].as_str().expect("a donor's token");
    let answer = app
        .public()
        .post_form("/sign-in", &[("token", token)])
        .await;
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a cookie");
    let donor = app.public().with_header("Cookie", cookie);
    for language in LANGUAGES {
        let path = format!("/gifts?lang={language}");
        let answer = donor.get_root(&path).await;
        assert_eq!(answer.status, 200);
        check(&path, language, &answer);
    }
    let page = html(&donor.get_root("/gifts?lang=en").await);
    assert_eq!(page.matches("waits to be used").count(), 2, "{page}");
    assert!(page.contains("Paid, for Kavárna U Lva"), "{page}");
}

#[tokio::test]
async fn an_auditor_reads_the_log_in_three_languages() {
    let app = TestApp::start().await;
    app.coffees_on_board(2).await;
    shown(&app, "2 wait").await;
    let auditor = browser(&app, "auditor").await;
    let events = app
        .role("auditor")
        .get("/events?act=voucher.prepaid")
        .await
        .done();
    let event = events["events"][0]["event_id"].as_str().expect("an event");
    let one = format!("/audit/events/{event}");
    for language in LANGUAGES {
        for path in [
            "/audit?act=voucher.prepaid",
            &format!("{one}?"),
            "/audit?stream=x",
        ] {
            let path = format!("{path}&lang={language}");
            let answer = auditor.get_root(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            check(&path, language, &answer);
        }
    }
    let found = html(&auditor.get_root("/audit?act=voucher.prepaid").await);
    assert!(
        found.contains(&one) && !found.contains("venue.admitted</a>"),
        "{found}"
    );
    let shown = html(&auditor.get_root(&one).await);
    assert!(shown.contains("price_minor"), "{shown}");
    for link in ["/proof\"", "/proof?form=text\"", "/openings/1\""] {
        assert!(shown.contains(link), "{link}: {shown}");
    }
    let operator = html(&browser(&app, "operator").await.get_root(&one).await);
    assert!(!operator.contains("/openings/"), "only auditors open");
    let nobody = app.public().get_root("/audit").await;
    assert_eq!(
        (nobody.status, nobody.header("location")),
        (303, "/sign-in?next=/audit")
    );
    assert_eq!(
        browser(&app, "venue").await.get_root("/audit").await.status,
        403
    );
    assert_eq!(auditor.get_root("/audit/events/x").await.status, 404);
}
