use axum::Router;
use axum::extract::RawQuery;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;
use tests::browser;

const COUNTER: &str = r#"<!doctype html><html lang="en"><title>Suspended coffee</title>
<link rel="icon" href="data:,"><form action="/thanks"><input name="cups" value="2">
<button>Leave one</button></form></html>"#;

async fn serve(pages: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, pages).await });
    format!("http://{address}/")
}

async fn walk(name: &'static str, url: String) -> std::thread::Result<serde_json::Value> {
    let walking = move || std::panic::catch_unwind(|| browser::walk(name, &url, &json!({})));
    tokio::task::spawn_blocking(walking)
        .await
        .expect("a thread")
}

fn pages(counter: String) -> Router {
    let thanks = |RawQuery(query): RawQuery| async move {
        Html(format!(
            "<link rel=\"icon\" href=\"data:,\"><h1>{}</h1>",
            query.unwrap_or_default()
        ))
    };
    Router::new()
        .route("/", get(async || Html(counter)))
        .route("/thanks", get(thanks))
}

#[tokio::test]
async fn a_walk_goes_through_pages_and_takes_pictures() {
    let found = walk("harness", serve(pages(COUNTER.to_owned())).await)
        .await
        .expect("a good walk");
    assert_eq!(found, json!({ "heading": "cups=2" }));
    let picture = std::fs::read(browser::screenshots().join("harness/thanks.png"));
    assert!(picture.expect("a picture").starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn a_page_that_asks_another_host_fails_the_walk() {
    let page = format!("{COUNTER}<img src=\"http://127.0.0.2:1/pixel.png\" alt=\"\">");
    let failure = walk("stranger", serve(pages(page)).await)
        .await
        .expect_err("a failed walk");
    let message = failure.downcast_ref::<String>().expect("a message");
    assert!(
        message.contains("no page may ask another host"),
        "{message}"
    );
}
