//! The vouchers of a venue that was suspended or has left go where the one request said.

use std::sync::Arc;

use domain::ids::VenueId;
use domain::text::Slug;
use domain::venue::disposal::Disposed;
use domain::venue::{Venue, VenueEvent};
use futures::future::BoxFuture;

use super::cause::Cause;
use super::{Reaction, each_due, issue};
use crate::executor::{Desk, Failure};
use crate::lookup::{Due, DueKind};
use crate::venue::dispose_vouchers::DisposeVouchers as Act;

const NAME: &str = "dispose_vouchers";

/// See the module.
pub struct DisposeVouchers;

impl Reaction for DisposeVouchers {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(each_due(desk, DueKind::VenueDisposal, NAME, move |due| {
            dispose(desk, due)
        }))
    }
}

/// Batch after batch; the key of each says how many went before it.
async fn dispose(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let network: Slug = due.network.parse().map_err(|_| Failure::NotFound)?;
    let venue_id = VenueId(due.id);
    let asked =
        |event: &VenueEvent| matches!(event, VenueEvent::Suspended(_) | VenueEvent::Left(_));
    let cause = Cause::last::<Venue>(desk, venue_id, asked).await?;
    loop {
        let venue = desk
            .read::<Venue>(&network, venue_id)
            .await?
            .ok_or(Failure::NotFound)?;
        let Some(Disposed::Pending { count, .. }) = venue.house().map(|house| &house.disposal)
        else {
            return Ok(());
        };
        let key = format!("{venue_id}/{}/{count}", due.at.timestamp_micros());
        let before = *count;
        let act = Act { venue_id };
        issue(desk, NAME, &due.network, cause, key, act).await?;
        let after = desk.read::<Venue>(&network, venue_id).await?;
        let moved = after
            .as_ref()
            .and_then(|venue| venue.house())
            .map(|house| &house.disposal);
        // No progress: the rest is tried again in the next round.
        if matches!(moved, Some(Disposed::Pending { count, .. }) if *count == before) {
            return Ok(());
        }
    }
}
