//! The one path of every act: what is asked, under which key, and what is answered.

pub mod answer;
pub mod body;
pub mod headers;
pub mod path;

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Request};
use commands::executor::{self, UseCase};
use domain::envelope::Channel;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

pub use self::answer::{Accepted, Answer, Created, Done, Refuses};
pub use self::path::{At, AtBoth};

use self::body::Body;
use self::headers::Envelope;
use crate::app::App;
use crate::auth::Caller;
use crate::problem::Problem;

/// What a handler answers.
pub type Reply<T> = Result<T, Problem>;

/// The body of an act that takes nothing but what stands in the path: empty, or `{}`.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A whole request for an act. It is the last argument of a handler.
pub struct Call<B> {
    /// Who asks.
    pub caller: Caller,
    /// What they send.
    pub body: B,
    request: executor::Request,
    /// What the request hash is about, beside the act's name.
    hashed: String,
}

impl<B: DeserializeOwned> FromRequest<Arc<App>> for Call<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let envelope = Envelope::of(&parts.headers)?;
        let path = parts.extensions.get::<OriginalUri>();
        let path = path.map_or(parts.uri.path(), |uri| uri.path()).to_owned();
        let request = Request::from_parts(parts, body);
        let Body { value, canonical } = Body::from_request(request, app).await?;
        Ok(Self {
            hashed: format!("{path}\n{}\n{canonical}", envelope.hashed()),
            request: request_of(&caller, envelope),
            caller,
            body: value,
        })
    }
}

fn request_of(caller: &Caller, envelope: Envelope) -> executor::Request {
    let principal = caller.principal.clone();
    let channel = if envelope.was_offline() {
        Channel::Offline
    } else {
        caller.channel
    };
    executor::Request {
        occurred_at: envelope.occurred_at,
        acting_for: envelope.acting_for.map(|id| id.to_string()),
        corrects: envelope.corrects,
        device: envelope.device.map(String::from),
        device_seq: envelope.device_seq,
        ..executor::Request::new(principal, envelope.key, String::new(), channel)
    }
}

impl<B> Call<B> {
    /// Does an act on something that exists: 200.
    ///
    /// # Errors
    /// See [`Problem`].
    pub async fn act<U: UseCase>(self, act: impl FnOnce(B) -> U) -> Reply<Done<U>> {
        self.answer(act).await
    }

    /// Does an act that brings something into being: 201.
    ///
    /// # Errors
    /// See [`Problem`].
    pub async fn create<U: UseCase>(self, act: impl FnOnce(B) -> U) -> Reply<Created<U>> {
        self.answer(act).await
    }

    /// Does an act whose consequences take a while: 202.
    ///
    /// # Errors
    /// See [`Problem`].
    pub async fn accept<U: UseCase>(self, act: impl FnOnce(B) -> U) -> Reply<Accepted<U>> {
        self.answer(act).await
    }

    async fn answer<U: UseCase, const STATUS: u16>(
        self,
        act: impl FnOnce(B) -> U,
    ) -> Reply<Answer<U, STATUS>> {
        let desk = &self.caller.app.desk;
        let mut request = self.request;
        let hashed = self.hashed.as_bytes();
        request.request_hash = desk.codes().request_hash(U::NAME, hashed);
        let done = desk.execute(request, act(self.body)).await?;
        Ok(Answer::new(done))
    }
}
