//! Places.

mod add;
mod change;
mod close;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(add::add))
        .routes(routes!(change::change))
        .routes(routes!(close::close))
}
