//! One connection, and how many there may be: nobody holds a place without asking or listening.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

/// The most connections that are open at once; who comes then waits in the system's queue.
const OPEN: usize = 4096;
/// Files that are kept free for the databases.
const OTHER_FILES: u64 = 512;
/// The longest between a connection's last answer and the end of the next request's headers. Longer
/// than a proxy in front keeps an idle connection (60 s is usual), so that it never sends a request
/// into one that we are closing.
const HEADERS: Duration = Duration::from_secs(75);
/// The longest that a client may take nothing of its answer.
const STALLED: Duration = Duration::from_secs(30);
/// Before the next try when there are no files left for a connection.
const NO_FILES: Duration = Duration::from_secs(1);

/// How many connections, and how long one may be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most that are open at once.
    pub open: usize,
    /// The longest until the headers of the next request are there, however slowly they come.
    pub headers: Duration,
    /// The longest that a client may take nothing of its answer.
    pub stalled: Duration,
}

impl Bounds {
    /// As many connections as this process may have files for, whose number is raised as far as
    /// it may raise it.
    #[must_use]
    pub fn of_process() -> Self {
        let wanted = OPEN as u64 + OTHER_FILES;
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let most = maximum.map_or(wanted, |maximum| maximum.min(wanted));
        let mut files = current.unwrap_or(wanted);
        let raised = Rlimit {
            current: Some(most),
            maximum,
        };
        if files < most && setrlimit(Resource::Nofile, raised).is_ok() {
            files = most;
        }
        let free = files.saturating_sub(OTHER_FILES).max(files / 2);
        Self {
            open: usize::try_from(free).unwrap_or(OPEN).clamp(1, OPEN),
            headers: HEADERS,
            stalled: STALLED,
        }
    }
}

/// Where connections come in.
pub(super) struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    bounds: Bounds,
}

impl Door {
    pub(super) fn new(listener: TcpListener, bounds: Bounds) -> Self {
        Self {
            listener,
            places: Arc::new(Semaphore::new(bounds.open)),
            bounds,
        }
    }

    /// The next connection, as soon as there is a place for it.
    pub(super) async fn next(&self) -> anyhow::Result<Connection> {
        let place = Arc::clone(&self.places).acquire_owned().await?;
        loop {
            let error = match self.listener.accept().await {
                Ok((stream, _)) => {
                    return Ok(Connection {
                        stream,
                        _place: place,
                        bounds: self.bounds,
                    });
                }
                Err(error) => error,
            };
            match error.kind() {
                // It went away before it was accepted.
                ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionAborted
                | ErrorKind::ConnectionReset
                | ErrorKind::Interrupted => {}
                ErrorKind::InvalidInput => return Err(error).context("serving"),
                _ => {
                    tracing::error!(%error, "no connection can be accepted");
                    tokio::time::sleep(NO_FILES).await;
                }
            }
        }
    }
}

/// A connection and its place.
pub(super) struct Connection {
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
    bounds: Bounds,
}

impl Connection {
    /// Answers its requests until it is closed, falls silent, or `ending` comes: then the one that
    /// is on its way is its last.
    pub(super) async fn serve(self, router: Router, ending: impl Future<Output = ()>) {
        let mut stream = TimeoutStream::new(self.stream);
        stream.set_write_timeout(Some(self.bounds.stalled));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.bounds.headers);
        let stream = TokioIo::new(Box::pin(stream));
        let mut served = pin!(http.serve_connection(stream, TowerToHyperService::new(router)));
        let ended = tokio::select! {
            ended = served.as_mut() => ended,
            () = ending => {
                served.as_mut().graceful_shutdown();
                served.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}
