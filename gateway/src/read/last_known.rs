//! The last answers that anybody may have, for when the read models are away: what was so a minute ago, and
//! is said to be so, is better than nothing.
//!
//! An answer that is given instead of none has the `Age` of RFC 9111 and the `Cache-Status` of RFC 9211,
//! in which a negative `ttl` says for how many seconds it may have been otherwise.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use lru::LruCache;

use super::{FOR_ANYBODY, VIEW_AGE};
use crate::app::App;

/// How old an answer may be that is given instead of none: whether a place is open changes within the hour.
const LONGEST: Duration = Duration::from_mins(10);
/// The most bytes that all of them have, with some hundred for the headers of each.
const MOST: usize = 8 * 1024 * 1024;
/// The most bytes of one.
const LARGEST: u64 = 256 * 1024;
/// About what an answer takes beside its text.
const BESIDE: usize = 1024;

static CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// The last answers, by what was asked for.
pub struct LastKnown(Mutex<Answers>);

struct Answers {
    by_path: LruCache<String, Answer>,
    bytes: usize,
}

struct Answer {
    headers: HeaderMap,
    body: axum::body::Bytes,
    at: Instant,
}

impl Default for LastKnown {
    fn default() -> Self {
        Self(Mutex::new(Answers {
            by_path: LruCache::unbounded(),
            bytes: 0,
        }))
    }
}

/// Notes what anybody may have, and gives it to whoever asks for the same while the read models are away.
pub async fn or_last_known(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let path = request.uri().to_string();
    let response = next.run(request).await;
    match response.status() {
        StatusCode::OK | StatusCode::NOT_MODIFIED => app.last_known.note(path, response).await,
        StatusCode::SERVICE_UNAVAILABLE => {
            let last = app.last_known.instead(&path, Instant::now());
            last.unwrap_or(response)
        }
        _ => response,
    }
}

impl LastKnown {
    async fn note(&self, path: String, response: Response) -> Response {
        let small = response.body().size_hint().exact();
        let small = small.is_some_and(|bytes| bytes <= LARGEST);
        if !small || !is_for_anybody(response.headers()) {
            return response;
        }
        let now = Instant::now();
        if response.status() == StatusCode::NOT_MODIFIED {
            self.still_so(&path, response.headers(), now);
            return response;
        }
        let (head, body) = response.into_parts();
        // It is in memory already: nothing can fail.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        self.put(path, head.headers.clone(), body.clone(), now);
        Response::from_parts(head, Body::from(body))
    }

    fn put(&self, path: String, headers: HeaderMap, body: axum::body::Bytes, at: Instant) {
        let answer = Answer { headers, body, at };
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.bytes += size(&path, &answer);
        if let Some((path, before)) = answers.by_path.push(path, answer) {
            answers.bytes -= size(&path, &before);
        }
        while answers.bytes > MOST {
            let Some((path, oldest)) = answers.by_path.pop_lru() else {
                return;
            };
            answers.bytes -= size(&path, &oldest);
        }
    }

    /// Somebody has the answer and heard that nothing changed.
    fn still_so(&self, path: &str, headers: &HeaderMap, now: Instant) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers.by_path.get_mut(path);
        let same =
            |answer: &&mut Answer| answer.headers.get(header::ETAG) == headers.get(header::ETAG);
        if let Some(answer) = known.filter(same) {
            answer.headers = headers.clone();
            answer.at = now;
        }
    }

    /// What was answered the last time, if that is not too long ago.
    fn instead(&self, path: &str, now: Instant) -> Option<Response> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.by_path.get(path)?;
        let age = now.saturating_duration_since(answer.at);
        if age > LONGEST {
            return None;
        }
        let (mut headers, body) = (answer.headers.clone(), answer.body.clone());
        drop(answers);
        let seconds = age.as_secs();
        let view_age = headers.get(&VIEW_AGE).and_then(|age| age.to_str().ok());
        let view_age = view_age.and_then(|age| age.parse().ok()).unwrap_or(0_u64);
        headers.insert(VIEW_AGE.clone(), (view_age + seconds).into());
        headers.insert(header::AGE, seconds.into());
        let status = format!("sospeso; hit; ttl=-{seconds}; detail=\"the views are away\"");
        headers.insert(CACHE_STATUS.clone(), HeaderValue::from_str(&status).ok()?);
        Some((headers, body).into_response())
    }
}

