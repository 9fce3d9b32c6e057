//! Who calls: a bearer token or a session cookie becomes a principal in one network.

pub mod door;
pub mod session;
pub mod sign_in;

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use commands::principal::Principal;
use domain::envelope::Channel;
use domain::text::Slug;

use crate::app::App;
use crate::auth::session::Session;
use crate::problem::Problem;

/// The header in which a page's script sends the session's CSRF token.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// Somebody known, in the network of the path. Take this in a route that reads.
#[derive(Clone)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// The surface that they use.
    pub channel: Channel,
    /// The session, if it was not a bearer token.
    pub session: Option<Session>,
    /// The gateway.
    pub app: Arc<App>,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Self::in_network(parts, app).await?;
        caller.check_forgery(parts)?;
        Ok(caller)
    }
}

impl Caller {
    /// Somebody known, in the network of the path. A page whose form carries the CSRF token in a
    /// field takes this, and then calls [`Session::check`] with the field.
    ///
    /// # Errors
    /// 401 for whoever is unknown, 404 for whoever belongs to another network: they learn nothing
    /// of this one, not even that it exists.
    pub async fn in_network(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Self::known(parts, app).await?;
        match network(parts, app).await {
            Some(network) if network == caller.principal.network => Ok(caller),
            Some(_) | None => Err(Problem::not_found()),
        }
    }

    /// Somebody known, in whatever network.
    ///
    /// # Errors
    /// 401 for everybody else.
    pub async fn known(parts: &Parts, app: &Arc<App>) -> Result<Self, Problem> {
        if let Some(token) = bearer(&parts.headers)? {
            let principal = app.door.open_token(&app.desk, token).await?;
            return Ok(Self {
                principal: principal.ok_or_else(Problem::unauthenticated)?,
                channel: Channel::Api,
                session: None,
                app: Arc::clone(app),
            });
        }
        let session = Session::of(&parts.headers, app).ok_or_else(Problem::unauthenticated)?;
        let principal = app.door.open_access(&app.desk, session.access_id).await?;
        Ok(Self {
            principal: principal.ok_or_else(Problem::unauthenticated)?,
            channel: Channel::Page,
            session: Some(session),
            app: Arc::clone(app),
        })
    }

    /// A browser sends its cookie whoever made the page, so a script proves that it read ours.
    fn check_forgery(&self, parts: &Parts) -> Result<(), Problem> {
        let changes = parts.method != Method::GET && parts.method != Method::HEAD;
        match &self.session {
            Some(session) if changes => {
                let sent = parts.headers.get(CSRF_HEADER);
                let sent = sent.and_then(|value| value.to_str().ok());
                session.check(&self.app.sessions, sent.unwrap_or_default())
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let value = value.to_str().map_err(|_| Problem::unauthenticated())?;
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        Some(_) | None => Err(Problem::unauthenticated()),
    }
}

async fn network(parts: &mut Parts, app: &Arc<App>) -> Option<Slug> {
    let params = RawPathParams::from_request_parts(parts, app).await.ok()?;
    let named = params.iter().find(|(name, _)| *name == "network");
    named.and_then(|(_, slug)| slug.parse().ok())
}
