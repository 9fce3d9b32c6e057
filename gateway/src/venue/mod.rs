//! Venues.

mod admit;
mod list_item;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(admit::admit))
        .routes(routes!(list_item::list_item))
}
