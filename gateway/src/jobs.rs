//! What a process does beside answering: it follows the log for the read models, lets what must
//! follow from acts follow, seals the history, and carries events on to NATS.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use commands::reaction;
use projections::progress::Progress;
use projections::projector::Projector;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::wiring::Engines;

/// How long a job may take to end once it was asked to.
const LAST_STEPS: Duration = Duration::from_secs(10);

/// Which jobs a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// Read models.
    pub project: bool,
    /// Reactions, the relay and the sealer.
    pub lead: bool,
}

impl Which {
    /// All of them, as one process that is alone does.
    pub const ALL: Self = Self {
        project: true,
        lead: true,
    };
}

/// Jobs that run until they are ended, or dropped.
pub struct Jobs {
    running: JoinSet<()>,
    ending: watch::Sender<bool>,
}

impl Jobs {
    /// Starts the jobs.
    ///
    /// # Errors
    /// If the log or the views are away, or the views were built from another history.
    pub async fn start(
        engines: Engines,
        progress: &Progress,
        which: Which,
    ) -> anyhow::Result<Self> {
        let (ending, ended) = watch::channel(false);
        let mut running = JoinSet::new();
        if which.project {
            let (log, views) = (Arc::clone(&engines.reader), Arc::clone(&engines.views));
            let projector = Projector::start(log, views, projections::folds(), progress.clone());
            let projector = projector.await.context("starting the read models")?;
            running.spawn(projector.run(ended.clone()));
        }
        if which.lead {
            let reactions = reaction::all(Arc::clone(&engines.checkpoints));
            let desk = Arc::clone(&engines.desk);
            let leadership = Arc::clone(&engines.leadership);
            running.spawn(reaction::run(desk, leadership, reactions, ended.clone()));
            for publisher in engines.publishers {
                running.spawn(until(ended.clone(), publisher.run()));
            }
            running.spawn(engines.sealer.run(ended.clone()));
            if let Some(relay) = engines.relay {
                running.spawn(until(ended, relay.run()));
            }
        }
        Ok(Self { running, ending })
    }

    /// Asks all jobs to end, and waits a while for the step that each is in.
    pub async fn end(mut self) {
        let _ = self.ending.send(true);
        let all = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_STEPS, all).await.is_err() {
            self.running.abort_all();
        }
    }
}

/// A job that may be left at any point, as the relay may: what it sent is in the stream.
async fn until(mut ended: watch::Receiver<bool>, job: impl Future<Output = ()>) {
    tokio::select! {
        () = job => {}
        _ = ended.wait_for(|ended| *ended) => {}
    }
}
