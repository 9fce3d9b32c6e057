//! Members: neighbours, volunteers and coordinators.

mod change;
mod leave;
mod register;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(register::register))
        .routes(routes!(change::change))
        .routes(routes!(leave::leave))
}
