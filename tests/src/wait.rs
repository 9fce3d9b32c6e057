//! Waiting for a fact with a deadline, because a sleep is either too short or too long.

use std::time::{Duration, Instant};

/// Between two looks: short enough not to be felt, long enough not to burn the two cores of CI.
const PAUSE: Duration = Duration::from_millis(10);

/// The longest that a test waits for anything on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// Looks until `look` answers `Some`, and panics with `what` when [`PATIENCE`] is over.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            start.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain for {what}"
        );
        tokio::time::sleep(PAUSE).await;
    }
}

/// The same without a runtime, for starting servers.
pub fn until_blocking<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            start.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain for {what}"
        );
        std::thread::sleep(PAUSE);
    }
}
