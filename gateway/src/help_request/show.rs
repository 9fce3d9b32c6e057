//! One request as its reader may see it.

use axum::Json;
use commands::help_request::show::{self as reading, Shown};
use domain::ids::HelpRequestId;

use crate::act::{At, Reply};
use crate::auth::Caller;

/// Show a request.
///
/// Its texts open for who holds a claim and 30 days after, the person, and who coordinates the district.
/// The organisation that entered it sees where it stands.
#[utoipa::path(get, path = "/help-requests/{help_request_id}", tag = "help_request",
    responses((status = 200, description = "As this caller may see it.", body = Shown)))]
pub(crate) async fn show(
    caller: Caller,
    At(help_request_id): At<HelpRequestId>,
) -> Reply<Json<Shown>> {
    let shown = reading::show(&caller.app.desk, &caller.principal, help_request_id).await?;
    Ok(Json(shown))
}
