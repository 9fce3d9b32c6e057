//! Where every read model stands.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::follower::State;
use crate::store::StoreError;

/// Where every read model stands, for those who wait for a position and for the health page.
#[derive(Clone)]
pub struct Progress(
    Arc<Mutex<BTreeMap<&'static str, (i64, State)>>>,
    watch::Sender<u64>,
);

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::default(), watch::Sender::new(0))
    }
}

impl Progress {
    /// All read models with their position and state.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, i64, State)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(name, (position, state))| (*name, *position, state.clone()))
            .collect()
    }

    /// Wakes whenever any read model moved.
    #[must_use]
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.1.subscribe()
    }

    /// Waits until every read model answers and has reached a position.
    ///
    /// # Errors
    /// If one stopped, or it takes longer than `wait`.
    pub async fn reach(&self, position: i64, wait: Duration) -> Result<(), StoreError> {
        let mut moved = self.moved();
        let reached = async {
            loop {
                let all = self.all();
                for (name, at, state) in &all {
                    if let State::Stopped { position, why } = state {
                        let why = format!("{name} stopped at {position} (it is at {at}): {why}");
                        return Err(StoreError::Broken(why));
                    }
                }
                let is_there = |at: i64, state: &State| at >= position && *state != State::Building;
                if all.iter().all(|(_, at, state)| is_there(*at, state)) {
                    return Ok(());
                }
                let _ = moved.changed().await;
            }
        };
        tokio::time::timeout(wait, reached)
            .await
            .map_err(StoreError::broken)?
    }

    pub(crate) fn note(&self, name: &'static str, position: i64, state: State) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name, (position, state));
        drop(all);
        self.1.send_modify(|count| *count += 1);
    }
}
