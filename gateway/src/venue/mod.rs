//! Venues.

mod admit;
mod announce_closure;
mod cancel_closure;
mod confirm;
mod delist_item;
mod disposal;
mod give_item;
mod leave;
mod list_item;
mod reprice_item;
mod resume;
mod set_hours;
mod suspend;
mod turn_away;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(admit::admit))
        .routes(routes!(set_hours::set_hours))
        .routes(routes!(announce_closure::announce_closure))
        .routes(routes!(cancel_closure::cancel_closure))
        .routes(routes!(confirm::confirm))
        .routes(routes!(list_item::list_item))
        .routes(routes!(reprice_item::reprice_item))
        .routes(routes!(delist_item::delist_item))
        .routes(routes!(turn_away::turn_away))
        .routes(routes!(give_item::give_item))
        .routes(routes!(suspend::suspend))
        .routes(routes!(resume::resume))
        .routes(routes!(leave::leave))
        .routes(routes!(disposal::disposal))
}
