//! The publishers: carry the newest checkpoint to places outside the database, each on its own, so
//! that none waits for another and sealing waits for none.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::ports::{Outlet, Seals};
use super::sealer::SealerStatus;

/// How long an outlet may take for one checkpoint.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it waits before it tries again, at first and at most.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

/// How far an outlet came, for metrics and the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletStatus {
    /// The outlet's name.
    pub name: String,
    /// How many events the last checkpoint covers that it took since this process started.
    pub size: u64,
    /// Why it did not take the last one.
    pub trouble: Option<String>,
}

/// Carries checkpoints to one outlet.
pub struct Publisher {
    seals: Arc<dyn Seals>,
    outlet: Arc<dyn Outlet>,
    sealer: watch::Receiver<SealerStatus>,
    status: watch::Sender<OutletStatus>,
}

impl Publisher {
    /// A publisher that does nothing before [`Publisher::run`]. It follows the sealer of its own
    /// process: where that one stands by, another process publishes.
    #[must_use]
    pub fn new(
        seals: Arc<dyn Seals>,
        outlet: Arc<dyn Outlet>,
        sealer: watch::Receiver<SealerStatus>,
    ) -> Self {
        let (status, _) = watch::channel(OutletStatus {
            name: outlet.name().to_owned(),
            size: 0,
            trouble: None,
        });
        Self {
            seals,
            outlet,
            sealer,
            status,
        }
    }

    /// How far it came, from now on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<OutletStatus> {
        self.status.subscribe()
    }

    /// Publishes until the sealer is gone.
    pub async fn run(mut self) {
        let mut pause = PAUSE.0;
        loop {
            let wanted = self.sealer.borrow_and_update().size;
            if wanted <= self.status.borrow().size {
                if self.sealer.changed().await.is_err() {
                    return;
                }
                continue;
            }
            match self.publish().await {
                Ok(size) => {
                    pause = PAUSE.0;
                    self.status.send_modify(|status| {
                        status.size = size;
                        status.trouble = None;
                    });
                }
                Err(why) => {
                    tracing::warn!(outlet = self.outlet.name(), %why, "no checkpoint went out");
                    self.status.send_modify(|status| status.trouble = Some(why));
                    tokio::time::sleep(pause).await;
                    pause = (2 * pause).min(PAUSE.1);
                }
            }
        }
    }

    /// Gives the newest checkpoint to the outlet, and answers with its size.
    async fn publish(&self) -> Result<u64, String> {
        let last = self.seals.last().await.map_err(|error| error.to_string())?;
        let last = last.ok_or("there is no checkpoint")?;
        match tokio::time::timeout(PATIENCE, self.outlet.publish(&last)).await {
            Ok(Ok(())) => Ok(last.size),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("it took longer than {} s", PATIENCE.as_secs())),
        }
    }
}