fn size(path: &str, answer: &Answer) -> usize {
    path.len() + answer.body.len() + BESIDE
}

/// Whether it is an answer of a read model, the same for everybody.
fn is_for_anybody(headers: &HeaderMap) -> bool {
    headers.contains_key(&VIEW_AGE)
        && headers
            .get(header::CACHE_CONTROL)
            .is_some_and(|keep| keep == FOR_ANYBODY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(keep: &'static str) -> HeaderMap {
        let texts = [
            (VIEW_AGE.clone(), "3"),
            (header::CACHE_CONTROL, keep),
            (header::ETAG, "\"one\""),
        ];
        let value = |(name, text)| (name, HeaderValue::from_static(text));
        texts.into_iter().map(value).collect()
    }

    async fn note(known: &LastKnown, path: &str, keep: &'static str, body: impl Into<Body>) {
        let response = (headers(keep), body.into()).into_response();
        known.note(path.to_owned(), response).await;
    }

    fn header_of<'a>(response: &'a Response, name: &HeaderName) -> &'a str {
        let value = response.headers().get(name).expect("a header");
        value.to_str().expect("text")
    }

    #[tokio::test]
    async fn what_anybody_may_have_is_given_for_ten_minutes_and_says_how_old_it_is() {
        let known = LastKnown::default();
        note(&known, "/board", FOR_ANYBODY, "two coffees").await;
        let at = Instant::now();
        let minute = known
            .instead("/board", at + Duration::from_mins(1))
            .expect("an answer");
        assert_eq!(minute.status(), StatusCode::OK);
        assert_eq!(header_of(&minute, &header::AGE), "60");
        assert_eq!(header_of(&minute, &VIEW_AGE), "63");
        let status = "sospeso; hit; ttl=-60; detail=\"the views are away\"";
        assert_eq!(header_of(&minute, &CACHE_STATUS), status);
        let body = to_bytes(minute.into_body(), 100).await.expect("a body");
        assert_eq!(body, "two coffees");

        let late = at + LONGEST + Duration::from_secs(1);
        assert!(known.instead("/board", late).is_none());
        assert!(known.instead("/board?limit=1", at).is_none());
        // Who has it already hears that nothing changed.
        known.still_so("/board", &headers(FOR_ANYBODY), at + LONGEST);
        assert!(known.instead("/board", late).is_some());
    }

    #[tokio::test]
    async fn what_is_private_streamed_or_large_is_not_given_again() {
        let known = LastKnown::default();
        note(&known, "/mine", "no-store", "mine").await;
        let stream = futures::stream::iter([Ok::<_, std::io::Error>("drop by drop")]);
        note(&known, "/stream", FOR_ANYBODY, Body::from_stream(stream)).await;
        let large = vec![b'x'; usize::try_from(LARGEST).expect("a size") + 1];
        note(&known, "/large", FOR_ANYBODY, large).await;
        for path in ["/mine", "/stream", "/large"] {
            assert!(known.instead(path, Instant::now()).is_none(), "{path}");
        }
    }

    #[tokio::test]
    async fn what_was_asked_for_longest_ago_makes_room() {
        let known = LastKnown::default();
        let body = || vec![b'x'; 200_000];
        for number in 0..100 {
            note(&known, &format!("/{number}"), FOR_ANYBODY, body()).await;
            note(&known, "/again", FOR_ANYBODY, body()).await;
        }
        let bytes = known.0.lock().expect("no poison").bytes;
        assert!((MOST - 250_000..=MOST).contains(&bytes), "{bytes}");
        let is_there = |path: &str| known.instead(path, Instant::now()).is_some();
        assert!(is_there("/again") && is_there("/99"));
        assert!(!is_there("/0"));
    }
}
