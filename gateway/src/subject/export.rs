//! All that is held about a person, for the person and the operator.

use axum::Json;
use domain::ids::SubjectId;

use super::held::{Held, NotSaid, held};
use crate::act::{At, Reply};
use crate::auth::Caller;
use crate::problem::Problem;

/// Export all that is held about a person, with the person's own texts opened.
///
/// For the person, through the access of their own, and the operator. One at a time is gathered:
/// it reads the whole log.
#[utoipa::path(get, path = "/subjects/{subject_id}/export", tag = "subject",
    responses((status = 200, description = "Everything; what was erased says so.", body = Held)))]
pub(crate) async fn export(caller: Caller, At(subject_id): At<SubjectId>) -> Reply<Json<Held>> {
    let app = &caller.app;
    let _one = app.exports.lock().await;
    let views = app.views.as_ref();
    let held = held(&app.desk, views, &caller.principal, subject_id, |_| ()).await;
    Ok(Json(held?))
}

impl From<NotSaid> for Problem {
    fn from(not_said: NotSaid) -> Self {
        match not_said {
            NotSaid::Failed(failure) => failure.into(),
            NotSaid::Views(error) => error.into(),
        }
    }
}
