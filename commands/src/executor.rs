//! The one path of every command: authorise, decide, append, and decide again if the world moved.

use std::collections::{BTreeMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::Refused;
use domain::envelope::{Channel, Role};
use domain::ids;
use domain::text::Slug;
use domain::time::{MAX_AHEAD, MAX_BACK_OPERATOR, MAX_BACK_VENUE};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::cache::Cache;
use crate::clock::Clock;
use crate::codes::CodeKeys;
use crate::log::{Append, Appended, EventLog, KeptAnswer, LogError};
use crate::lookup::Lookup;
use crate::picks::Picks;
use crate::principal::{Denied, May, Principal};
use crate::turns::Turns;
use crate::vault::{Vault, VaultError};
use crate::work::Work;

/// How often a command is decided again because another was faster. Each time somebody else got
/// on, so this bounds waiting under a storm on one stream.
const ATTEMPTS: u32 = 64;
/// The longest idempotency key, in bytes.
pub const MAX_KEY: usize = 200;

/// What every command needs.
pub struct Desk {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) lookup: Arc<dyn Lookup>,
    pub(crate) vault: Arc<dyn Vault>,
    pub(crate) codes: CodeKeys,
    pub(crate) clock: Clock,
    pub(crate) cache: Cache,
    pub(crate) picks: Arc<Picks>,
    pub(crate) turns: Turns,
    in_flight: Mutex<HashSet<Uuid>>,
}

/// One act as it comes in. It is stateless: it may be tried several times.
pub trait UseCase: Send + Sync + 'static {
    /// The act's name, e.g. `voucher.redeem`.
    const NAME: &'static str;
    /// The names under which it may reveal secrets, see [`Work::reveal`], for the documentation.
    const SECRETS: &'static [&'static str] = &[];
    /// Whether what it answers is kept for ever: what it makes would have another id the next time, so that
    /// nothing else tells that it was done. Others are forgotten after 30 days.
    const KEPT_FOR_EVER: bool = false;
    /// What is answered and kept: ids, never a secret.
    type Answer: Serialize + DeserializeOwned + Send;

    /// Whether this caller may do it at all.
    ///
    /// # Errors
    /// See [`Denied`].
    fn authorise(&self, who: &Principal) -> Result<(), Denied>;

    /// Gathers the facts and asks the domain.
    fn run(&self, work: &mut Work) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

/// Who sends what, and everything that goes into the envelope.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who.
    pub principal: Principal,
    /// In which network.
    pub network: Slug,
    /// The idempotency key.
    pub key: String,
    /// A keyed hash of the request's body, see [`CodeKeys::request_hash`].
    pub request_hash: String,
    /// Through which channel.
    pub channel: Channel,
    /// When it happened, if not now.
    pub occurred_at: Option<DateTime<Utc>>,
    /// On whose behalf.
    pub acting_for: Option<String>,
    /// The event that caused it.
    pub causation: Option<Uuid>,
    /// What it belongs to; absent = itself.
    pub correlation: Option<Uuid>,
    /// The event that it corrects.
    pub corrects: Option<Uuid>,
    /// The device.
    pub device: Option<String>,
    /// The device's own running number.
    pub device_seq: Option<u64>,
}

/// A command that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// Readers that have reached this position see it.
    pub position: i64,
    /// The ids.
    pub answer: T,
    /// Shown once; `None` if this is the answer to an earlier request under the same key.
    pub secrets: Option<BTreeMap<String, String>>,
    /// The names of the secrets that were shown then.
    pub shown_before: Vec<String>,
}

/// Why a command was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing in this network.
    #[error("there is no such thing")]
    NotFound,
    /// The domain says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The same key is being worked on in this process.
    #[error("a request with this key is being worked on")]
    InFlight,
    /// The key was used for another request.
    #[error("this key was used for another request")]
    KeyReused,
    /// Too many others change the same thing.
    #[error("too many change this at once")]
    Contended,
    /// The log does not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The vault does not answer.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

