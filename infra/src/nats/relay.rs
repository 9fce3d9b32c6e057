//! The relay: publishes the log in order of position, as long as it leads and the stream agrees.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::context::{Context, PublishAckFuture};
use async_nats::jetstream::message::PublishMessage;
use bytes::Bytes;
use commands::log::{EventLog, LogError};
use commands::reaction::ports::{Lead, Leadership};
use domain::envelope::Recorded;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use super::compare::Difference;
use super::compare::{Unclear, resume_after};
use super::message::{headers, subject};
use super::stream::{Away, IN_FLIGHT, Target, connect, create, find};

/// The most events that are read from the log at once; one page is read while another is sent.
const PAGE: usize = 1_000;
/// Every so many messages one is acknowledged, and with it all before: each is refused by the server unless it
/// follows on the last one. An acknowledgement costs the server and this program as much as a
/// message.
const ACKNOWLEDGED: usize = 64;
/// How often an idle relay looks whether log, stream and leadership are still there.
const POLL: Duration = Duration::from_secs(1);
/// How long it waits before it tries again, at first and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// How far the stream is, for probes, metrics and the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelayStatus {
    /// The last position that the stream acknowledged; 0 while that is not known.
    pub position: i64,
    /// The last position of the log when somebody looked.
    pub head: i64,
    /// What the relay does.
    pub state: RelayState,
}

/// What a relay does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelayState {
    /// Another process leads.
    Standby,
    /// It leads and publishes.
    Relaying,
    /// NATS, or the log, does not answer. Commands do not depend on NATS.
    Away {
        /// For the operator.
        why: String,
    },
    /// It may not go on before the stream is rebuilt. It looks again from time to time.
    Stopped(Difference),
}

/// What a stream is to a log, for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamCheck {
    /// There is none; a relay makes it.
    Missing,
    /// It holds the log's events from the first to this position.
    Holds {
        /// The last position of the stream, 0 if it is empty.
        position: i64,
    },
    /// It must be rebuilt, or the log is the wrong one.
    Differs(Difference),
}

/// Compares a stream with the log and changes nothing.
///
/// # Errors
/// If NATS or the log does not answer, with a text for the operator.
pub async fn check(log: &dyn EventLog, target: &Target) -> Result<StreamCheck, Away> {
    let context = connect(target).await?;
    let Some(stream) = find(&context, target).await? else {
        return Ok(StreamCheck::Missing);
    };
    match resume_after(log, &stream).await {
        Ok(position) => Ok(StreamCheck::Holds { position }),
        Err(Unclear::Differs(difference)) => Ok(StreamCheck::Differs(difference)),
        Err(Unclear::Nats(away)) => Err(away),
        Err(Unclear::Log(error)) => Err(Away::from(error)),
    }
}

/// Publishes one log into one stream.
pub struct Relay {
    log: Arc<dyn EventLog>,
    leadership: Arc<dyn Leadership>,
    target: Target,
    status: watch::Sender<RelayStatus>,
}

/// Why a run ended. None of it is final.
enum End {
    Standby,
    Away(String),
    Stopped(Difference),
}

impl From<Unclear> for End {
    fn from(unclear: Unclear) -> Self {
        match unclear {
            Unclear::Differs(difference) => Self::Stopped(difference),
            Unclear::Nats(away) => away.into(),
            Unclear::Log(error) => error.into(),
        }
    }
}

impl From<Away> for End {
    fn from(away: Away) -> Self {
        Self::Away(away.to_string())
    }
}

impl From<LogError> for End {
    fn from(error: LogError) -> Self {
        Self::Away(error.to_string())
    }
}

impl Relay {
    /// A relay that does nothing before [`Relay::run`].
    #[must_use]
    pub fn new(log: Arc<dyn EventLog>, leadership: Arc<dyn Leadership>, target: Target) -> Self {
        let (status, _) = watch::channel(RelayStatus {
            position: 0,
            head: 0,
            state: RelayState::Standby,
        });
        Self {
            log,
            leadership,
            target,
            status,
        }
    }

