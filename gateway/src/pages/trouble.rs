//! What a page cannot answer, said as a page.

use askama::Template;
use axum::http::header::{ACCEPT, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use projections::store::StoreError;

use super::layout::{Page, show};
use crate::problem::{Problem, RETRY_AFTER_S};

/// Why there is no such page.
#[derive(Debug)]
pub enum Why {
    /// Nothing is there, or it belongs to somebody else.
    NotFound,
    /// One has to sign in first.
    SignIn,
    /// Whoever is signed in may not see it.
    NotAllowed,
    /// The link or the token is not valid (any more).
    BadToken,
    /// The form came from an older page.
    OldForm,
    /// The software or its database failed.
    Away,
    /// What the page shows is being put together from the history.
    Building,
}

/// A page that says what went wrong.
pub struct Trouble {
    page: Box<Page>,
    why: Why,
}

/// Why somebody does not come to a page that is theirs alone.
pub enum Stop {
    /// They sign in first, at this address, which leads back.
    SignIn(&'static str),
    /// A page says why.
    Trouble(Trouble),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(at) => Redirect::to(at).into_response(),
            Self::Trouble(trouble) => trouble.into_response(),
        }
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    page: &'a Page,
    title: String,
    text: String,
    tone: &'static str,
}

impl Page {
    /// This page cannot be answered.
    #[must_use]
    pub fn trouble(&self, why: Why) -> Trouble {
        Trouble {
            page: Box::new(self.clone()),
            why,
        }
    }

    /// The read models do not answer.
    #[must_use]
    pub fn views_failed(&self, error: &StoreError) -> Trouble {
        match error {
            StoreError::Cursor => self.trouble(Why::NotFound),
            StoreError::Unavailable => self.trouble(Why::Away),
            StoreError::Building => self.trouble(Why::Building),
            StoreError::Broken(cause) => self.failed(Problem::broken(cause)),
        }
    }

    /// This page cannot be answered, because of this.
    #[must_use]
    pub fn failed(&self, problem: impl Into<Problem>) -> Trouble {
        let status = problem.into().status();
        self.trouble(match status {
            StatusCode::NOT_FOUND => Why::NotFound,
            StatusCode::UNAUTHORIZED => Why::SignIn,
            StatusCode::FORBIDDEN => Why::NotAllowed,
            _ => Why::Away,
        })
    }
}

/// Nothing is at this path: a page for who reads pages, a problem for programs.
pub async fn nowhere(page: Page, headers: HeaderMap) -> Response {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|kinds| kinds.contains("text/html")) {
        page.trouble(Why::NotFound).into_response()
    } else {
        Problem::not_found().into_response()
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, title, text) = match self.why {
            Why::NotFound => (StatusCode::NOT_FOUND, "no-page-title", "no-page-text"),
            Why::SignIn => (
                StatusCode::UNAUTHORIZED,
                "sign-in-first-title",
                "sign-in-first-text",
            ),
            Why::NotAllowed => (
                StatusCode::FORBIDDEN,
                "not-allowed-title",
                "not-allowed-text",
            ),
            Why::BadToken => (
                StatusCode::UNAUTHORIZED,
                "bad-token-title",
                "bad-token-text",
            ),
            Why::OldForm => (StatusCode::FORBIDDEN, "old-form-title", "old-form-text"),
            Why::Building => (
                StatusCode::SERVICE_UNAVAILABLE,
                "building-title",
                "building-text",
            ),
            Why::Away => (StatusCode::SERVICE_UNAVAILABLE, "away-title", "away-text"),
        };
        let page = *self.page;
        let message = Message {
            title: page.t(title),
            text: page.t(text),
            tone: "wait",
            page: &page,
        };
        let mut response = (status, show(&page, &message)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.extensions_mut().insert(page.known());
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response
    }
}
