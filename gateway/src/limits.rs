//! How much at once and for how long: everything beyond is told to come again.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::problem::Problem;

/// The most requests that are worked on at once.
const AT_ONCE: usize = 2048;
/// The longest that a request may take to be answered; streams go on after their first byte.
const LONGEST: Duration = Duration::from_secs(15);

/// The bounds of this process.
pub struct Limits {
    free: Semaphore,
    longest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(AT_ONCE, LONGEST)
    }
}

impl Limits {
    /// Other bounds.
    #[must_use]
    pub fn new(at_once: usize, longest: Duration) -> Self {
        Self {
            free: Semaphore::new(at_once),
            longest,
        }
    }
}

/// Answers 503 when all places are taken, or when an answer does not come in time. An act that is
/// on its way goes on: the same key tells what became of it.
pub async fn bound(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Ok(_place) = app.limits.free.try_acquire() else {
        return Problem::come_again("busy", "too many requests at once").into_response();
    };
    match tokio::time::timeout(app.limits.longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::come_again(
            "timeout",
            "this took too long; the same key tells whether \
                                                  it was done",
        )
        .into_response(),
    }
}

/// A panic is an incident like any other: it ends one request and tells nothing.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer that catches panics hands the cause over"
)]
pub fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    Problem::broken(cause.unwrap_or("a panic without words")).into_response()
}

/// Something is at this path, for other methods.
pub async fn other_method() -> Problem {
    let detail = "this path does not know this method";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
