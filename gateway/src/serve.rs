//! Serves until it is asked to end, and then answers what is on its way.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::App;
use crate::{routes, watch as observed};

/// How long requests that are on their way may take after the process was asked to end.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// Serves the gateway on this listener until `ending` says so.
///
/// # Errors
/// If the listener breaks.
pub async fn gateway(
    listener: TcpListener,
    app: Arc<App>,
    ending: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    until(listener, routes::router(app), ending).await
}

/// Serves `/metrics` alone, for a listener that only the machine's own monitoring reaches.
///
/// # Errors
/// If the listener breaks.
pub async fn metrics(
    listener: TcpListener,
    app: Arc<App>,
    ending: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let router = Router::new().route("/metrics", get(observed::metrics));
    until(listener, router.with_state(app), ending).await
}

/// Serves these routes on this listener until `ending` says so, and then what is on its way.
///
/// # Errors
/// If the listener breaks.
pub async fn until(
    listener: TcpListener,
    router: Router,
    ending: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let asked = |mut ending: watch::Receiver<bool>| async move {
        // A sender that is gone means the same as one that says so.
        let _ = ending.wait_for(|ending| *ending).await;
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(asked(ending.clone()));
    let too_late = async {
        asked(ending).await;
        tokio::time::sleep(LAST_REQUESTS).await;
    };
    tokio::select! {
        ended = serving => ended.context("serving"),
        () = too_late => {
            tracing::warn!("ended with requests on their way");
            Ok(())
        }
    }
}

/// Turns to `true` when the process is asked to end, by SIGTERM or Ctrl-C.
///
/// # Errors
/// If signals cannot be received.
pub fn ending() -> anyhow::Result<watch::Receiver<bool>> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .context("listening for SIGTERM")?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("asked to end");
        let _ = sender.send(true);
    });
    Ok(receiver)
}
