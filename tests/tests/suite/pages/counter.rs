//! The counter: forms without scripts, each done once, and answers in plain words.

use tests::app::{NETWORK, TestApp};
use tests::client::{Answer, Client};

/// Somebody at the counter, with the page that they see.
struct Counter {
    browser: Client,
    page: String,
}

fn html(answer: &Answer) -> String {
    answer.body.as_str().unwrap_or_default().to_owned()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?;
    value.split('"').next()
}

/// What the first form with this action carries.
fn hidden(page: &str, action: &str) -> Vec<(String, String)> {
    let start = format!("action=\"{action}\"");
    let form = page.split(&start).nth(1);
    let form = form.unwrap_or_else(|| panic!("no form to {action}: {page}"));
    let form = form.split("</form>").next().expect("a form");
    let tags = form
        .split('<')
        .filter(|tag| tag.contains("type=\"hidden\""));
    let field = |tag: &str| {
        let name = attribute(tag, "name").expect("a name");
        let value = attribute(tag, "value").expect("a value");
        (name.to_owned(), value.to_owned())
    };
    tags.map(field).collect()
}

impl Counter {
    /// Signs in as the staff of the venue.
    async fn open(app: &TestApp) -> Counter {
        let counter = Counter {
            browser: browser(app, "venue").await,
            page: String::new(),
        };
        counter.shown("/counter", "Káva").await
    }

