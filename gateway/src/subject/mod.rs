//! People about whom something sealed is held.

mod erase;
mod export;
mod give_link;
mod introduce;
mod set_contact;
mod show;

pub mod held;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(introduce::introduce))
        .routes(routes!(set_contact::set_contact))
        .routes(routes!(erase::erase))
        .routes(routes!(give_link::give_link))
        .routes(routes!(show::show))
        .routes(routes!(export::export))
}
