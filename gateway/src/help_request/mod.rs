//! Requests for help.

mod claim;
mod close_unmet;
mod edit;
mod fulfil;
mod partly_fulfil;
mod release;
mod reopen;
mod request;
mod show;
mod withdraw;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(request::request))
        .routes(routes!(edit::edit))
        .routes(routes!(claim::claim))
        .routes(routes!(release::release))
        .routes(routes!(partly_fulfil::partly_fulfil))
        .routes(routes!(fulfil::fulfil))
        .routes(routes!(reopen::reopen))
        .routes(routes!(withdraw::withdraw))
        .routes(routes!(close_unmet::close_unmet))
        .routes(routes!(show::show))
}
