//! What can be seen from outside: spans, and metrics for Prometheus. Both know the route's
//! template and never the path or the query, because those can hold ids and secrets.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use commands::evidence::sealer::SealerState;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use projections::follower::State as ViewState;
use tracing::Instrument;

use crate::app::App;

const REQUESTS: &str = "sospeso_http_requests_total";
const DURATION: &str = "sospeso_http_request_duration_seconds";
const LOG_POSITION: &str = "sospeso_log_position";
const VIEW_POSITION: &str = "sospeso_view_position";
const VIEW_STOPPED: &str = "sospeso_view_stopped";
const VIEW_BUILDING: &str = "sospeso_view_building";
const SEALED: &str = "sospeso_sealed_position";
const SEALER_STOPPED: &str = "sospeso_sealer_stopped";
const OUTLET: &str = "sospeso_checkpoint_outlet_position";
const OUTLET_FAILS: &str = "sospeso_checkpoint_outlet_fails";
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// Counts and times every request, and puts its span around it.
pub async fn observe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let method = request.method().to_string();
    let span = tracing::info_span!("request", %method, %route);
    let start = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    let _inside = span.entered();
    tracing::debug!(
        status,
        took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
    );
    let labels = [
        ("method", method),
        ("route", route),
        ("status", status.to_string()),
    ];
    metrics::counter!(REQUESTS, &labels).increment(1);
    metrics::histogram!(DURATION, &labels[..2]).record(took.as_secs_f64());
    response
}

/// All metrics of this process, in the text form of Prometheus.
pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    for (view, position, state) in app.progress.all() {
        metrics::gauge!(VIEW_POSITION, "view" => view).set(as_f64(position));
        let stopped = matches!(state, ViewState::Held { .. } | ViewState::Stopped { .. });
        metrics::gauge!(VIEW_STOPPED, "view" => view).set(as_f64(stopped.into()));
        let building = state == ViewState::Building;
        metrics::gauge!(VIEW_BUILDING, "view" => view).set(as_f64(building.into()));
    }
    sealed(&app);
    // What wakes readers is a hint, but one that a slow poll keeps true.
    let head = *app.desk.log().changes().borrow();
    metrics::gauge!(LOG_POSITION).set(as_f64(head));
    let content_type = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (content_type, recorder().render()).into_response()
}

/// How far the history is sealed by this process, and carried out of the database.
fn sealed(app: &App) {
    let sealer = app.evidence.sealer.borrow();
    let stopped = matches!(sealer.state, SealerState::Stopped(_));
    metrics::gauge!(SEALER_STOPPED).set(as_f64(stopped.into()));
    metrics::gauge!(SEALED).set(as_f64(sealer.size.cast_signed()));
    for outlet in &app.evidence.outlets {
        let outlet = outlet.borrow();
        let name = outlet.name.clone();
        metrics::gauge!(OUTLET, "outlet" => name.clone()).set(as_f64(outlet.size.cast_signed()));
        metrics::gauge!(OUTLET_FAILS, "outlet" => name)
            .set(as_f64(outlet.trouble.is_some().into()));
    }
}

/// Exact up to 2^53, which is more acts than a city does in a thousand years.
#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge of Prometheus is a float"
)]
fn as_f64(number: i64) -> f64 {
    number as f64
}

/// The recorder of this process, installed at the first call.
///
/// # Panics
/// If another recorder was installed, which only another library could do.
pub fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(DURATION.into()), &BUCKETS)
            .expect("buckets are not empty");
        builder
            .install_recorder()
            .expect("nobody else records metrics")
    })
}
