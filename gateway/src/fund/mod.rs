//! Funds.

mod close;
mod open;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(open::open))
        .routes(routes!(close::close))
}
