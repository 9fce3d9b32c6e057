//! Access: who may do what.

mod grant;
mod revoke;

use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(grant::grant))
        .routes(routes!(revoke::revoke))
}
