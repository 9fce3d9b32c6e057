//! Bodies that are too large, never end, come too slowly or nest too deep.

use tests::app::{NETWORK, TestApp};
use tests::wait::PATIENCE;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::super::extent::tell;

/// The largest body that an act takes, as the gateway says.
const MAX_BODY: usize = gateway::act::body::MAX_BODY;
/// How deep the deepest body nests.
const DEEP: usize = 100_000;

fn address(app: &TestApp) -> &str {
    app.root.strip_prefix("http://").expect("an address")
}

/// The head of an act by the operator with these further headers.
fn head(app: &TestApp, path: &str, headers: &str) -> String {
    let token = app.token("operator");
    format!(
        "POST /api/v1/networks/{NETWORK}{path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
         Content-Type: application/json\r\nIdempotency-Key: raw\r\nAuthorization: Bearer {token}\r\n\
         {headers}\r\n\r\n"
    )
}

/// All that is answered until the other side closes.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await;
    // Whoever is answered before the end of its body may be cut off afterwards.
    let _end_or_reset = read.expect("an answer in time");
    String::from_utf8_lossy(&text).into_owned()
}

/// A body of exactly so many bytes that says nothing wrong.
fn padded(bytes: usize) -> String {
    let body = "{}";
    format!("{body}{}", " ".repeat(bytes - body.len()))
}

#[tokio::test]
async fn the_largest_body_is_read_and_one_byte_more_is_not() {
    let app = TestApp::start().await;
    let operator = app.operator();
    operator
        .post_text("/donors", &padded(MAX_BODY))
        .await
        .done();
    let more = operator.post_text("/donors", &padded(MAX_BODY + 1)).await;
    more.refused(413, "too_large");
    tell(
        "body at the limit, one byte over",
        "SQLite",
        "1",
        "201, 413",
        0,
    );
}

#[tokio::test]
async fn a_body_without_an_end_is_cut_at_the_limit() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(address(&app)).await.expect("a server");
    let head = head(&app, "/donors", "Transfer-Encoding: chunked");
    stream.write_all(head.as_bytes()).await.expect("sent");
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    // Ten times the limit, if anybody took it.
    for _ in 0..10 * MAX_BODY / 0x1000 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let answer = answer(&mut stream).await;
    assert!(
        answer.starts_with("HTTP/1.1 413") || answer.is_empty(),
        "{answer}"
    );
    app.operator().get("/voucher-board").await.done();
    tell(
        "chunked body without an end",
        "SQLite",
        "1",
        "413 at the limit",
        0,
    );
}

#[tokio::test]
async fn a_body_that_does_not_come_is_told_so_and_left() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(address(&app)).await.expect("a server");
    let head = head(&app, "/donors", "Content-Length: 100");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.write_all(b"{").await.expect("sent");
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    tell(
        "slow body",
        "SQLite",
        "1",
        "503 timeout, connection closed",
        0,
    );
}

#[tokio::test]
async fn a_body_that_ends_early_is_no_act() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(address(&app)).await.expect("a server");
    let head = head(&app, "/donors", "Content-Length: 100");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.write_all(b"{}").await.expect("sent");
    stream.shutdown().await.expect("half closed");
    let answer = answer(&mut stream).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
        "{answer}"
    );
}

/// Recursion would end the process, not the request.
#[tokio::test]
async fn a_hundred_thousand_levels_are_refused() {
    let app = TestApp::start().await;
    let arrays = "[".repeat(DEEP / 2) + &"]".repeat(DEEP / 2);
    let half = MAX_BODY / 2 - 1;
    let objects = r#"{"a":"#.repeat(half / 5);
    let deep = [
        "[".repeat(DEEP),
        arrays,
        "[".repeat(half) + &"]".repeat(half),
        objects.clone(),
        format!("{objects}1{}", "}".repeat(half / 5)),
        format!(r#"{{"quantity":{}}}"#, "[".repeat(half)),
    ];
    for body in &deep {
        let answer = app.operator().post_text("/prepayments", body).await;
        assert!(
            matches!(answer.status, 400 | 413 | 422),
            "{} {}",
            answer.status,
            answer.body
        );
    }
    app.operator().get("/voucher-board").await.done();
    tell(
        "100,000 levels of JSON",
        "SQLite",
        "6 shapes",
        "400, 413",
        0,
    );
}

#[tokio::test]
async fn a_key_twice_is_no_body() {
    let app = TestApp::start().await;
    let operator = app.operator();
    for body in [
        r#"{"kind":"grant","name":"A","name":"B"}"#,
        r#"{"kind":"grant","kind":"grant","name":"B"}"#,
    ] {
        let answer = operator.post_text("/funds", body).await;
        assert!(matches!(answer.status, 400 | 422), "{answer:?}");
    }
    let twice = app.coffees(1).to_string();
    for (once, again) in [
        (r#""type":"board""#, r#""type":"board","type":"donor""#),
        (r#""type":"item""#, r#""type":"item","type":"item""#),
    ] {
        let body = twice.replacen(once, again, 1);
        assert_ne!(body, twice);
        let answer = operator.post_text("/prepayments", &body).await;
        assert!(matches!(answer.status, 400 | 422), "{body} {answer:?}");
    }
    tell(
        "duplicate keys in JSON",
        "SQLite",
        "4 places",
        "400 or 422",
        0,
    );
}
