//! The stream: its settings, what it holds, and making it anew.

use std::time::Duration;

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{Context, ContextBuilder, GetStreamErrorKind};
use async_nats::jetstream::stream::{
    Config, DiscardPolicy, LastRawMessageErrorKind, RetentionPolicy, StorageType, Stream,
};
use async_nats::{Client, ConnectOptions, ServerAddr};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::message::{LEAF_HASH, LOG_ID};

/// The most messages that are sent and not yet acknowledged.
pub(super) const IN_FLIGHT: usize = 1024;
/// How long the server may take to answer before it counts as away.
const ANSWER: Duration = Duration::from_secs(5);

/// Where the events go.
#[derive(Clone, Debug)]
pub struct Target {
    /// The server's URL, with user and password (or a token) where it asks for them, percent-encoded.
    pub url: String,
    /// The name of the stream.
    pub stream: String,
    /// What its subjects begin with, without the dot.
    pub prefix: String,
}

impl Target {
    /// The stream `sospeso` with subjects `sospeso.<network>.<aggregate>.<act>`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            stream: "sospeso".to_owned(),
            prefix: "sospeso".to_owned(),
        }
    }
}

/// NATS does not answer, or not as it should. The text is for the operator's log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("NATS does not answer as it should: {0}")]
pub struct Away(pub(super) String);

impl Away {
    pub(super) fn from(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Deletes the stream and makes an empty one, which a running relay then fills from the first event
/// on. Consumers of the old one are gone with it.
pub async fn rebuild(target: &Target, log_id: Uuid) -> Result<(), Away> {
    let context = connect(target).await?;
    if find(&context, target).await?.is_some() {
        context
            .delete_stream(&target.stream)
            .await
            .map_err(Away::from)?;
    }
    create(&context, target, log_id).await.map(|_| ())
}

/// The server's version, if it answers.
pub async fn version(target: &Target) -> Result<String, Away> {
    let client = client(target, "sospeso doctor").await?;
    Ok(client.server_info().version)
}

pub(crate) async fn connect(target: &Target) -> Result<Context, Away> {
    let client = client(target, "sospeso relay").await?;
    Ok(ContextBuilder::new()
        .timeout(ANSWER)
        .ack_timeout(ANSWER)
        // The relay counts for itself; this only must not be the smaller one.
        .max_ack_inflight(2 * IN_FLIGHT)
        .build(client))
}

/// The URL may name several servers, with commas between. The library leaves user and password in
/// it alone, so they are taken out here.
pub(super) async fn client(target: &Target, name: &str) -> Result<Client, Away> {
    let servers = target.url.split(',').map(str::parse);
    let servers: Vec<ServerAddr> = servers.collect::<Result<_, _>>().map_err(Away::from)?;
    let mut options = ConnectOptions::new().name(name).connection_timeout(ANSWER);
    if let Some((user, password)) = servers.iter().find_map(login) {
        options = match password {
            Some(password) => options.user_and_password(user, password),
            None => options.token(user),
        };
    }
    options.connect(servers).await.map_err(Away::from)
}

/// User and password, or a token alone.
fn login(server: &ServerAddr) -> Option<(String, Option<String>)> {
    let plain = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((plain(server.username()?), server.password().map(plain)))
}

/// The stream, if there is one.
pub(super) async fn find(context: &Context, target: &Target) -> Result<Option<Stream>, Away> {
    match context.get_stream(&target.stream).await {
        Ok(stream) => Ok(Some(stream)),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(inner)
                if inner.error_code() == ErrorCode::STREAM_NOT_FOUND =>
            {
                Ok(None)
            }
            _ => Err(Away::from(error)),
        },
    }
}

/// An empty stream without any limit, from which nothing can be deleted but all of it.
pub(super) async fn create(
    context: &Context,
    target: &Target,
    log_id: Uuid,
) -> Result<Stream, Away> {
    let config = Config {
        name: target.stream.clone(),
        subjects: vec![format!("{}.>", target.prefix)],
        // Servers before 2.10 keep no metadata of streams.
        description: Some(description(log_id)),
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_bytes: -1,
        max_age: Duration::ZERO,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
        ..Config::default()
    };
    context.create_stream(config).await.map_err(Away::from)
}

fn description(log_id: Uuid) -> String {
    format!("sospeso log {log_id}")
}

/// Whether the stream was made for this log.
pub(super) fn is_of(stream: &Stream, log_id: Uuid) -> bool {
    stream.cached_info().config.description.as_deref() == Some(description(log_id).as_str())
}

/// What the stream says of the event at a position.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trace {
    pub log_id: String,
    pub leaf_hash: String,
}

/// `None` if there is no message with this number.
pub(super) async fn trace(stream: &Stream, position: u64) -> Result<Option<Trace>, Away> {
    let message = match stream.get_raw_message(position).await {
        Ok(message) => message,
        Err(error) if matches!(error.kind(), LastRawMessageErrorKind::NoMessageFound) => {
            return Ok(None);
        }
        Err(error) => return Err(Away::from(error)),
    };
    let header = |name: &str| {
        let value = message.headers.get(name);
        value.map_or_else(String::new, |value| value.as_str().to_owned())
    };
    Ok(Some(Trace {
        log_id: header(LOG_ID),
        leaf_hash: header(LEAF_HASH),
    }))
}
