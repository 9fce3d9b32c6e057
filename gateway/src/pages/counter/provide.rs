//! One more person used a free service.

use axum::response::Response;
use commands::service::provide::Provide;
use domain::ids::ServiceId;
use domain::service::provide::Method;
use serde::Deserialize;

use super::answer::{done, no};
use super::staff::Posted;
use crate::pages::trouble::Trouble;

/// Which service.
#[derive(Deserialize)]
pub struct Asked {
    service_id: ServiceId,
}

/// Counts one person.
pub async fn provide(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let staff = &posted.staff;
    let provided = posted.act(Provide {
        service_id: posted.form.service_id,
        count: 1,
        from: None,
        to: None,
        method: Method::Counted,
    });
    let answer = match provided.await {
        Ok(_) => done(staff.page.t("counter-done-provided")),
        Err(failure) => no(staff, failure.into())?,
    };
    Ok(answer.show(staff))
}
