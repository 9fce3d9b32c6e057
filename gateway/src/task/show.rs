//! One task as its reader may see it.

use axum::Json;
use commands::task::show::{self as reading, Shown};
use domain::ids::TaskId;

use crate::act::{At, Reply};
use crate::auth::Caller;

/// Show a task.
///
/// Its note opens for who holds a claim and 30 days after, who asked for the work, and who coordinates.
#[utoipa::path(get, path = "/tasks/{task_id}", tag = "task",
    responses((status = 200, description = "As this caller may see it.", body = Shown)))]
pub(crate) async fn show(caller: Caller, At(task_id): At<TaskId>) -> Reply<Json<Shown>> {
    let shown = reading::show(&caller.app.desk, &caller.principal, task_id).await?;
    Ok(Json(shown))
}
