//! The venue is closed for a while although its hours say that it is open.

use axum::response::Response;
use chrono::{NaiveDateTime, TimeZone, Utc};
use commands::venue::announce_closure::AnnounceClosure;
use domain::venue::announce_closure::ClosureReason;
use serde::Deserialize;

use super::answer::{Answer, Tone, done, no};
use super::staff::Posted;
use crate::pages::trouble::Trouble;

/// Until when, where the venue is, and why.
#[derive(Deserialize)]
pub struct Asked {
    until: String,
    reason: ClosureReason,
}

/// Announces the closure, from now on.
pub async fn close(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let (staff, page) = (&posted.staff, &posted.staff.page);
    let zone = staff.network.founded.timezone;
    let until = NaiveDateTime::parse_from_str(posted.form.until.trim(), "%Y-%m-%dT%H:%M").ok();
    let until = until.and_then(|until| zone.from_local_datetime(&until).earliest());
    let Some(until) = until.map(|until| until.with_timezone(&Utc)) else {
        let words = page.t("counter-cannot");
        let answer = Answer::new(Tone::No, words).line(page.t("counter-no-until"));
        return Ok(answer.show(staff));
    };
    let closed = posted.act(AnnounceClosure {
        venue_id: staff.venue_id,
        from: None,
        to: Some(until),
        reason: posted.form.reason,
    });
    let answer = match closed.await {
        Ok(_) => {
            let until = page.moment(until, staff.app.desk.clock().now(), zone);
            done(page.s("counter-done-closed", until))
        }
        Err(failure) => no(staff, failure.into())?,
    };
    Ok(answer.show(staff))
}
