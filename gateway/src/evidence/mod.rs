//! The sealed history as anyone may fetch it: the newest checkpoint, the tiles of the tree and the
//! key, as C2SP tlog-tiles says. What they name is static; nothing here needs a token but the
//! entries of a network.

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
    /// To how many witnesses checkpoints are shown.
    pub witnesses: usize,
}

impl Evidence {
    /// The last checkpoint. If it is shown to witnesses, waits a little until all of them have
    /// cosigned it; one that is away stops nothing.
    ///
    /// # Errors
    /// If nothing was sealed yet, or the store is away.
    pub(crate) async fn cosigned(&self, wait: Duration) -> Result<SignedCheckpoint, NoReceipt> {
        let until = Instant::now() + wait;
        loop {
            let last = self.seals.last().await?.ok_or(NoReceipt::NotSealed)?;
            if last.cosignatures.len() >= self.witnesses || Instant::now() >= until {
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
