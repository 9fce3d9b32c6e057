//! Tells a story through the ordinary command path: every act is authorised, decided and appended
//! like any other. Keys come from the story, so that telling it again changes nothing.

use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use commands::executor::{Desk, Done, Failure, Request, UseCase};
use commands::principal::Principal;
use domain::Refused;
use domain::access::Scope;
use domain::envelope::Channel;
use domain::ids::{AccessId, derived};
use domain::text::Slug;
use domain::time::start_of;
use uuid::Uuid;

/// Whoever tells.
pub struct Teller {
    /// Where acts are done.
    pub desk: Arc<Desk>,
    /// The network of the story.
    pub network: Slug,
    /// The access of the operator, once it is granted.
    pub importer: AccessId,
    system: Principal,
    operator: Principal,
}

impl Teller {
    /// A teller at this desk.
    #[must_use]
    pub fn new(desk: Arc<Desk>, network: Slug) -> Self {
        let system = Principal::system(super::ACTOR, network.clone());
        // The import scope is what lets a story begin in 2019.
        let importer = AccessId(derived(Uuid::nil(), "demo operator", 0));
        let operator = Principal::of(importer, network.clone(), Scope::Operator { import: true });
        Self {
            desk,
            network,
            importer,
            system,
            operator,
        }
    }

    /// An act of the operator that must succeed.
    ///
    /// # Errors
    /// If it is refused, or the log is away.
    pub async fn tell<U: UseCase>(
        &self,
        key: impl Into<String>,
        at: DateTime<Utc>,
        act: U,
    ) -> anyhow::Result<Done<U::Answer>> {
        let key = key.into();
        let done = self.attempt(&self.operator, &key, at, act).await;
        done.with_context(|| format!("{} at {at} ({key})", U::NAME))
    }

    /// An act of the set-up, or one that follows from others, that must succeed.
    ///
    /// # Errors
    /// If it is refused, or the log is away.
    pub async fn follow<U: UseCase>(
        &self,
        key: impl Into<String>,
        at: DateTime<Utc>,
        act: U,
    ) -> anyhow::Result<Done<U::Answer>> {
        let key = key.into();
        let done = self.attempt(&self.system, &key, at, act).await;
        done.with_context(|| format!("{} at {at} ({key})", U::NAME))
    }

    /// An act of the operator that must be refused; says how.
    ///
    /// # Errors
    /// If it is not refused.
    pub async fn refused<U: UseCase>(
        &self,
        key: impl Into<String>,
        at: DateTime<Utc>,
        act: U,
    ) -> anyhow::Result<Refused> {
        let key = key.into();
        match self.attempt(&self.operator, &key, at, act).await {
            Err(Failure::Refused(refused)) => Ok(refused),
            Err(other) => Err(other).with_context(|| format!("{} at {at} ({key})", U::NAME)),
            Ok(_) => anyhow::bail!("{} at {at} ({key}) should have been refused", U::NAME),
        }
    }

    async fn attempt<U: UseCase>(
        &self,
        principal: &Principal,
        key: &str,
        at: DateTime<Utc>,
        act: U,
    ) -> Result<Done<U::Answer>, Failure> {
        let hash = self.desk.codes().request_hash(U::NAME, key.as_bytes());
        let key = format!("demo/{key}");
        let mut request = Request::new(principal.clone(), key, hash, Channel::Import);
        request.occurred_at = Some(at);
        self.desk.execute(request, act).await
    }
}

/// A minute of a local day in Prague.
#[must_use]
pub fn minute(day: NaiveDate, minute: u32) -> DateTime<Utc> {
    start_of(day, chrono_tz::Europe::Prague) + TimeDelta::minutes(i64::from(minute))
}
