//! A read model as it stood, for every verb that looks back.

use std::sync::Arc;

use anyhow::{Context, bail};
use domain::text::Slug;
use projections::fold::Fold;
use projections::replay::within::Within;
use projections::replay::{self, AsOf, Standing};

use crate::cli::{Common, set_up};
use crate::wiring::{self, Engines};

/// Folds the log up to that moment into a temporary file.
pub(super) async fn stand(
    common: &Common,
    engines: &Engines,
    fold: Arc<dyn Fold>,
    network: Option<Slug>,
    as_of: Option<AsOf>,
) -> anyhow::Result<Standing> {
    let log = &*engines.reader;
    let moment = replay::moment(log, as_of).await?;
    if let Some(left) = moment.settles_in(as_of, engines.desk.clock().now()) {
        let seconds = left.num_seconds() + 1;
        bail!("an act that is on its way may still belong to before that; ask in {seconds} s");
    }
    let fold = Within::of(fold, network);
    let name = fold.name();
    let bar = set_up::bar(common, name)?;
    bar.set_length(moment.position.unsigned_abs());
    let progress = |position: i64, _| bar.set_position(position.unsigned_abs());
    let store = wiring::throwaway_views().await?;
    let standing = replay::stand(fold, moment, log, store, progress).await;
    bar.finish_and_clear();
    standing.with_context(|| format!("folding {name} anew"))
}
