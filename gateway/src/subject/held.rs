//! All that is held about a person: the acts of the log, and what became of the person's gifts.

use std::sync::Arc;

use commands::executor::{Desk, Failure};
use commands::principal::Principal;
use commands::subject::export::{Export, MAX_ACTS, export};
use domain::ids::{DonorId, SubjectId};
use projections::answer::Seen;
use projections::donor_impact::query::{DonorImpactAnswer, Filter, MAX_VOUCHERS, donor_impact};
use projections::store::{ReadStore, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

/// The most pages of gifts of one donor.
const MAX_PAGES: usize = 500;

/// All that is held about a person.
#[derive(Serialize, ToSchema)]
#[schema(as = AllThatIsHeld)]
pub struct Held {
    /// Out of the log.
    #[serde(flatten)]
    pub export: Export,
    /// What became of the person's gifts; nothing in it tells who got them.
    pub gifts: Vec<DonorImpactAnswer>,
}

/// Why it cannot be said.
#[derive(Debug, thiserror::Error)]
pub enum NotSaid {
    /// Whoever asks may not, or the log is away.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The read models are away.
    #[error(transparent)]
    Views(#[from] StoreError),
}

/// Gathers it. `read` hears how far the log was read.
///
/// # Errors
/// See [`NotSaid`].
pub async fn held(
    desk: &Arc<Desk>,
    views: &dyn ReadStore,
    who: &Principal,
    id: SubjectId,
    read: impl Fn(i64) + Send,
) -> Result<Held, NotSaid> {
    let export = export(desk, who, id, MAX_ACTS, read).await?;
    let mut gifts = Vec::new();
    for donor_id in &export.donors {
        gifts.extend(gifts_of(desk, views, who, *donor_id).await?);
    }
    Ok(Held { export, gifts })
}

async fn gifts_of(
    desk: &Arc<Desk>,
    views: &dyn ReadStore,
    who: &Principal,
    donor_id: DonorId,
) -> Result<Option<DonorImpactAnswer>, StoreError> {
    let now = desk.clock().now();
    let mut all: Option<DonorImpactAnswer> = None;
    for _ in 0..MAX_PAGES {
        let filter = Filter {
            network: who.network.clone(),
            donor_id,
            limit: MAX_VOUCHERS,
            cursor: all.as_ref().and_then(|all| all.next_cursor.clone()),
        };
        let page = donor_impact(views, &filter, Seen::default(), now).await?;
        let all = match &mut all {
            Some(all) => {
                all.vouchers.extend(page.vouchers);
                all.next_cursor = page.next_cursor;
                all
            }
            none => none.insert(page),
        };
        if all.next_cursor.is_none() {
            break;
        }
    }
    Ok(all)
}
