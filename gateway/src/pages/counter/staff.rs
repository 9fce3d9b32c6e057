//! Who stands behind the counter, and what they send from there.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, FromRequestParts, RawForm, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use commands::executor::{self, Done, Failure, UseCase};
use commands::principal::{May, Principal};
use domain::access::Scope;
use domain::envelope::Channel;
use domain::ids::VenueId;
use domain::network::Initiative;
use projections::venue_availability::query::{HostAvailability, one_host};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::App;
use crate::auth::session::Session;
use crate::pages::layout::Page;
use crate::pages::trouble::{Stop, Trouble, Why};

const SIGN_IN: &str = "/sign-in?next=/counter";

/// The staff of a venue, signed in with its token.
pub struct Staff {
    /// The page that they are on.
    pub page: Page,
    /// The gateway.
    pub app: Arc<App>,
    /// Who.
    pub who: Principal,
    /// Their venue.
    pub venue_id: VenueId,
    /// Its network.
    pub network: Arc<Initiative>,
    /// What they sent beside the form.
    pub headers: HeaderMap,
    session: Session,
}

impl FromRequestParts<Arc<App>> for Staff {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Stop> {
        let page = Page::from_request_parts(parts, app).await;
        let page = page.unwrap_or_else(|never: Infallible| match never {});
        let page = page.at("counter");
        let stop = |why| Stop::Trouble(page.trouble(why));
        let session = Session::of(&parts.headers, app);
        let (Some(who), Some(session)) = (page.signed_in()?, session) else {
            let reads = parts.method == Method::GET;
            return Err(if reads {
                Stop::SignIn(SIGN_IN)
            } else {
                stop(Why::SignIn)
            });
        };
        let May::Scope(Scope::Venue { venue_id }) = who.may else {
            return Err(stop(Why::NotAllowed));
        };
        let network = page.its_network()?;
        Ok(Self {
            app: Arc::clone(app),
            who,
            venue_id,
            network,
            headers: parts.headers.clone(),
            session,
            page,
        })
    }
}

impl Staff {
    /// What every form carries.
    #[must_use]
    pub fn hidden(&self) -> Hidden {
        let csrf = self.page.csrf().unwrap_or_default().to_owned();
        Hidden { csrf }
    }

    /// Their venue as everybody sees it.
    ///
    /// # Errors
    /// If the read models are away or do not know it yet.
    pub async fn host(&self) -> Result<HostAvailability, Trouble> {
        let now = self.app.desk.clock().now();
        let (slug, key) = (&self.network.founded.network, self.venue_id.to_string());
        let found = one_host(self.app.views.as_ref(), slug, &key, now).await;
        let found = found.map_err(|error| self.page.views_failed(&error))?;
        found.ok_or_else(|| self.page.trouble(Why::Away))
    }

    /// The currency of their network.
    #[must_use]
    pub fn currency(&self) -> &str {
        self.network.founded.currency.0.code()
    }
}

/// The fields that nobody sees.
pub struct Hidden {
    /// The CSRF token of the session.
    pub csrf: String,
}

impl Hidden {
    /// A new idempotency key, for one form.
    #[must_use]
    pub fn key(&self) -> String {
        commands::tokens::draw().replace("sps_", "")
    }
}

/// A form that the staff sent.
pub struct Posted<F> {
    /// Who sent it.
    pub staff: Staff,
    /// What it says.
    pub form: F,
    key: String,
    hashed: String,
}

#[derive(Deserialize)]
struct Carried {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    key: String,
}

impl<F: DeserializeOwned> FromRequest<Arc<App>> for Posted<F> {
    type Rejection = Stop;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let staff = Staff::from_request_parts(&mut parts, app).await?;
        let old_form = || Stop::Trouble(staff.page.trouble(Why::OldForm));
        let path = parts.uri.path().to_owned();
        let request = Request::from_parts(parts, body);
        let bytes = RawForm::from_request(request, app).await;
        let RawForm(bytes) = bytes.map_err(|_| old_form())?;
        let Carried { csrf, key } = read(&bytes).await.ok_or_else(old_form)?;
        let checked = staff.session.check(&app.sessions, &csrf);
        checked.map_err(|_| old_form())?;
        let form = read(&bytes).await.ok_or_else(old_form)?;
        Ok(Self {
            hashed: format!("{path}\n{}", without_csrf(&bytes)),
            form,
            key,
            staff,
        })
    }
}

impl<F> Posted<F> {
    /// Does what the form asks for, once.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn act<U: UseCase>(&self, act: U) -> Result<Done<U::Answer>, Failure> {
        self.does(self.request(), act).await
    }

    /// Does one of several things that the form asks for, once. Where it follows from an event of
    /// one before, that is its cause.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn nth<U: UseCase>(
        &self,
        n: usize,
        cause: Option<Uuid>,
        act: U,
    ) -> Result<Done<U::Answer>, Failure> {
        let whole = self.request();
        let request = executor::Request {
            key: format!("{}-{n}", self.key),
            causation: cause,
            correlation: Some(whole.command_id()),
            ..whole
        };
        self.does(request, act).await
    }

    fn request(&self) -> executor::Request {
        let who = self.staff.who.clone();
        executor::Request::new(who, self.key.clone(), String::new(), Channel::Page)
    }

    async fn does<U: UseCase>(
        &self,
        mut request: executor::Request,
        act: U,
    ) -> Result<Done<U::Answer>, Failure> {
        let desk = &self.staff.app.desk;
        request.request_hash = desk.codes().request_hash(U::NAME, self.hashed.as_bytes());
        desk.execute(request, act).await
    }
}

async fn read<T: DeserializeOwned>(bytes: &Bytes) -> Option<T> {
    let request = Request::builder()
        .method(Method::POST)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(bytes.clone()))
        .ok()?;
    let form = Form::<T>::from_request(request, &()).await.ok()?;
    Some(form.0)
}

/// The same form is the same act in a later session too.
fn without_csrf(bytes: &Bytes) -> String {
    let text = String::from_utf8_lossy(bytes);
    let kept = text.split('&').filter(|pair| !pair.starts_with("csrf="));
    kept.collect::<Vec<_>>().join("&")
}
