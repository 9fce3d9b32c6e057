//! What every handler can reach.

use std::sync::Arc;

use commands::executor::Desk;
use projections::progress::Progress;
use projections::store::ReadStore;

use crate::auth::door::Door;
use crate::auth::session::SessionKey;
use crate::evidence::Evidence;
use crate::guesses::Guesses;
use crate::limits::Limits;
use crate::read::last_known::LastKnown;
use crate::read::past::Past;
use crate::wiring;

/// The state of the gateway: nothing in it must be the same in another gateway of the same log.
pub struct App {
    /// Where acts are done.
    pub desk: Arc<Desk>,
    /// The tables of the read models.
    pub views: Arc<dyn ReadStore>,
    /// Where the read models stand, if this process follows the log.
    pub progress: Progress,
    /// The sealed history.
    pub evidence: Evidence,
    /// The read models as they stood.
    pub past: Past,
    /// What anybody may read, for when the read models are away.
    pub last_known: LastKnown,
    /// Who may come in.
    pub door: Door,
    /// Signs session cookies; the same in every gateway.
    pub sessions: SessionKey,
    /// The budget of wrong voucher codes.
    pub guesses: Guesses,
    /// How much at once and for how long.
    pub limits: Limits,
    /// Held by whoever gathers all that is held about a person, which reads the whole log.
    pub exports: tokio::sync::Mutex<()>,
    /// Whether `/metrics` is served beside the API, as against on a listener of its own.
    pub metrics_beside_api: bool,
    /// Whether everything but totals and districts is made up: the pages say so.
    pub demo: bool,
}

impl App {
    /// The gateway over this desk, these read models and this sealed history.
    #[must_use]
    pub fn new(
        desk: Arc<Desk>,
        views: Arc<dyn ReadStore>,
        evidence: Evidence,
        sessions: SessionKey,
    ) -> Self {
        let past = Past::new(wiring::reader(desk.log()));
        Self {
            past,
            desk,
            views,
            evidence,
            progress: Progress::default(),
            last_known: LastKnown::default(),
            door: Door::default(),
            sessions,
            guesses: Guesses::default(),
            limits: Limits::default(),
            exports: tokio::sync::Mutex::default(),
            metrics_beside_api: true,
            demo: false,
        }
    }
}
