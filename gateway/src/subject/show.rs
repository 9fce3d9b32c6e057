//! What is held about a person, for the person and the operator.

use axum::Json;
use commands::subject::show::{self as reading, Shown};
use domain::ids::SubjectId;

use crate::act::{At, Reply};
use crate::auth::Caller;

/// Show what is held about a person.
///
/// For the person, through the access of their own, and the operator. What is opened is kept nowhere.
#[utoipa::path(get, path = "/subjects/{subject_id}", tag = "subject",
    responses((status = 200, description = "As this caller may see it.", body = Shown)))]
pub(crate) async fn show(caller: Caller, At(subject_id): At<SubjectId>) -> Reply<Json<Shown>> {
    let shown = reading::show(&caller.app.desk, &caller.principal, subject_id).await?;
    Ok(Json(shown))
}
