//! What the counter answers: colour, symbol and words that can be read at arm's length, and what
//! can be done next.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::staff::{Hidden, Staff};
use crate::pages::choice::Choice;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::Trouble;
use crate::problem::Problem;

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is recorded.
    Done,
    /// There is none.
    None,
    /// It cannot be.
    No,
}

/// An answer.
pub struct Answer {
    tone: Tone,
    words: String,
    lines: Vec<String>,
    next: Vec<Next>,
}

/// A form with one button.
#[derive(Default)]
pub struct Next {
    /// Where it is sent.
    pub action: &'static str,
    /// What it sends.
    pub fields: Vec<(&'static str, String)>,
    /// The label of a field for an hour, if it has one.
    pub hour: Option<String>,
    /// The label of a field for an amount, if it has one.
    pub amount: Option<String>,
    /// The items to choose from, if it has such a field.
    pub items: Vec<Choice>,
    /// The words on the button.
    pub button: String,
    /// Whether it is not the first thing to press.
    pub quiet: bool,
}

#[derive(Template)]
#[template(path = "counter_answer.html")]
struct View<'a> {
    page: &'a Page,
    hidden: Hidden,
    tone: &'static str,
    symbol: &'static str,
    answer: &'a Answer,
}

impl Answer {
    /// An answer of a few words.
    #[must_use]
    pub fn new(tone: Tone, words: String) -> Self {
        Self {
            tone,
            words,
            lines: Vec::new(),
            next: Vec::new(),
        }
    }

    /// With a smaller line below.
    #[must_use]
    pub fn line(mut self, line: String) -> Self {
        self.lines.push(line);
        self
    }

    /// With something to do next.
    #[must_use]
    pub fn next(mut self, next: Next) -> Self {
        self.next.push(next);
        self
    }

    /// As a page.
    #[must_use]
    pub fn show(self, staff: &Staff) -> Response {
        let (status, tone, symbol) = match self.tone {
            Tone::Done => (StatusCode::OK, "good", "✔"),
            Tone::None => (StatusCode::CONFLICT, "wait", "○"),
            Tone::No => (StatusCode::CONFLICT, "none", "–"),
        };
        let view = View {
            page: &staff.page,
            hidden: staff.hidden(),
            tone,
            symbol,
            answer: &self,
        };
        (status, show(&staff.page, &view)).into_response()
    }
}

/// Done, in these words.
#[must_use]
pub fn done(words: String) -> Answer {
    Answer::new(Tone::Done, words)
}

/// Why it cannot be, in plain words.
///
/// # Errors
/// If nothing can be said about it at the counter: somebody who may not, or a database that is away.
pub fn no(staff: &Staff, problem: Problem) -> Result<Answer, Trouble> {
    let page = &staff.page;
    let status = problem.status();
    if status.is_server_error()
        || status == StatusCode::UNAUTHORIZED
        || status == StatusCode::FORBIDDEN
        || problem.code() == "in_flight"
    {
        return Err(page.failed(problem));
    }
    let words = page.t("counter-cannot");
    Ok(Answer::new(Tone::No, words).line(reason(page, problem.code())))
}

fn reason(page: &Page, code: &str) -> String {
    let key = match code {
        "already_redeemed" => "counter-no-used",
        "expired" => "counter-no-expired",
        "refunded" | "voided" => "counter-no-cancelled",
        "code_revoked" | "handed_over" => "counter-no-code-changed",
        "wrong_venue" | "wrong_item" => "counter-no-elsewhere",
        "unknown_code" | "not_a_code" => "counter-no-unknown",
        "too_many_guesses" => "counter-no-too-many",
        "amount_missing" | "insufficient_balance" => "counter-no-amount",
        "venue_suspended" | "venue_left" => "counter-no-not-taking-part",
        "sold_out" => "counter-no-sold-out",
        "key_reused" => "counter-no-sent-before",
        _ => "counter-no-other",
    };
    page.t(key)
}
