//! A request as a gateway gets it: a line with a role, a method and a path, lines of headers, an empty line
//! and a body. `{venue_id}` and the like stand for ids of what is there.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use reqwest::Method;
use tests::app::TestApp;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("threads"));
static APP: LazyLock<TestApp> = LazyLock::new(|| RUNTIME.block_on(TestApp::start()));

const ROLES: [&str; 5] = ["operator", "venue", "coordinator", "donor", "auditor"];
const IDS: [&str; 7] = [
    "district_id",
    "place_id",
    "venue_id",
    "item_id",
    "organisation_id",
    "donor_id",
    "fund_id",
];

fuzz_target!(|text: &str| {
    let mut text = text.to_owned();
    for id in IDS {
        text = text.replace(&format!("{{{id}}}"), APP.id(id));
    }
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().splitn(3, ' ');
    let (role, method) = (first.next().unwrap_or_default(), first.next());
    let method = if method == Some("GET") { Method::GET } else { Method::POST };
    let path = format!("/{}", first.next().unwrap_or_default().trim_start_matches('/'));
    let role = ROLES.into_iter().find(|known| *known == role);
    let mut client = role.map_or_else(|| APP.public(), |role| APP.role(role));
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if is_name(name) && is_value(value) {
            client = client.with_header(name, value);
        }
    }
    let body = (method == Method::POST).then(|| body.to_owned());
    let answer = RUNTIME.block_on(client.send(method, &path, body));
    // 503 is what it says when the fuzzer is faster.
    assert!(answer.status < 500 || answer.status == 503, "{}", answer.status);
});

/// Whether a client could send it: others are HTTP's business and not ours.
fn is_name(text: &str) -> bool {
    let own = ["content-length", "host", "connection", "transfer-encoding", "expect", "upgrade"];
    let is_token = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    !text.is_empty() && text.chars().all(is_token) && !own.contains(&&*text.to_lowercase())
}

fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\t' || (byte >= 32 && byte != 127))
}
