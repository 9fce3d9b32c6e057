//! Reading: what holds for every answer of a read model.
//!
//! # How to add a read
//!
//! 1. Copy `campaign_totals.rs`. `Asked<Params>` takes the query string; `Params` derives
//!    `Deserialize` with `deny_unknown_fields` and `IntoParams`. A read that is not public takes
//!    `Caller` first, and asks the principal; a public one takes `InNetwork`, and says
//!    `security(())`.
//! 2. Answer with `Viewed::public` or `Viewed::private`: it adds the `ETag` and the view's headers.
//! 3. Add it to `routes` below, its line to `who_may.txt`, and a scenario in
//!    `tests/tests/suite/read/`.

mod campaign_totals;
mod district_coverage;
mod donor_impact;
pub(crate) mod events;
mod help_board;
pub mod last_known;
mod ledger;
pub mod past;
pub(crate) mod receipt;
mod venue_availability;
mod voucher_board;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::ids::NetworkId;
use domain::network::Network;
use domain::text::Slug;
use projections::answer::{Seen, View};
use projections::store::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;
use utoipa_axum::routes;

use crate::act::answer::POSITION;
use crate::app::App;
use crate::problem::Problem;
use crate::routes::Routes;

/// How long a reader waits for a view to reach the position that it asks for.
const WAIT: Duration = Duration::from_secs(2);
/// The position that a reader has seen, e.g. in the answer to its own act.
const MIN_POSITION: &str = "min_position";
/// How old the view is: the whole seconds since its last act was recorded.
static VIEW_AGE: HeaderName = HeaderName::from_static("sospeso-view-age");
/// The `Cache-Control` of what is the same for everybody.
const FOR_ANYBODY: &str = "no-cache";

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(venue_availability::venue_availability))
        .routes(routes!(voucher_board::voucher_board))
        .routes(routes!(district_coverage::district_coverage))
        .routes(routes!(district_coverage::district_coverage_geojson))
        .routes(routes!(district_coverage::district_coverage_exact))
        .routes(routes!(help_board::help_board))
        .routes(routes!(help_board::help_board_entries))
        .routes(routes!(donor_impact::donor_impact))
        .routes(routes!(receipt::receipt))
        .routes(routes!(receipt::opening))
        .routes(routes!(events::search::events))
        .routes(routes!(events::one::event))
        .routes(routes!(events::proof::proof))
        .routes(routes!(ledger::totals::totals))
        .routes(routes!(ledger::accounts::accounts))
        .routes(routes!(ledger::postings::postings))
        .routes(routes!(ledger::postings::postings_csv))
        .routes(routes!(ledger::reconciliation::reconciliation))
        .routes(routes!(campaign_totals::campaign_totals))
}

/// What every read takes beside its own parameters.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Waiting {
    /// The position that the view must have reached, e.g. that of your own act. The answer waits
    /// for it for up to 2 seconds; after that `view.reached` is false: accepted, view late.
    #[param(minimum = 0)]
    #[expect(dead_code, reason = "only its documentation is used")]
    min_position: Option<i64>,
}

/// What a reader asks for: the read's own parameters, and what the reader has seen already.
pub struct Asked<T> {
    /// The read's own parameters.
    pub params: T,
    /// What the view must have reached.
    pub seen: Seen,
    /// The `ETag` of the answer that the reader has.
    known: Option<HeaderValue>,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut position = 0;
        let mut own = Vec::new();
        for pair in parts.uri.query().unwrap_or_default().split('&') {
            match pair.split_once('=') {
                Some((MIN_POSITION, value)) => {
                    let bad = |_| bad_query(&format!("{MIN_POSITION} is a position"));
                    position = value.parse().map_err(bad)?;
                }
                Some(_) | None => own.push(pair),
            }
        }
        let uri: Uri = format!("/?{}", own.join("&"))
            .parse()
            .map_err(|_| bad_query("this is no query string"))?;
        let Query(params) =
            Query::try_from_uri(&uri).map_err(|rejection| bad_query(&rejection.body_text()))?;
        Ok(Self {
            params,
            seen: Seen {
                position,
                wait: WAIT,
            },
            known: parts.headers.get(header::IF_NONE_MATCH).cloned(),
        })
    }
}

fn bad_query(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}

/// The network of the path, for reads that need no token.
pub struct InNetwork {
    /// Its slug.
    pub network: Slug,
    /// The gateway.
    pub app: Arc<App>,
}

