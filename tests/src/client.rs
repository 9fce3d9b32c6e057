//! A terse client of the gateway, for scenarios of five lines.

use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Every request has its own idempotency key unless it asks for one.
static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// Somebody who speaks with the gateway. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    root: String,
    network: String,
    headers: Vec<(String, String)>,
    key: Option<String>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The JSON, or a string if it is none.
    pub body: Value,
}

impl Client {
    /// Somebody without a token, in this network.
    pub fn new(root: &str, network: &str) -> Client {
        Client {
            http: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            root: root.to_owned(),
            network: network.to_owned(),
            headers: Vec::new(),
            key: None,
        }
    }

    /// The same with a token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Client {
        self.with_header("Authorization", &format!("Bearer {token}"))
    }

    /// The same with another header.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Client {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != name);
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same, always with this idempotency key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Client {
        let mut client = self.clone();
        client.key = Some(key.to_owned());
        client
    }

    /// The same person who asks another gateway.
    #[must_use]
    pub fn at(&self, root: &str) -> Client {
        let mut client = self.clone();
        root.clone_into(&mut client.root);
        client
    }

    /// The same person who asks in another network.
    #[must_use]
    pub fn in_network(&self, network: &str) -> Client {
        let mut client = self.clone();
        network.clone_into(&mut client.network);
        client
    }

    /// Posts to a path below the network, e.g. `/venues`.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, &self.below(path), Some(body.to_string()))
            .await
    }

    /// Gets a path below the network.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, &self.below(path), None).await
    }

    /// Gets a path of the gateway, e.g. `/livez`.
    pub async fn get_root(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Posts any text as JSON to a path below the network.
    pub async fn post_text(&self, path: &str, body: &str) -> Answer {
        self.send(Method::POST, &self.below(path), Some(body.to_owned()))
            .await
    }

    /// Posts a form to a path of the gateway.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.root));
        self.finish(request.form(fields)).await
    }

    /// Sends anything to a path of the gateway.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let acts = method == Method::POST;
        let mut request = self.http.request(method, format!("{}{path}", self.root));
        if acts {
            let next = || format!("test-{}", NEXT_KEY.fetch_add(1, Ordering::Relaxed));
            let key = self.key.clone().unwrap_or_else(next);
            if !key.is_empty() {
                request = request.header("Idempotency-Key", key);
            }
        }
        if let Some(body) = body {
            request = request.body(body);
            if !self.headers.iter().any(|(name, _)| name == "Content-Type") {
                request = request.header("Content-Type", "application/json");
            }
        }
        self.finish(request).await
    }

    async fn finish(&self, mut request: reqwest::RequestBuilder) -> Answer {
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a whole answer");
        Answer {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }

    fn below(&self, path: &str) -> String {
        format!("/api/v1/networks/{}{path}", self.network)
    }
}

impl Answer {
    /// Its JSON; anything but a success ends the test.
    #[track_caller]
    pub fn done(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "not done: {} {}",
            self.status,
            self.body
        );
        self.body
    }

    /// Its problem; anything but this status and code ends the test.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let found = (self.status, self.body["code"].as_str().unwrap_or_default());
        assert_eq!(found, (status, code), "{}", self.body);
        let kind = self.headers.get("content-type");
        assert!(
            kind.is_some_and(|kind| kind == "application/problem+json"),
            "{kind:?}"
        );
        self.body
    }

    /// A header's text, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}
