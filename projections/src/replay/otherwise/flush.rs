//! Vouchers to which nothing happened any more, and whose time would be over by now.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::envelope::{Channel, Metadata, Record, Recorded, Role};
use domain::event::Act;
use domain::ids::FundId;
use domain::voucher::VoucherEvent;
use domain::voucher::expire::{Expired, MovedTo};
use uuid::Uuid;

use super::Altered;
use crate::follower::{Follower, Page, State};
use crate::log::Log;
use crate::replay::{SCAN, Standing};
use crate::store::StoreError;
use crate::table::Row as _;

/// Lets every voucher expire that would have expired by the moment of the standing state. The
/// positions of these acts lie behind it.
///
/// # Errors
/// If the store is away, or such an act cannot be applied.
pub async fn flush(standing: &Standing, log: &dyn Log) -> Result<u64, StoreError> {
    let Some(now) = standing.moment.recorded_at else {
        return Ok(0);
    };
    let (fold, copy) = (Arc::clone(&standing.fold), standing.copy.clone());
    let store = &*standing.store;
    let mut follower = Follower::resume(fold, copy.clone(), store, log).await?;
    let (mut after, mut expired) = (String::new(), 0);
    loop {
        let rows = store.scan(copy.clone(), Altered::TABLE, after.clone(), SCAN);
        let mut due = VecDeque::new();
        let rows = rows.await?;
        if rows.is_empty() {
            return Ok(expired);
        }
        for row in rows {
            let row: Altered = serde_json::from_str(&row).map_err(StoreError::broken)?;
            after.clone_from(&row.key);
            if row.life.0.has_lapsed(now) {
                due.push_back(row);
            }
        }
        let page = page(due, follower.position(), now)?;
        expired += u64::try_from(page.acts.len()).unwrap_or_default();
        follower.follow(&page, log, store).await?;
        if let State::Stopped { position, why } = follower.state() {
            return Err(StoreError::Broken(format!("position {position}: {why}")));
        }
    }
}

fn page(
    due: VecDeque<Altered>,
    after: i64,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Page, StoreError> {
    let mut page = Page::of(Vec::new());
    for (row, position) in due.into_iter().zip(after + 1..) {
        let id: Uuid = row.key.parse().map_err(StoreError::broken)?;
        let network = row.life.0.network.to_string();
        let metadata = Metadata {
            acting_for: None,
            actor: "counterfactual".to_owned(),
            causation: None,
            channel: Channel::Reaction,
            command_id: String::new(),
            corrects: None,
            correlation: String::new(),
            device: None,
            device_seq: None,
            role: Role::System,
        };
        // What is left, and where it goes, is filled in as for any expiry under other rules.
        let expired = Expired {
            remaining_minor: domain::money::Minor::ZERO,
            moved_to: MovedTo::Fund {
                fund_id: FundId(Uuid::nil()),
            },
        };
        page.acts.push(Act {
            position,
            event_id: Uuid::nil(),
            network: network.clone(),
            aggregate_id: id,
            sequence: 0,
            occurred_at: now,
            recorded_at: now,
            metadata,
            event: VoucherEvent::from(expired).into(),
        });
        page.recorded.push(recorded(position, network, id, now));
    }
    Ok(page)
}

/// The follower asks an act's record for its position, its hash and its time only.
fn recorded(
    position: i64,
    network: String,
    id: Uuid,
    now: chrono::DateTime<chrono::Utc>,
) -> Recorded {
    let record = Record {
        network,
        aggregate_type: "voucher".to_owned(),
        aggregate_id: id,
        sequence: 0,
        event_type: "voucher.expired".to_owned(),
        event_version: "1".to_owned(),
        payload: String::new(),
        metadata: String::new(),
        event_id: Uuid::nil(),
        occurred_at: now,
        recorded_at: now,
    };
    Recorded {
        position,
        record,
        leaf_hash: [0; 32],
    }
}
