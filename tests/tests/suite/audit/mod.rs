//! Looking back, and checking that the history adds up.

mod bundle;
mod command_line;
mod conserve;
mod otherwise;
mod replay;
mod tampering;
mod verify;

use std::sync::Arc;

use infra::views::sqlite::SqliteViews;
use projections::fold::Fold;
use projections::log::Log;
use projections::replay::{AsOf, Standing, moment, stand};
use projections::store::StoreError;

/// A read model as of a moment of a log; `None` = the head.
pub(crate) async fn standing(
    fold: Arc<dyn Fold>,
    log: &dyn Log,
    as_of: Option<AsOf>,
) -> Result<Standing, StoreError> {
    let moment = moment(log, as_of).await?;
    let store = Arc::new(SqliteViews::throwaway().await?);
    stand(fold, moment, log, store, |_, _| ()).await
}
