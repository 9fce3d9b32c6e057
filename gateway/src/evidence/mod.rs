//! The sealed history as anyone may fetch it: the newest checkpoint, the tiles of the tree and the
//! key, as C2SP tlog-tiles says. What they name is static; nothing here needs a token but the
//! entries of a network.

pub mod awaited;
mod checkpoint;
mod entries;
mod key;
mod tile;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use commands::evidence::key::LogKey;
use commands::evidence::ports::{Seals, SignedCheckpoint};
use commands::evidence::publisher::OutletStatus;
use commands::evidence::receipts::NoReceipt;
use commands::evidence::sealer::SealerStatus;
use tokio::sync::watch;
use tokio::time::Instant;
use utoipa_axum::routes;

use self::awaited::Awaited;
use crate::app::App;
use crate::routes::Routes;

/// How often one looks whether the witnesses have cosigned.
const LOOK: Duration = Duration::from_millis(50);

/// What a gateway knows of the sealed history.
#[derive(Clone)]
pub struct Evidence {
    /// Tiles and checkpoints.
    pub seals: Arc<dyn Seals>,
    /// The log's name and key.
    pub key: LogKey,
    /// What the sealer of this process does.
    pub sealer: watch::Receiver<SealerStatus>,
    /// How far the outlets of this process came.
    pub outlets: Vec<watch::Receiver<OutletStatus>>,
    /// The witnesses to whom checkpoints are shown.
    pub witnesses: Awaited,
}

impl Evidence {
    /// The last checkpoint. If it is shown to witnesses, waits a little until all of them have
    /// cosigned it; one that is away stops nothing, and is not waited for each time.
    ///
    /// # Errors
    /// If nothing was sealed yet, or the store is away.
    pub(crate) async fn cosigned(&self, wait: Duration) -> Result<SignedCheckpoint, NoReceipt> {
        let until = Instant::now() + wait;
        loop {
            let last = self.seals.last().await?.ok_or(NoReceipt::NotSealed)?;
            let now = Instant::now();
            if self.witnesses.have_cosigned(&last, now) {
                return Ok(last);
            }
            if now >= until {
                self.witnesses.leave_out(&last, now);
                return Ok(last);
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// What lies under a network.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(entries::entries))
}

/// What anyone may fetch.
pub(crate) fn public() -> Routes {
    Routes::new()
        .routes(routes!(checkpoint::checkpoint))
        .routes(routes!(key::key))
        .routes(routes!(tile::tile))
}

/// Tiles whose number has more than one part, which no path of OpenAPI can say.
pub(crate) fn deep() -> Router<Arc<App>> {
    Router::new().route("/evidence/tile/{level}/{number}/{*rest}", get(tile::deep))
}
