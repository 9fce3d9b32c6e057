//! Goes through all that concerns somebody, or follows from something.

use std::sync::Arc;

use uuid::Uuid;

use super::BATCH;
use crate::executor::{Desk, Failure};
use crate::log::LogError;
use crate::lookup::KeyKind;

/// Does something with every aggregate of this type that concerns `whose`; once for every way in
/// which it does. What the domain refuses is passed over.
pub(super) async fn each<F>(
    desk: &Arc<Desk>,
    whose: Uuid,
    aggregate_type: &str,
    act: impl Fn(Uuid) -> F + Send,
) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send,
{
    let beginning = format!("{whose}/{aggregate_type}/");
    let mut after = None;
    loop {
        let lookup = desk.lookup();
        let page = lookup.keys_below(KeyKind::Concern, beginning.clone(), after, BATCH);
        let page = page.await?;
        for (_, id) in &page {
            let id = id.parse().map_err(|_| LogError::Broken(id.clone()))?;
            match act(id).await {
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        if page.len() < BATCH {
            return Ok(());
        }
        after = page.into_iter().next_back().map(|(key, _)| key);
    }
}