    /// What it does, from now on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<RelayStatus> {
        self.status.subscribe()
    }

    /// Relays until the future is dropped.
    pub async fn run(self) {
        let mut pause = PAUSE.0;
        loop {
            let before = self.status.borrow().position;
            let end = self.lead().await;
            if self.status.borrow().position != before {
                pause = PAUSE.0;
            }
            let state = match end {
                End::Standby => {
                    self.enter(RelayState::Standby);
                    self.rest(POLL).await;
                    continue;
                }
                End::Away(why) => RelayState::Away { why },
                End::Stopped(difference) => RelayState::Stopped(difference),
            };
            self.enter(state);
            self.rest(pause).await;
            pause = (2 * pause).min(PAUSE.1);
        }
    }

    /// The lag stays visible while nothing is published.
    async fn rest(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
        if let Ok(head) = self.log.head().await {
            self.status.send_modify(|status| status.head = head);
        }
    }

    fn enter(&self, state: RelayState) {
        if self.status.borrow().state == state {
            return;
        }
        match &state {
            RelayState::Standby | RelayState::Relaying => tracing::info!(?state, "the relay"),
            RelayState::Away { why } => tracing::warn!(%why, "the relay waits"),
            RelayState::Stopped(difference) => tracing::error!(
                %difference,
                "the relay stopped; if the log is right, run `sospeso relay rebuild`"
            ),
        }
        self.status.send_modify(|status| status.state = state);
    }

    async fn lead(&self) -> End {
        // Beside SQLite the lock is a file of this name.
        let name = format!("relay-{}", self.target.stream);
        let lead = match self.leadership.try_lead(name).await {
            Ok(Some(lead)) => lead,
            Ok(None) => return End::Standby,
            Err(error) => return error.into(),
        };
        match self.relay(lead.as_ref()).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    /// A connection of its own per run: what was sent and not acknowledged ends with it.
    async fn relay(&self, lead: &dyn Lead) -> Result<std::convert::Infallible, End> {
        let context = connect(&self.target).await?;
        let mut changes = self.log.changes();
        loop {
            let stream = match find(&context, &self.target).await? {
                Some(stream) => stream,
                None => create(&context, &self.target, self.log.log_id()).await?,
            };
            let mut after = resume_after(self.log.as_ref(), &stream).await?;
            self.reached(after);
            self.enter(RelayState::Relaying);
            after = self.catch_up(&context, lead, after).await?;
            // Woken by the log, go on at once; after a quiet while compare with the stream again,
            // which may have been deleted or have lost its tail meanwhile.
            changes.borrow_and_update();
            while tokio::time::timeout(POLL, changes.changed()).await.is_ok() {
                after = self.catch_up(&context, lead, after).await?;
            }
        }
    }

    /// Publishes all that is there after `after`, and answers with the last position.
    async fn catch_up(
        &self,
        context: &Context,
        lead: &dyn Lead,
        mut after: i64,
    ) -> Result<i64, End> {
        let client = context.client();
        let mut in_flight = VecDeque::with_capacity(IN_FLIGHT / ACKNOWLEDGED);
        let mut unacknowledged = 0;
        // The first tells why, where the stream takes no more.
        let mut is_first = true;
        let mut next = self.read_ahead(after);
        loop {
            if !lead.still_held().await {
                return Err(End::Standby);
            }
            let page = next.await.map_err(Away::from)??;
            let Some(last) = page.last().map(|last| last.position) else {
                break;
            };
            after = last;
            next = self.read_ahead(after);
            for message in page {
                unacknowledged += 1;
                let is_last = message.position == last;
                if is_first || is_last || unacknowledged == ACKNOWLEDGED {
                    in_flight.push_back(send(context, message).await?);
                    (is_first, unacknowledged) = (false, 0);
                } else {
                    let sent = client.publish_with_headers(
                        message.subject,
                        message.headers,
                        message.payload,
                    );
                    sent.await.map_err(Away::from)?;
                }
                if in_flight.len() == IN_FLIGHT / ACKNOWLEDGED {
                    self.acknowledge(&mut in_flight).await?;
                }
            }
        }
        while !in_flight.is_empty() {
            self.acknowledge(&mut in_flight).await?;
        }
        self.status
            .send_modify(|status| status.head = after.max(status.head));
        Ok(after)
    }

    /// Reads the page after a position and makes messages of it, beside what is being sent. A page
    /// that nobody waits for any more is lost, and that is all.
    fn read_ahead(&self, after: i64) -> JoinHandle<Result<Vec<Message>, LogError>> {
        let (log, prefix) = (Arc::clone(&self.log), self.target.prefix.clone());
        tokio::spawn(async move {
            let page = log.read(after, PAGE).await?;
            let message = |event: &Recorded| Message {
                position: event.position,
                subject: subject(&prefix, event),
                headers: headers(log.log_id(), event),
                payload: event.record.payload.clone().into(),
            };
            Ok(page.iter().map(message).collect())
        })
    }

    /// Waits for the oldest. One that was already there is as good.
    async fn acknowledge(&self, in_flight: &mut VecDeque<InFlight>) -> Result<(), End> {
        let Some(oldest) = in_flight.pop_front() else {
            return Ok(());
        };
        let answer = oldest.acknowledgement.await.map_err(Away::from)?;
        if answer.sequence != oldest.position.unsigned_abs() {
            return Err(Away(format!(
                "position {} became message {}",
                oldest.position, answer.sequence
            ))
            .into());
        }
        self.reached(oldest.position);
        Ok(())
    }

    fn reached(&self, position: i64) {
        self.status.send_modify(|status| {
            status.position = position;
            status.head = position.max(status.head);
        });
    }
}

/// An event as it is sent.
struct Message {
    position: i64,
    subject: String,
    headers: HeaderMap,
    payload: Bytes,
}

/// A message that is to be acknowledged.
struct InFlight {
    position: i64,
    acknowledgement: PublishAckFuture,
}

async fn send(context: &Context, message: Message) -> Result<InFlight, End> {
    let body = PublishMessage::build()
        .headers(message.headers)
        .payload(message.payload);
    let acknowledgement = context.send_publish(message.subject, body).await;
    Ok(InFlight {
        position: message.position,
        acknowledgement: acknowledgement.map_err(Away::from)?,
    })
}
