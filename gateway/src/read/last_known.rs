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
use crate::pages::language::Lang;
use crate::pages::layout::as_it_was;

/// How old an answer may be that is given instead of none: whether a place is open changes within the hour.
const LONGEST: Duration = Duration::from_mins(10);
/// The most bytes that all of them have, with some hundred for the headers of each.
const MOST: usize = 8 * 1024 * 1024;
/// The most bytes of one.
const LARGEST: u64 = 256 * 1024;
/// About what an answer takes beside its text.
const BESIDE: usize = 1024;

static CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// The last answers, by what they are known by.
pub struct LastKnown(Mutex<Answers>);

struct Answers {
    by_name: LruCache<String, Answer>,
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
            by_name: LruCache::unbounded(),
            bytes: 0,
        }))
    }
}

/// By what an answer is known. A page brings it; an answer of the API is known by what was asked for.
#[derive(Clone)]
pub struct Known {
    /// The same for all to whom the answer would be the same.
    pub by: String,
    /// Whether this answer is the one that anybody may have.
    pub is_for_anybody: bool,
    /// The language of a page.
    pub page: Option<Lang>,
}

/// Notes what anybody may have, and gives it to whoever asks for the same while the read models are away.
pub async fn or_last_known(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let path = request.uri().to_string();
    let mut response = next.run(request).await;
    let known = response.extensions_mut().remove().unwrap_or_else(|| Known {
        is_for_anybody: is_for_anybody(response.headers()),
        by: path,
        page: None,
    });
    match response.status() {
        StatusCode::OK | StatusCode::NOT_MODIFIED => app.last_known.note(known, response).await,
        StatusCode::SERVICE_UNAVAILABLE => {
            let last = app.last_known.instead(&known, Instant::now());
            last.unwrap_or(response)
        }
        _ => response,
    }
}

impl LastKnown {
    async fn note(&self, known: Known, response: Response) -> Response {
        let small = response.body().size_hint().exact();
        let small = small.is_some_and(|bytes| bytes <= LARGEST);
        if !small || !known.is_for_anybody {
            return response;
        }
        let now = Instant::now();
        if response.status() == StatusCode::NOT_MODIFIED {
            self.still_so(&known.by, response.headers(), now);
            return response;
        }
        let (head, body) = response.into_parts();
        // It is in memory already: nothing can fail.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let mut headers = head.headers.clone();
        // Who asks next may not have chosen this language for good.
        headers.remove(header::SET_COOKIE);
        self.put(known.by, headers, body.clone(), now);
        Response::from_parts(head, Body::from(body))
    }

    fn put(&self, path: String, headers: HeaderMap, body: axum::body::Bytes, at: Instant) {
        let answer = Answer { headers, body, at };
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.bytes += size(&path, &answer);
        if let Some((path, before)) = answers.by_name.push(path, answer) {
            answers.bytes -= size(&path, &before);
        }
        while answers.bytes > MOST {
            let Some((path, oldest)) = answers.by_name.pop_lru() else {
                return;
            };
            answers.bytes -= size(&path, &oldest);
        }
    }

    /// Somebody has the answer and heard that nothing changed.
    fn still_so(&self, path: &str, headers: &HeaderMap, now: Instant) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = answers.by_name.get_mut(path);
        let same =
            |answer: &&mut Answer| answer.headers.get(header::ETAG) == headers.get(header::ETAG);
        if let Some(answer) = known.filter(same) {
            answer.headers = headers.clone();
            answer.at = now;
        }
    }

    /// What was answered the last time, if that is not too long ago.
    fn instead(&self, known: &Known, now: Instant) -> Option<Response> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.by_name.get(&known.by)?;
        let age = now.saturating_duration_since(answer.at);
        if age > LONGEST {
            return None;
        }
        let (mut headers, body) = (answer.headers.clone(), answer.body.clone());
        drop(answers);
        let seconds = age.as_secs();
        let view_age = headers.get(&VIEW_AGE).and_then(|age| age.to_str().ok());
        if let Some(view_age) = view_age.and_then(|age| age.parse::<u64>().ok()) {
            headers.insert(VIEW_AGE.clone(), (view_age + seconds).into());
        }
        headers.insert(header::AGE, seconds.into());
        let status = format!("sospeso; hit; ttl=-{seconds}; detail=\"the views are away\"");
        headers.insert(CACHE_STATUS.clone(), HeaderValue::from_str(&status).ok()?);
        let Some(lang) = known.page else {
            return Some((headers, body).into_response());
        };
        headers.remove(header::CONTENT_LENGTH);
        let html = as_it_was(&String::from_utf8_lossy(&body), lang, seconds / 60);
        Some((headers, html).into_response())
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
        let is_for_anybody = is_for_anybody(response.headers());
        let by = by(path, is_for_anybody, None);
        known.note(by, response).await;
    }

    fn by(name: &str, is_for_anybody: bool, page: Option<Lang>) -> Known {
        Known {
            by: name.to_owned(),
            is_for_anybody,
            page,
        }
    }

    impl LastKnown {
        fn of(&self, path: &str, now: Instant) -> Option<Response> {
            self.instead(&by(path, true, None), now)
        }
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
            .of("/board", at + Duration::from_mins(1))
            .expect("an answer");
        assert_eq!(minute.status(), StatusCode::OK);
        assert_eq!(header_of(&minute, &header::AGE), "60");
        assert_eq!(header_of(&minute, &VIEW_AGE), "63");
        let status = "sospeso; hit; ttl=-60; detail=\"the views are away\"";
        assert_eq!(header_of(&minute, &CACHE_STATUS), status);
        let body = to_bytes(minute.into_body(), 100).await.expect("a body");
        assert_eq!(body, "two coffees");

        let late = at + LONGEST + Duration::from_secs(1);
        assert!(known.of("/board", late).is_none());
        assert!(known.of("/board?limit=1", at).is_none());
        // Who has it already hears that nothing changed.
        known.still_so("/board", &headers(FOR_ANYBODY), at + LONGEST);
        assert!(known.of("/board", late).is_some());
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
            assert!(known.of(path, Instant::now()).is_none(), "{path}");
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
        let is_there = |path: &str| known.of(path, Instant::now()).is_some();
        assert!(is_there("/again") && is_there("/99"));
        assert!(!is_there("/0"));
    }

    #[tokio::test]
    async fn a_page_says_first_how_long_ago_it_was_so() {
        let known = LastKnown::default();
        let name = |is_for_anybody| by("/n/praha pl", is_for_anybody, Some(Lang::Pl));
        let html = |text| {
            let cookie = (header::SET_COOKIE, "sospeso_lang=pl");
            let page = format!("<main class=\"wrap\" id=\"main\">\n<h1>{text}</h1></main>");
            ([cookie], axum::response::Html(page)).into_response()
        };
        known.note(name(true), html("Praha")).await;
        known.note(name(false), html("mine")).await;
        let later = Instant::now() + Duration::from_mins(3);
        // Also for whoever is signed in.
        let was = known.instead(&name(false), later).expect("a page");
        assert!(!was.headers().contains_key(header::SET_COOKIE));
        assert!(!was.headers().contains_key(&VIEW_AGE));
        let body = to_bytes(was.into_body(), 1000).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("text");
        let (before, after) = body.split_once("minut").expect("the notice");
        assert!(before.ends_with("Tak było 3 "), "{body}");
        assert!(after.ends_with("<h1>Praha</h1></main>"), "{body}");
    }
}