    /// Waits until a page says this.
    async fn shown(mut self, path: &str, words: &str) -> Counter {
        for _ in 0..500 {
            self.page = html(&self.browser.get_root(path).await);
            if self.page.contains(words) {
                return self;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{path} does not say {words}: {}", self.page);
    }

    /// The page of the coffee.
    async fn coffee(self, app: &TestApp) -> Counter {
        let path = format!("/counter/items/{}", app.id("item_id"));
        self.shown(&path, "Káva").await
    }

    /// Sends the form of this page with these fields filled in.
    async fn send(&mut self, action: &str, filled: &[(&str, &str)]) -> Answer {
        let form = hidden(&self.page, action);
        let mut fields: Vec<(&str, &str)> = filled.to_vec();
        fields.extend(form.iter().map(|(name, value)| (&**name, &**value)));
        let answer = self.browser.post_form(action, &fields).await;
        self.page = html(&answer);
        answer
    }

    #[track_caller]
    fn says(&self, words: &str) {
        assert!(self.page.contains(words), "no {words}: {}", self.page);
        assert!(!self.page.contains('⟦'), "a text is missing: {}", self.page);
    }
}

/// The browser that opened a session with the token of this role.
async fn browser(app: &TestApp, role: &str) -> Client {
    let fields = [("token", app.token(role))];
    let answer = app.public().post_form("/sign-in", &fields).await;
    let cookie = answer.header("set-cookie").to_owned();
    let cookie = cookie.split(';').next().expect("a cookie");
    app.public().with_header("Cookie", cookie)
}

/// How many coffees are left, asked of the board by wanting more than there are.
async fn left(app: &TestApp) -> serde_json::Value {
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let body = serde_json::json!(
        {"by": {"type": "board", "item_id": app.id("item_id"), "count": 20}});
    app.staff()
        .post(&path, body)
        .await
        .refused(409, "nothing_on_board")["left"]
        .clone()
}

#[tokio::test]
async fn a_coffee_is_handed_out_with_two_taps_and_once() {
    let app = TestApp::start().await;
    app.coffees_on_board(3).await;
    let mut counter = Counter::open(&app)
        .await
        .shown("/counter", "<b>3</b>")
        .await;
    assert!(
        counter
            .page
            .contains(&format!("/counter/items/{}", app.id("item_id")))
    );
    counter = counter.coffee(&app).await;
    let before = counter.page.clone();
    let answer = counter.send("/counter/redeem", &[("count", "2")]).await;
    assert_eq!(answer.status, 200, "{}", counter.page);
    counter.says("2× Káva");
    counter.says("class=\"answer good\"");
    assert_eq!(left(&app).await, 1);
    counter.page = before;
    counter.send("/counter/redeem", &[("count", "2")]).await;
    counter.says("2× Káva");
    assert_eq!(left(&app).await, 1, "the same form twice spends once");
    counter.send("/counter/undo", &[]).await;
    counter.says("Taken back");
    assert_eq!(left(&app).await, 3);
}

#[tokio::test]
async fn when_none_is_left_there_is_something_to_do() {
    let app = TestApp::start().await;
    app.coffees_on_board(1).await;
    let mut counter = Counter::open(&app).await.coffee(&app).await;
    counter.send("/counter/redeem", &[("count", "2")]).await;
    counter.says("Only one left");
    let answer = counter.send("/counter/redeem", &[]).await;
    assert_eq!(answer.status, 200);
    counter = counter.coffee(&app).await;
    let answer = counter.send("/counter/redeem", &[("count", "1")]).await;
    assert_eq!(answer.status, 409);
    counter.says("None left on the board");
    let none = counter.page.clone();
    counter
        .send("/counter/turn-away", &[("hour", "16:00")])
        .await;
    counter.says("Counted");
    counter.says("16:00");
    counter.page = none;
    counter.send("/counter/give", &[]).await;
    counter.says("Recorded as your own gift");
}

#[tokio::test]
async fn a_code_is_looked_at_and_used_once() {
    let app = TestApp::start().await;
    let (_, code) = app.a_code().await;
    let mut counter = Counter::open(&app).await;
    let home = counter.page.clone();
    for _ in 0..2 {
        counter.page.clone_from(&home);
        counter
            .send("/counter/check", &[("code", &code.to_lowercase())])
            .await;
        counter.says("Káva");
        counter.says("Nothing is spent yet");
    }
    counter.send("/counter/use", &[]).await;
    counter.says("Hand it out");
    counter.page.clone_from(&home);
    let answer = counter.send("/counter/check", &[("code", &code)]).await;
    assert_eq!(answer.status, 409);
    counter.says("This slip has been used already.");
    let item = app.id("item_id").to_owned();
    counter.send("/counter/give", &[("item_id", &item)]).await;
    counter.says("Recorded as your own gift");
    for wrong in [
        "nonsense",
        &domain::voucher::code::Code::from_bits(5).to_string(),
    ] {
        counter.page.clone_from(&home);
        counter.send("/counter/check", &[("code", wrong)]).await;
        counter.says("No slip has this code");
    }
}

#[tokio::test]
async fn who_pays_in_advance_takes_a_private_link_along() {
    let app = TestApp::start().await;
    let mut counter = Counter::open(&app).await.coffee(&app).await;
    let form = counter.page.clone();
    let filled = [
        ("quantity", "5"),
        ("other", "7"),
        ("paid", "card"),
        ("link", "1"),
    ];
    counter.send("/counter/prepay", &filled).await;
    counter.says("7× Káva");
    counter.says("455\u{a0}Kč");
    counter.says("<svg class=\"qr\"");
    let token = counter.page.split("/link/").nth(1).expect("a link");
    let token = token.split('<').next().expect("a token");
    let signed_in = app
        .public()
        .post_form("/sign-in", &[("token", token)])
        .await;
    assert_eq!(signed_in.status, 303);
    assert_eq!(left(&app).await, 7);
    counter.page = form;
    counter.send("/counter/prepay", &filled).await;
    counter.says("cannot be shown again");
    assert!(!counter.page.contains("/link/"));
    assert_eq!(left(&app).await, 7);
}

/// Where to, the fields, and what is said.
type Tap = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

#[tokio::test]
async fn services_closures_and_confirmations_are_one_tap() {
    let app = TestApp::start().await;
    app.service_of_the_venue().await;
    let mut counter = Counter::open(&app).await.shown("/counter", "Water").await;
    let home = counter.page.clone();
    let taps: [Tap; 5] = [
        ("/counter/provide", &[], "One more"),
        ("/counter/turn-away", &[], "Counted"),
        ("/counter/confirm", &[], "Thank you, confirmed"),
        (
            "/counter/close",
            &[("until", "2199-01-02T10:30"), ("reason", "staff")],
            "Closed until",
        ),
        (
            "/counter/close",
            &[("until", "soon"), ("reason", "staff")],
            "Please say until when",
        ),
    ];
    for (action, filled, words) in taps {
        counter.page.clone_from(&home);
        counter.send(action, filled).await;
        counter.says(words);
    }
}

#[tokio::test]
async fn the_counter_is_for_the_venues_staff_and_its_own_forms() {
    let app = TestApp::start().await;
    let asked = app.public().get_root("/counter").await;
    assert_eq!(asked.status, 303);
    assert_eq!(asked.header("location"), "/sign-in?next=/counter");
    for role in ["operator", "member", "donor"] {
        let answer = browser(&app, role).await.get_root("/counter").await;
        assert_eq!(answer.status, 403, "{role}");
    }
    let counter = Counter::open(&app).await;
    let key = ("key", "k1");
    let forged = [vec![key], vec![key, ("csrf", "00")]];
    for fields in forged {
        let answer = counter.browser.post_form("/counter/confirm", &fields).await;
        assert_eq!(answer.status, 403);
        assert!(html(&answer).contains("Please load the page again"));
    }
    let stranger = app.public().post_form("/counter/confirm", &[key]).await;
    assert_eq!(stranger.status, 401);
}

#[tokio::test]
async fn the_counter_speaks_three_languages() {
    let app = TestApp::start().await;
    let counter = Counter::open(&app).await;
    for (language, words) in [("cs", "Pult"), ("pl", "Lada"), ("en", "Counter")] {
        let paths = [
            format!("/counter?lang={language}"),
            format!("/counter/items/{}?lang={language}", app.id("item_id")),
        ];
        for path in paths {
            let answer = counter.browser.get_root(&path).await;
            let page = html(&answer);
            assert_eq!(answer.status, 200, "{NETWORK} {path}");
            assert!(page.contains(words) && !page.contains('⟦'), "{page}");
            assert!(page.contains("/assets/counter.js"), "{page}");
        }
    }
}
