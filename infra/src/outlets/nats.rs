//! A stream of its own in NATS JetStream. The subject does not begin with `sospeso.`, which belongs
//! to the stream whose sequence is the position.

use async_nats::jetstream::context::Context;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, StorageType};
use commands::evidence::ports::{Outlet, OutletError, SignedCheckpoint};
use futures::future::BoxFuture;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::nats::stream::{Target, connect};

/// The stream's name, and what its subjects begin with.
pub const STREAM: &str = "sospeso-checkpoints";

/// Publishes checkpoints as `sospeso-checkpoints.<log_id>`.
pub struct NatsOutlet {
    target: Target,
    subject: String,
    log_id: Uuid,
    context: Mutex<Option<Context>>,
}

impl NatsOutlet {
    /// To this server, for this log.
    #[must_use]
    pub fn new(target: Target, log_id: Uuid) -> Self {
        Self {
            target,
            subject: format!("{STREAM}.{log_id}"),
            log_id,
            context: Mutex::new(None),
        }
    }

    /// A connection that is made once and mends itself; the stream is looked for with it.
    async fn context(&self) -> Result<Context, OutletError> {
        let mut kept = self.context.lock().await;
        if let Some(context) = &*kept {
            return Ok(context.clone());
        }
        let context = connect(&self.target)
            .await
            .map_err(|error| failed(&error))?;
        let config = Config {
            name: STREAM.to_owned(),
            subjects: vec![format!("{STREAM}.>")],
            description: Some("signed checkpoints of sospeso logs".to_owned()),
            storage: StorageType::File,
            deny_delete: true,
            deny_purge: true,
            ..Config::default()
        };
        let stream = context.get_or_create_stream(config).await;
        stream.map_err(|error| failed(&error))?;
        Ok(kept.insert(context).clone())
    }

    async fn send(&self, checkpoint: &SignedCheckpoint) -> Result<(), OutletError> {
        let message = PublishMessage::build()
            .message_id(format!("{}:{}", self.log_id, checkpoint.size))
            .payload(checkpoint.text().into());
        let context = self.context().await?;
        let acknowledged = context.send_publish(self.subject.clone(), message).await;
        let acknowledged = acknowledged.map_err(|error| failed(&error))?.await;
        acknowledged.map(drop).map_err(|error| failed(&error))
    }
}

fn failed(error: &impl std::fmt::Display) -> OutletError {
    OutletError(error.to_string())
}

impl Outlet for NatsOutlet {
    fn name(&self) -> &'static str {
        "nats"
    }

    fn publish<'a>(
        &'a self,
        checkpoint: &'a SignedCheckpoint,
    ) -> BoxFuture<'a, Result<(), OutletError>> {
        Box::pin(async move {
            let sent = self.send(checkpoint).await;
            if sent.is_err() {
                // The stream may be gone as well: look for it again.
                *self.context.lock().await = None;
            }
            sent
        })
    }
}
