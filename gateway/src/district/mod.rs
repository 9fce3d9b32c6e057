//! Districts.

mod draw;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(draw::draw))
}
