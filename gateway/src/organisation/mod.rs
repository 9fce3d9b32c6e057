//! Organisations.

mod join;
mod leave;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(join::join))
        .routes(routes!(leave::leave))
}
