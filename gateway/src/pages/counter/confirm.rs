//! What the network shows of the venue is still true: one tap.

use axum::response::Response;
use commands::venue::confirm::Confirm;
use domain::venue::confirm::Confirmable;
use serde::Deserialize;

use super::answer::{done, no};
use super::staff::Posted;
use crate::pages::trouble::Trouble;

/// Nothing more.
#[derive(Deserialize)]
pub struct Asked {}

/// Confirms all of it.
pub async fn confirm(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let staff = &posted.staff;
    let confirmed = posted.act(Confirm {
        venue_id: staff.venue_id,
        what: Confirmable::All,
    });
    let answer = match confirmed.await {
        Ok(_) => done(staff.page.t("counter-done-confirmed")),
        Err(failure) => no(staff, failure.into())?,
    };
    Ok(answer.show(staff))
}
