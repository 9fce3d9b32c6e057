//! People about whom something sealed is held.

mod erase;
mod introduce;
mod set_contact;
mod show;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(introduce::introduce))
        .routes(routes!(set_contact::set_contact))
        .routes(routes!(erase::erase))
        .routes(routes!(show::show))
}
