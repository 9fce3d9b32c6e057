//! Serves until it is asked to end, and then answers what is on its way.

mod connection;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use connection::Bounds;
use connection::Door;

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
    within(listener, router, ending, Bounds::of_process()).await
}

/// The same within bounds of the caller's choice.
///
/// # Errors
/// If the listener breaks.
pub async fn within(
    listener: TcpListener,
    router: Router,
    ending: watch::Receiver<bool>,
    bounds: Bounds,
) -> anyhow::Result<()> {
    let door = Door::new(listener, bounds);
    let mut connections = JoinSet::new();
    loop {
        let connection = tokio::select! {
            () = asked(ending.clone()) => break,
            connection = door.next() => connection?,
            Some(_ended) = connections.join_next() => continue,
        };
        connections.spawn(connection.serve(router.clone(), asked(ending.clone())));
    }
    // From here on nobody else comes in.
    drop(door);
    let last = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST_REQUESTS, last).await.is_err() {
        tracing::warn!("ended with requests on their way");
    }
    Ok(())
}

/// A sender that is gone means the same as one that says so.
async fn asked(mut ending: watch::Receiver<bool>) {
    let _ = ending.wait_for(|ending| *ending).await;
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
