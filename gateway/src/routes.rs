//! All routes, and what stands around them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::act::body::MAX_BODY;
use crate::app::App;
use crate::auth::sign_in;
use crate::{
    access, district, donor, evidence, fund, health, help_request, limits, member, network,
    openapi, organisation, pages, place, read, security, service, subject, task, venue, voucher,
    watch,
};

/// Routes that know the gateway's state.
pub type Routes = OpenApiRouter<Arc<App>>;

/// What lies under a network: one line per subject.
pub(crate) fn subjects() -> Vec<(&'static str, Routes)> {
    vec![
        ("network", network::routes()),
        ("access", access::routes()),
        ("district", district::routes()),
        ("place", place::routes()),
        ("organisation", organisation::routes()),
        ("venue", venue::routes()),
        ("service", service::routes()),
        ("fund", fund::routes()),
        ("donor", donor::routes()),
        ("voucher", voucher::routes()),
        ("subject", subject::routes()),
        ("member", member::routes()),
        ("help_request", help_request::routes()),
        ("task", task::routes()),
        ("read", read::routes()),
        ("evidence", evidence::routes()),
    ]
}

/// Every route that stands in the OpenAPI document.
#[must_use]
pub fn documented() -> Routes {
    let in_a_network = subjects()
        .into_iter()
        .fold(Routes::new(), |all, (_, routes)| all.merge(routes));
    Routes::new()
        .nest(openapi::NETWORK, in_a_network)
        .merge(evidence::public())
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
}

/// The whole gateway.
pub fn router(app: Arc<App>) -> Router {
    watch::recorder();
    let (router, described) = documented().split_for_parts();
    let document = axum::Json(openapi::document(&described));
    let mut router = router
        .route("/openapi.json", get(move || async move { document }))
        .route(
            "/sign-in",
            get(pages::sign_in::sign_in).post(sign_in::sign_in),
        )
        .route("/sign-out", post(sign_in::sign_out));
    router = router.merge(evidence::deep()).merge(pages::routes());
    if app.metrics_beside_api {
        router = router.route("/metrics", get(watch::metrics));
    }
    router
        .fallback(pages::trouble::nowhere)
        .method_not_allowed_fallback(limits::other_method)
        .layer(from_fn_with_state(
            Arc::clone(&app),
            read::last_known::or_last_known,
        ))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(limits::caught))
        .layer(from_fn_with_state(Arc::clone(&app), limits::bound))
        .layer(CompressionLayer::new())
        .layer(from_fn(security::headers))
        .layer(from_fn(watch::observe))
        .with_state(app)
}
