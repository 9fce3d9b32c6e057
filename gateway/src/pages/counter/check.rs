//! What a code is good for. Looking at it spends nothing.

use axum::http::StatusCode;
use axum::response::Response;
use commands::voucher::check::{self as commanded, Checked};
use domain::voucher::code::Code;
use serde::Deserialize;

use super::answer::{Answer, Next, Tone, no};
use super::give;
use super::staff::{Posted, Staff};
use crate::pages::figures::{day, money};
use crate::pages::trouble::Trouble;
use crate::problem::Problem;

/// The code, as it was typed.
#[derive(Deserialize)]
pub struct Asked {
    code: String,
}

/// Looks at the voucher of a code. Wrong codes cost the same budget as in a use.
pub async fn check(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let staff = &posted.staff;
    let checked = match posted.form.code.parse() {
        Ok(code) => ask(staff, code).await.map(|checked| (code, checked)),
        Err(_) => Err(not_a_code()),
    };
    let answer = match checked {
        Ok((code, checked)) => usable(staff, code, &checked),
        Err(problem) => refused(staff, problem).await?,
    };
    Ok(answer.show(staff))
}

async fn ask(staff: &Staff, code: Code) -> Result<Checked, Problem> {
    let (app, who) = (&staff.app, &staff.who);
    let checked = async {
        let checked = commanded::check(&app.desk, who, staff.venue_id, code).await;
        checked.map_err(Problem::from)
    };
    app.guesses.spend(who, checked).await
}

/// What was typed cannot be a code at all, so it is no guess.
pub(super) fn not_a_code() -> Problem {
    let detail = "a code has thirteen letters and digits";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_a_code", detail)
}

/// A code that cannot be used, in small words: whoever holds it did nothing wrong.
pub(super) async fn refused(staff: &Staff, problem: Problem) -> Result<Answer, Trouble> {
    let code = problem.code().to_owned();
    let answer = no(staff, problem)?;
    Ok(answer.next(give::anyway(staff, &code).await?))
}

fn usable(staff: &Staff, code: Code, checked: &Checked) -> Answer {
    let page = &staff.page;
    let left = money(page.lang, checked.remaining_minor.get(), staff.currency());
    let what = checked.name.clone();
    let is_credit = what.is_none();
    let what = what.unwrap_or_else(|| page.s("sheet-credit", left));
    let mut fields = vec![("code", code.to_string()), ("what", what.clone())];
    fields.extend(checked.item_id.map(|id| ("item_id", id.to_string())));
    let answer = Answer::new(Tone::Done, what)
        .line(page.t("counter-code-good"))
        .next(Next {
            action: "/counter/use",
            fields,
            amount: is_credit.then(|| page.t("counter-code-amount")),
            button: page.t("counter-code-use"),
            ..Next::default()
        });
    match checked.expires_on {
        Some(last) => answer.line(page.s("sheet-until", day(page.lang, last))),
        None => answer,
    }
}
