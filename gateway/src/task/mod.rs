//! Tasks.

mod cancel;
mod claim;
mod complete;
mod confirm;
mod contest_no_show;
mod create;
mod dispute;
mod release;
mod report_no_show;
mod resolve_dispute;
mod show;
mod start;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(create::create))
        .routes(routes!(claim::claim))
        .routes(routes!(release::release))
        .routes(routes!(start::start))
        .routes(routes!(complete::complete))
        .routes(routes!(confirm::confirm))
        .routes(routes!(dispute::dispute))
        .routes(routes!(resolve_dispute::resolve_dispute))
        .routes(routes!(report_no_show::report_no_show))
        .routes(routes!(contest_no_show::contest_no_show))
        .routes(routes!(cancel::cancel))
        .routes(routes!(show::show))
}
