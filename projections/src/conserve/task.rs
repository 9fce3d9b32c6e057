//! A task never has more live claims than slots.

use std::collections::BTreeMap;

use domain::event::Act;
use domain::task::TaskEvent;

use super::{Found, Invariant, Task};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::table::Json;

pub(super) fn check(
    act: &Act,
    event: &TaskEvent,
    rows: &mut Rows,
    found: &mut Found,
) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    if let TaskEvent::Created(created) = event {
        rows.put(Task {
            key,
            slots: i64::from(created.slots),
            claims: Json(BTreeMap::new()),
        });
        return Ok(());
    }
    // That a task without a beginning is none is told of its stream.
    let Some(mut task) = rows.get::<Task>(&key)?.cloned() else {
        return Ok(());
    };
    let live = |claims: &BTreeMap<String, bool>| claims.values().filter(|live| **live).count();
    let before = live(&task.claims.0);
    for (claim, is_live) in changed(event) {
        task.claims.0.insert(claim, is_live);
    }
    let after = live(&task.claims.0);
    let within = i64::try_from(after).is_ok_and(|after| after <= task.slots);
    found.check(within || after <= before, Invariant::WithinSlots, || {
        format!("{after} claims are live on {} slots", task.slots)
    });
    rows.put(task);
    Ok(())
}

/// The claims that an act changes, and whether each is live then.
fn changed(event: &TaskEvent) -> Vec<(String, bool)> {
    match event {
        TaskEvent::Claimed(e) => vec![(e.claim_id.to_string(), true)],
        TaskEvent::Started(e) => vec![(e.claim_id.to_string(), true)],
        TaskEvent::Released(e) => vec![(e.claim_id.to_string(), false)],
        TaskEvent::Completed(e) => vec![(e.claim_id.to_string(), false)],
        TaskEvent::NoShowReported(e) => vec![(e.claim_id.to_string(), false)],
        TaskEvent::Cancelled(e) => {
            let ended = |claim: &domain::ids::ClaimId| (claim.to_string(), false);
            e.claim_ids.iter().map(ended).collect()
        }
        TaskEvent::Created(_)
        | TaskEvent::Confirmed(_)
        | TaskEvent::Disputed(_)
        | TaskEvent::DisputeResolved(_)
        | TaskEvent::NoShowContested(_)
        | TaskEvent::Expired(_)
        | TaskEvent::NoteErased(_) => Vec::new(),
    }
}
