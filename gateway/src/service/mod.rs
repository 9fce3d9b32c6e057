//! Free services.

mod change;
mod offer;
mod pause;
mod provide;
mod resume;
mod withdraw;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(offer::offer))
        .routes(routes!(change::change))
        .routes(routes!(pause::pause))
        .routes(routes!(resume::resume))
        .routes(routes!(withdraw::withdraw))
        .routes(routes!(provide::provide))
}
