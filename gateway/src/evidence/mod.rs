//! The sealed history as anyone may fetch it: the newest checkpoint, the tiles of the tree and the
//! key, as C2SP tlog-tiles says. What they name is static; nothing here needs a token but the
//! entries of a network.

mod checkpoint;
mod entries;
mod key;
mod tile;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use commands::evidence::key::LogKey;
use commands::evidence::ports::Seals;
use commands::evidence::publisher::OutletStatus;
use commands::evidence::sealer::SealerStatus;
use tokio::sync::watch;
use utoipa_axum::routes;

use crate::app::App;
use crate::routes::Routes;

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
