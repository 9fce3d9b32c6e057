//! Requests for help that nobody took on in time are no longer offered.

use std::sync::Arc;

use domain::help_request::{HelpRequest, HelpRequestEvent};
use domain::ids::HelpRequestId;
use domain::text::Slug;
use futures::future::BoxFuture;

use super::cause::Cause;
use super::{Reaction, each_due, issue};
use crate::executor::{Desk, Failure};
use crate::help_request::expire::Expire;
use crate::lookup::{Due, DueKind};

const NAME: &str = "expire_help_requests";

/// See the module.
pub struct ExpireHelpRequests;

impl Reaction for ExpireHelpRequests {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(each_due(
            desk,
            DueKind::HelpRequestExpiry,
            NAME,
            move |due| expire(desk, due),
        ))
    }
}

async fn expire(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let network: Slug = due.network.parse().map_err(|_| Failure::NotFound)?;
    let request = desk.read::<HelpRequest>(&network, due.id).await?;
    let request = request.ok_or(Failure::NotFound)?;
    let need = request.need().ok_or(Failure::NotFound)?;
    // Somebody may claim it just now; once that claim has ended, this is another command.
    let key = format!(
        "{}/{}/{}/{}",
        due.id,
        due.at.timestamp_micros(),
        need.reopened,
        need.past.len()
    );
    let act = Expire {
        help_request_id: HelpRequestId(due.id),
    };
    let cause = Cause::last::<HelpRequest>(desk, due.id, opens).await?;
    let expired = issue(desk, NAME, &due.network, cause, key, act).await;
    expired.map(|_| ())
}

/// Whether from this act on somebody is wanted until the request expires.
fn opens(event: &HelpRequestEvent) -> bool {
    matches!(
        event,
        HelpRequestEvent::Requested(_)
            | HelpRequestEvent::Edited(_)
            | HelpRequestEvent::Released(_)
            | HelpRequestEvent::Reopened(_)
    )
}
