//! A network's rules.

mod set_policy;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(set_policy::set_policy))
}
