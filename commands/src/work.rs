//! One attempt at one command: what it read, what it decided, what it will write.

mod writing;

use std::any::Any;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cqrs_es::event_sink::EventSink;
use domain::district::District;
use domain::envelope::{Channel, Record};
use domain::ids::{DistrictId, NetworkId, VoucherId};
use domain::network::Network;
use domain::network::set_policy::Policy;
use domain::sealed::{PersonalText, Sealed, SealedField};
use domain::text::{Label, Slug};
use domain::{Entity, Stream, ids};
use uuid::Uuid;

use crate::cache::Cached;
use crate::executor::{Desk, Failure, Request};
use crate::lookup::{BoardKey, Indexed, Lookup, LookupWrite};
use crate::picks::Picked;
use crate::principal::Principal;
use crate::store::{event_id, last_of, replay};
use crate::turns::Turn;

/// One attempt. Everything that it reads is expected to be unchanged when it is appended.
pub struct Work {
    desk: Arc<Desk>,
    request: Arc<Request>,
    command_id: Uuid,
    recorded_at: DateTime<Utc>,
    opened: BTreeMap<Uuid, Opened>,
    drawn: HashSet<Uuid>,
    records: Vec<Record>,
    lookups: Vec<LookupWrite>,
    picked: Vec<Picked>,
    turns: Vec<Turn>,
    corrects: Option<Uuid>,
    causation: Option<Uuid>,
    acting_for: Option<Uuid>,
    blocks: Vec<Uuid>,
    secrets: BTreeMap<String, String>,
    next_id: u32,
}

struct Opened {
    stream: Stream,
    version: i64,
    written: i64,
    state: Arc<dyn Any + Send + Sync>,
}

impl Work {
    pub(crate) fn new(desk: Arc<Desk>, request: Arc<Request>, command_id: Uuid) -> Self {
        Self {
            recorded_at: desk.clock.now(),
            command_id,
            desk,
            request,
            opened: BTreeMap::new(),
            drawn: HashSet::new(),
            records: Vec::new(),
            lookups: Vec::new(),
            picked: Vec::new(),
            turns: Vec::new(),
            corrects: None,
            causation: None,
            acting_for: None,
            blocks: Vec::new(),
            secrets: BTreeMap::new(),
            next_id: 0,
        }
    }

    /// The network in which the command acts.
    #[must_use]
    pub fn network(&self) -> &Slug {
        &self.request.network
    }

    /// Who acts.
    #[must_use]
    pub fn who(&self) -> &Principal {
        &self.request.principal
    }