impl FromRequestParts<Arc<App>> for InNetwork {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::not_found())?;
        let named = path.iter().find(|(name, _)| *name == "network");
        let slug = named.and_then(|(_, slug)| slug.parse::<Slug>().ok());
        let network = slug.ok_or_else(Problem::not_found)?;
        let known = app.desk.read::<Network>(&network, NetworkId::of(&network));
        let known = known
            .await?
            .is_some_and(|known| known.initiative().is_some());
        if !known {
            return Err(Problem::not_found());
        }
        Ok(Self {
            network,
            app: Arc::clone(app),
        })
    }
}

/// An answer of a read model with its view's position and age, and an `ETag`: the same answer is
/// not sent twice to whoever has it.
pub struct Viewed {
    body: Vec<u8>,
    media_type: &'static str,
    view: View,
    known: Option<HeaderValue>,
    public: bool,
    next: Option<String>,
    now: DateTime<Utc>,
}

impl Viewed {
    /// What anybody may keep, if it asks whether it is still so before each use.
    ///
    /// # Errors
    /// If the answer is no JSON, which is a fault of ours.
    pub fn public<T, A: Serialize>(
        asked: &Asked<T>,
        answer: &A,
        view: &View,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let body =
            serde_json::to_vec(answer).map_err(|error| Problem::broken(&error.to_string()))?;
        Ok(Self {
            public: true,
            ..Self::text(asked, body, "application/json", view, now)
        })
    }

    /// Public, or private where one looks back, because then the caller has a token.
    ///
    /// # Errors
    /// If the answer is no JSON, which is a fault of ours.
    fn of_then<T, A: Serialize>(
        asked: &Asked<T>,
        answer: &A,
        view: &View,
        then: &past::Then,
    ) -> Result<Self, Problem> {
        let public = Self::public(asked, answer, view, then.now)?;
        Ok(Self {
            public: !then.is_past,
            ..public
        })
    }

    /// What nobody but the reader may see or keep.
    ///
    /// # Errors
    /// If the answer is no JSON, which is a fault of ours.
    pub fn private<T, A: Serialize>(
        asked: &Asked<T>,
        answer: &A,
        view: &View,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let public = Self::public(asked, answer, view, now)?;
        Ok(Self {
            public: false,
            ..public
        })
    }

    /// Private text of another kind.
    pub fn text<T>(
        asked: &Asked<T>,
        body: Vec<u8>,
        media_type: &'static str,
        view: &View,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            body,
            media_type,
            view: view.clone(),
            known: asked.known.clone(),
            public: false,
            next: None,
            now,
        }
    }

    /// The same for everybody, who may keep it and ask whether it is still so.
    #[must_use]
    pub fn for_everybody(self) -> Self {
        Self {
            public: true,
            ..self
        }
    }

    /// The same, with a header that leads to the next page.
    #[must_use]
    pub fn with_next(self, next: Option<String>) -> Self {
        Self { next, ..self }
    }

    fn headers(&self) -> HeaderMap {
        let digest = Sha256::digest(&self.body);
        let etag = format!("\"{}\"", hex::encode(&digest[..16]));
        let age = self
            .view
            .recorded_at
            .map(|at| (self.now - at).num_seconds().max(0));
        let keep = if self.public { FOR_ANYBODY } else { "no-store" };
        let next = self.next.iter();
        let next = next.map(|path| (header::LINK, format!("<{path}>; rel=\"next\"")));
        let texts = [
            (header::CONTENT_TYPE, self.media_type.to_owned()),
            (header::ETAG, etag),
            (header::CACHE_CONTROL, keep.to_owned()),
            (POSITION.clone(), self.view.position.to_string()),
            (VIEW_AGE.clone(), age.unwrap_or(0).to_string()),
        ];
        let value = |(name, text): (HeaderName, String)| Some((name, text.parse().ok()?));
        texts.into_iter().chain(next).filter_map(value).collect()
    }
}

impl IntoResponse for Viewed {
    fn into_response(self) -> Response {
        let headers = self.headers();
        let same = self.known.is_some() && self.known.as_ref() == headers.get(header::ETAG);
        if same {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, self.body).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Self::come_again("unavailable", "the views are away"),
            StoreError::Building => {
                let detail = "this view is being built from the first act on; acts go on as always";
                Self::come_again("unavailable", detail)
            }
            StoreError::Cursor => {
                let detail = "this is no cursor of ours: leave it out to begin anew";
                Self::new(StatusCode::BAD_REQUEST, "bad_cursor", detail)
            }
            StoreError::Broken(cause) => Self::broken(&cause),
        }
    }
}