domain::refusals! {
    /// What is refused before any act looks at it.
    pub enum Refusal {
        /// The act lies in the future, or longer ago than the role may record.
        #[error("the time of the act lies outside of what this role may record")]
        OccurredAtOutOfBounds,
        /// An idempotency key is 1 to 200 visible characters.
        #[error("an idempotency key is 1 to {MAX_KEY} visible ASCII characters")]
        BadKey,
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept<T> {
    Done {
        answer: T,
        /// The names of the secrets, never the secrets.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        secrets: Vec<String>,
    },
    Refused(Refused),
}

impl Request {
    /// A request of this caller in its own network, now, through this channel.
    #[must_use]
    pub fn new(principal: Principal, key: String, request_hash: String, channel: Channel) -> Self {
        Self {
            network: principal.network.clone(),
            principal,
            key,
            request_hash,
            channel,
            occurred_at: None,
            acting_for: None,
            causation: None,
            correlation: None,
            corrects: None,
            device: None,
            device_seq: None,
        }
    }

    /// The command: of one sender in one network, the same idempotency key twice is the same
    /// command. Another request of the same form or call may say that it belongs to it.
    #[must_use]
    pub fn command_id(&self) -> Uuid {
        let who = ids::derived(
            Uuid::nil(),
            &format!("{}\n{}", self.network, self.principal.actor),
            0,
        );
        ids::derived(who, &self.key, 0)
    }

    fn check(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        let visible = self
            .key
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if self.key.is_empty() || self.key.len() > MAX_KEY || !visible {
            return Err(Failure::Refused(Refusal::BadKey.into()));
        }
        if self.principal.network != self.network {
            return Err(Failure::NotFound);
        }
        let Some(at) = self.occurred_at else {
            return Ok(());
        };
        let back = match self.principal.role() {
            _ if self.principal.may_import() => None,
            Role::Operator => Some(MAX_BACK_OPERATOR),
            _ => Some(MAX_BACK_VENUE),
        };
        let too_old = back.is_some_and(|back| at < now - back);
        if at > now + MAX_AHEAD || too_old {
            return Err(Failure::Refused(Refusal::OccurredAtOutOfBounds.into()));
        }
        Ok(())
    }
}

impl Desk {
    /// A desk over these engines.
    #[must_use]
    pub fn new(
        log: Arc<dyn EventLog>,
        lookup: Arc<dyn Lookup>,
        vault: Arc<dyn Vault>,
        codes: CodeKeys,
        clock: Clock,
    ) -> Arc<Self> {
        Arc::new(Self {
            log,
            lookup,
            vault,
            codes,
            clock,
            cache: Cache::default(),
            picks: Arc::default(),
            turns: Turns::default(),
            in_flight: Mutex::default(),
        })
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &Arc<dyn EventLog> {
        &self.log
    }

    /// The lookups.
    #[must_use]
    pub fn lookup(&self) -> &Arc<dyn Lookup> {
        &self.lookup
    }

    /// The vault.
    #[must_use]
    pub fn vault(&self) -> &Arc<dyn Vault> {
        &self.vault
    }

    /// The keys of the voucher codes.
    #[must_use]
    pub fn codes(&self) -> &CodeKeys {
        &self.codes
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The state of an aggregate for somebody who only reads, e.g. to check a code without
    /// spending it. `None` if there is none in this network.
    ///
    /// # Errors
    /// If the log is away.
    pub async fn read<A: domain::Entity>(
        self: &Arc<Self>,
        network: &Slug,
        id: impl Into<Uuid> + Send,
    ) -> Result<Option<Arc<A>>, Failure> {
        let reader = Principal {
            actor: "reader".into(),
            network: network.clone(),
            may: May::System,
        };
        let request = Request::new(reader, "read".into(), String::new(), Channel::Api);
        let id = id.into();
        self.cache.mark_behind(std::iter::once(id));
        let no_command = Uuid::nil();
        match Work::new(Arc::clone(self), Arc::new(request), no_command)
            .get::<A>(id)
            .await
        {
            Ok(state) => Ok(Some(state)),
            Err(Failure::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Does an act, or says why not. It goes on when the caller goes away.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn execute<U: UseCase>(
        self: &Arc<Self>,
        request: Request,
        act: U,
    ) -> Result<Done<U::Answer>, Failure> {
        request.check(self.clock.now())?;
        act.authorise(&request.principal)?;
        let desk = Arc::clone(self);
        let task = tokio::spawn(async move { desk.attempts(Arc::new(request), act).await });
        task.await
            .unwrap_or_else(|panic| Err(LogError::Broken(panic.to_string()).into()))
    }

    async fn attempts<U: UseCase>(
        self: Arc<Self>,
        request: Arc<Request>,
        act: U,
    ) -> Result<Done<U::Answer>, Failure> {
        let command_id = request.command_id();
        let _in_flight = InFlight::enter(&self, command_id)?;
        for _ in 0..ATTEMPTS {
            if let Some(answer) = self.attempt(&request, command_id, &act).await? {
                return Ok(answer);
            }
        }
        Err(Failure::Contended)
    }

    /// One attempt; `None` = the world moved while it was deciding.
    async fn attempt<U: UseCase>(
        self: &Arc<Self>,
        request: &Arc<Request>,
        command_id: Uuid,
        act: &U,
    ) -> Result<Option<Done<U::Answer>>, Failure> {
        let mut work = Work::new(Arc::clone(self), Arc::clone(request), command_id);
        let kept = match act.run(&mut work).await {
            Ok(answer) => Kept::Done {
                answer,
                secrets: work.names_of_secrets(),
            },
            Err(Failure::Refused(refused)) => Kept::Refused(refused),
            Err(other) => return Err(other),
        };
        let append = Self::write_up::<U>(request, &mut work, &kept)?;
        match self.log.append(append).await? {
            Appended::Done { position } => {
                work.block().await?;
                let secrets = Some(work.take_secrets());
                answer(kept, position, secrets, || work.remember()).map(Some)
            }
            Appended::Stale | Appended::LookupTaken => {
                work.doubt();
                Ok(None)
            }
            Appended::KeyTaken(known) => {
                work.block().await?;
                Self::replayed(request, &known).map(Some)
            }
        }
    }

    fn write_up<U: UseCase>(
        request: &Request,
        work: &mut Work,
        kept: &Kept<U::Answer>,
    ) -> Result<Append, Failure> {
        let is_done = matches!(kept, Kept::Done { .. });
        let body = serde_json::to_string(kept).map_err(|e| LogError::Broken(e.to_string()))?;
        let answer = KeptAnswer {
            command_id: work.command_id(),
            request_hash: request.request_hash.clone(),
            body,
            for_ever: request.channel == Channel::Reaction || (U::KEPT_FOR_EVER && is_done),
            position: 0,
        };
        Ok(work.append(answer, is_done))
    }

    fn replayed<T: DeserializeOwned>(
        request: &Request,
        known: &KeptAnswer,
    ) -> Result<Done<T>, Failure> {
        if known.request_hash != request.request_hash {
            return Err(Failure::KeyReused);
        }
        let kept =
            serde_json::from_str(&known.body).map_err(|e| LogError::Broken(e.to_string()))?;
        answer(kept, known.position, None, || ())
    }
}

fn answer<T>(
    kept: Kept<T>,
    position: i64,
    secrets: Option<BTreeMap<String, String>>,
    remember: impl FnOnce(),
) -> Result<Done<T>, Failure> {
    match kept {
        Kept::Done {
            answer,
            secrets: names,
        } => {
            remember();
            let replayed = secrets.is_none();
            Ok(Done {
                position,
                answer,
                secrets,
                shown_before: if replayed { names } else { Vec::new() },
            })
        }
        Kept::Refused(refused) => Err(Failure::Refused(refused)),
    }
}

/// Holds a command while it is worked on in this process.
struct InFlight<'a> {
    desk: &'a Desk,
    command_id: Uuid,
}

impl<'a> InFlight<'a> {
    fn enter(desk: &'a Desk, command_id: Uuid) -> Result<Self, Failure> {
        let in_flight = desk.in_flight.lock();
        if in_flight
            .unwrap_or_else(PoisonError::into_inner)
            .insert(command_id)
        {
            Ok(Self { desk, command_id })
        } else {
            Err(Failure::InFlight)
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let in_flight = self.desk.in_flight.lock();
        in_flight
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.command_id);
    }
}

#[cfg(test)]
mod tests;