    /// Through which channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.request.channel
    }

    pub(crate) fn command_id(&self) -> Uuid {
        self.command_id
    }

    /// When the act happened.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        self.request.occurred_at.unwrap_or(self.recorded_at)
    }

    /// When it is recorded.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.recorded_at
    }

    /// A new id, the same one whenever the same command is tried again.
    pub fn new_id<T: From<Uuid>>(&mut self) -> T {
        self.next_id += 1;
        let id = ids::derived(self.command_id, "id", self.next_id);
        self.draws(id);
        id.into()
    }

    /// Takes the stream of an id that follows from a new one for empty, without asking the log: the
    /// append finds out if it is not, and the next attempt reads it.
    pub fn draws(&mut self, id: impl Into<Uuid>) {
        self.drawn.insert(id.into());
    }

    /// What commands may look up.
    #[must_use]
    pub fn lookup(&self) -> &dyn Lookup {
        &*self.desk.lookup
    }

    /// The keys of the voucher codes.
    #[must_use]
    pub fn codes(&self) -> &crate::codes::CodeKeys {
        &self.desk.codes
    }

    /// The state of an aggregate that must exist in this network.
    ///
    /// # Errors
    /// `NotFound` if there is none or it belongs to another network.
    pub async fn get<A: Entity>(&mut self, id: impl Into<Uuid> + Send) -> Result<Arc<A>, Failure> {
        let state = self.look::<A>(id).await?;
        if state.network().is_some() {
            Ok(state)
        } else {
            Err(Failure::NotFound)
        }
    }

    /// The state of an aggregate that may not exist yet.
    ///
    /// # Errors
    /// `NotFound` if it belongs to another network.
    pub async fn look<A: Entity>(&mut self, id: impl Into<Uuid> + Send) -> Result<Arc<A>, Failure> {
        let stream = A::stream(id);
        if !self.opened.contains_key(&stream.id) {
            let opened = self.open::<A>(stream).await?;
            self.opened.insert(stream.id, opened);
        }
        let state = self.state::<A>(stream)?;
        match state.network() {
            Some(network) if *network != self.request.network => Err(Failure::NotFound),
            Some(_) | None => Ok(state),
        }
    }

    /// Lets an aggregate decide on a command, and keeps the events to be written.
    ///
    /// # Errors
    /// The refusal of the act, or `NotFound` as with [`Work::look`].
    pub async fn decide<A: Indexed>(
        &mut self,
        id: impl Into<Uuid> + Send,
        command: impl Into<A::Command>,
    ) -> Result<Vec<A::Event>, Failure>
    where
        A::Command: Send,
    {
        let (stream, command) = (A::stream(id), command.into());
        let mut state = (*self.look::<A>(stream.id).await?).clone();
        let sink = EventSink::default();
        state.handle(command, &(), &sink).await?;
        let events = sink.collect().await;
        for event in &events {
            self.write::<A>(stream, event)?;
        }
        if !events.is_empty() {
            let writes = state.lookups(stream, &events, &self.desk.codes);
            self.lookups.extend(writes);
            if let Some(opened) = self.opened.get_mut(&stream.id) {
                opened.state = Arc::new(state);
            }
        }
        Ok(events)
    }

    /// As [`Work::decide`], for what follows from the last event of `cause`, a stream that this
    /// command has read or written.
    ///
    /// # Errors
    /// As with [`Work::decide`].
    pub async fn decide_after<A: Indexed>(
        &mut self,
        cause: impl Into<Uuid> + Send,
        id: impl Into<Uuid> + Send,
        command: impl Into<A::Command>,
    ) -> Result<Vec<A::Event>, Failure>
    where
        A::Command: Send,
    {
        let (id, command) = (id.into(), command.into());
        let cause = self.last_event_id(cause.into());
        let before = std::mem::replace(&mut self.causation, cause);
        let decided = self.decide::<A>(id, command).await;
        self.causation = before;
        decided
    }

    fn last_event_id(&self, stream: Uuid) -> Option<Uuid> {
        let opened = self.opened.get(&stream)?;
        let sequence = opened.version + opened.written;
        let event_id = || Record::event_id(self.desk.log.log_id(), stream, sequence);
        (sequence > 0).then(event_id)
    }

    /// The id of the last event of a stream that is the one looked for, e.g. to correct it.
    ///
    /// # Errors
    /// If the log is away.
    pub async fn event_id<A: Entity>(
        &self,
        stream: Stream,
        is_it: impl Fn(&A::Event) -> bool + Send,
    ) -> Result<Option<Uuid>, Failure> {
        let log = &*self.desk.log;
        let found = last_of::<A>(log, stream, is_it).await?;
        Ok(found.map(|stored| event_id(log, stream, &stored)))
    }

    /// The network's policy in force when the act happened.
    ///
    /// # Errors
    /// `NotFound` if the network does not exist.
    pub async fn policy(&mut self) -> Result<Policy, Failure> {
        let network = self
            .get::<Network>(NetworkId::of(&self.request.network))
            .await?;
        let initiative = network.initiative().ok_or(Failure::NotFound)?;
        Ok(initiative.policy(self.at()))
    }

    /// Seals a personal text for a field of the aggregate's event.
    ///
    /// # Errors
    /// If the vault is away, or the person was erased.
    pub async fn seal<A: Entity>(
        &self,
        id: impl Into<Uuid> + Send,
        field: &'static str,
        key_id: Uuid,
        text: &PersonalText,
    ) -> Result<Sealed, Failure> {
        let field = SealedField {
            network: self.request.network.clone(),
            aggregate_type: A::TYPE,
            aggregate_id: id.into(),
            field,
        };
        Ok(self
            .desk
            .vault
            .seal(key_id, field, text.reveal().to_owned())
            .await?)
    }

    /// Whether the network has drawn the district with this code.
    ///
    /// # Errors
    /// If the log is away.
    pub async fn is_drawn(&mut self, code: &Label) -> Result<bool, Failure> {
        let id = DistrictId::of(self.network(), code.as_str());
        Ok(self.look::<District>(id).await?.drawn().is_some())
    }

    /// On whose behalf the act is done, unless the caller said.
    pub fn acts_for(&mut self, id: impl Into<Uuid>) {
        self.acting_for = Some(id.into());
    }

    /// From the moment on at which the act is in the log, nothing under this key is opened.
    pub fn block_after(&mut self, key_id: Uuid) {
        self.blocks.push(key_id);
    }

    /// Repeatable, so that a caller who was not answered can send the same request again.
    pub(crate) async fn block(&self) -> Result<(), Failure> {
        for key_id in &self.blocks {
            self.desk.vault.block(*key_id).await?;
        }
        Ok(())
    }

    /// The events from here on correct this one.
    pub fn corrects(&mut self, event_id: Uuid) {
        self.corrects = Some(event_id);
    }

    /// A secret that the caller sees once and that is kept nowhere.
    pub fn reveal(&mut self, name: &str, secret: String) {
        self.secrets.insert(name.to_owned(), secret);
    }

    pub(crate) fn names_of_secrets(&self) -> Vec<String> {
        self.secrets.keys().cloned().collect()
    }

    pub(crate) fn take_secrets(&mut self) -> BTreeMap<String, String> {
        std::mem::take(&mut self.secrets)
    }

    /// Waits until nobody else in this process counts on this, and keeps the turn until the command
    /// is settled. Take one for one command, before anything is picked.
    pub async fn take_turn(&mut self, on: impl Into<Uuid>) {
        let turn = self.desk.turns.take(on.into()).await;
        self.turns.push(turn);
    }

    /// Picks `count` vouchers from the board, or says how many there are if they are fewer.
    ///
    /// # Errors
    /// If the lookups are away.
    pub async fn pick(
        &mut self,
        key: &BoardKey,
        count: usize,
    ) -> Result<Result<Vec<VoucherId>, usize>, Failure> {
        let (picks, lookup) = (&self.desk.picks, &*self.desk.lookup);
        match picks.pick(lookup, key, self.at(), count).await? {
            Ok(picked) => {
                let vouchers = picked.vouchers.clone();
                self.picked.push(picked);
                Ok(Ok(vouchers))
            }
            Err(left) => Ok(Err(left)),
        }
    }

    /// Forgets what was picked and all that was read and decided about it, because somebody else
    /// was faster.
    pub fn put_back(&mut self, vouchers: &[VoucherId]) {
        let is_one = |id: &Uuid| vouchers.iter().any(|voucher| voucher.0 == *id);
        self.desk
            .cache
            .mark_behind(vouchers.iter().map(|voucher| voucher.0));
        self.opened.retain(|id, _| !is_one(id));
        self.records.retain(|record| !is_one(&record.aggregate_id));
        self.lookups
            .retain(|write| write.subject().is_none_or(|id| !is_one(&id)));
        self.picked.retain(|picked| picked.vouchers != vouchers);
    }

    /// After the append succeeded: what was decided is now what is known.
    pub(crate) fn remember(&self) {
        for (id, opened) in &self.opened {
            let version = opened.version + opened.written;
            let cached = Cached {
                version,
                state: Arc::clone(&opened.state),
                behind: false,
            };
            self.desk.cache.put(*id, cached);
        }
    }

    /// After the append found a stream changed: what is known is behind, and what was taken for empty
    /// is read.
    pub(crate) fn doubt(&self) {
        let taken_for_empty = self.opened.keys().filter(|id| self.drawn.contains(id));
        self.desk.cache.put_unread(taken_for_empty.copied());
        self.desk.cache.mark_behind(self.opened.keys().copied());
    }

    async fn open<A: Entity>(&self, stream: Stream) -> Result<Opened, Failure> {
        let known = self.desk.cache.get(stream.id);
        let (version, state, behind) = match known {
            Some(known) => (
                known.version,
                known.state.downcast::<A>().ok(),
                known.behind,
            ),
            None if self.drawn.contains(&stream.id) => {
                return Ok(Opened {
                    stream,
                    version: 0,
                    written: 0,
                    state: Arc::new(A::default()),
                });
            }
            None => (0, None, true),
        };
        let version = if state.is_some() { version } else { 0 };
        let state = match state {
            Some(state) if !behind => {
                return Ok(Opened {
                    stream,
                    version,
                    written: 0,
                    state,
                });
            }
            Some(state) => (*state).clone(),
            None => A::default(),
        };
        let events = self.desk.log.load(stream, version).await?;
        let version = version + i64::try_from(events.len()).unwrap_or(i64::MAX);
        let state: Arc<dyn Any + Send + Sync> = Arc::new(replay(state, events)?);
        let cached = Cached {
            version,
            state: Arc::clone(&state),
            behind: false,
        };
        self.desk.cache.put(stream.id, cached);
        Ok(Opened {
            stream,
            version,
            written: 0,
            state,
        })
    }

    fn state<A: Entity>(&self, stream: Stream) -> Result<Arc<A>, Failure> {
        let opened = self.opened.get(&stream.id);
        let state = opened.and_then(|opened| Arc::clone(&opened.state).downcast::<A>().ok());
        // One id in two types can only come from a caller who sent the id of something else.
        state.ok_or(Failure::NotFound)
    }
}
