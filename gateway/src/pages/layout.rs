//! What every page has around it: whose it is, in which language, who is signed in.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use commands::principal::{May, Principal};
use domain::access::Scope;
use domain::ids::NetworkId;
use domain::network::{Initiative, Network};
use domain::text::Slug;

use super::assets;
use super::language::{self, Lang};
use super::texts;
use super::trouble::{Trouble, Why};
use crate::app::App;
use crate::auth::Caller;
use crate::auth::session::Session;
use crate::problem::Problem;
use crate::read::last_known::Known;

/// What a page knows beside its own content. Take it in every handler that answers a page.
#[derive(Clone)]
pub struct Page {
    /// In which language.
    pub lang: Lang,
    /// Whether everything but totals and districts is made up.
    pub demo: bool,
    /// Whose page it is; nobody's before a network was chosen.
    pub network: Option<Arc<Initiative>>,
    /// Who is signed in, as far as can be told.
    pub who: Option<Principal>,
    /// Whether the log is away, so that somebody may be signed in, or the network be there, after all.
    untold: bool,
    /// What the forms of this session carry.
    csrf: Option<String>,
    here: String,
    name: &'static str,
    chosen: bool,
}

impl FromRequestParts<Arc<App>> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let asked = Lang::asked(parts.uri.query());
        let caller = Caller::known(parts, app).await;
        let mut untold = caller.as_ref().is_err_and(is_away);
        let caller = caller.ok();
        let who = caller.as_ref().map(|caller| caller.principal.clone());
        let session = caller.and_then(|caller| caller.session);
        let named = network_in_path(parts, app).await;
        let slug = named.or_else(|| who.as_ref().map(|who| who.network.clone()));
        let network = initiative(app, slug).await;
        untold |= network.as_ref().is_err_and(is_away);
        Ok(Self {
            lang: asked.unwrap_or_else(|| Lang::preferred(&parts.headers)),
            demo: app.demo,
            network: network.ok().flatten(),
            untold,
            csrf: session.map(|session: Session| session.csrf(&app.sessions)),
            who,
            here: without_language(parts),
            name: "",
            chosen: asked.is_some(),
        })
    }
}

fn is_away(problem: &Problem) -> bool {
    problem.status() == StatusCode::SERVICE_UNAVAILABLE
}

/// Answers a page.
#[must_use]
pub fn show(page: &Page, template: &impl Template) -> Response {
    let html = match template.render() {
        Ok(html) => Html(html),
        Err(error) => return Problem::broken(&error.to_string()).into_response(),
    };
    if page.chosen {
        (CookieJar::new().add(page.lang.cookie()), html).into_response()
    } else {
        html.into_response()
    }
}

/// Answers a page of read models that is the same for all who are not signed in: while it cannot be
/// answered, it is given as it was.
#[must_use]
pub fn show_to_anybody(page: &Page, template: &impl Template) -> Response {
    let mut response = show(page, template);
    response.extensions_mut().insert(page.known());
    response
}

/// A page as it was that long ago, which says so before anything else.
#[must_use]
pub fn as_it_was(html: &str, lang: Lang, minutes: u64) -> String {
    let minutes = i64::try_from(minutes).unwrap_or(i64::MAX);
    let text = texts::text_with(lang, "as-it-was", [("n", minutes.into())]);
    let notice = format!("{MAIN}\n<div class=\"notice wait\" role=\"status\"><p>{text}</p></div>");
    html.replacen(MAIN, &notice, 1)
}

/// Where the content of every page begins.
const MAIN: &str = "<main class=\"wrap\" id=\"main\">";

impl Page {
    /// A page for a test that renders a template.
    #[must_use]
    pub fn sample(lang: Lang) -> Self {
        Self {
            lang,
            demo: true,
            network: None,
            who: None,
            untold: false,
            csrf: Some("csrf".into()),
            here: "/?district=CZ".into(),
            name: "places",
            chosen: false,
        }
    }

    /// This page under its name, by which the navigation knows where one is.
    #[must_use]
    pub fn at(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// This page as one of this network.
    #[must_use]
    pub fn of(mut self, network: Arc<Initiative>) -> Self {
        self.network = Some(network);
        self
    }

    /// The network that this page is of.
    ///
    /// # Errors
    /// If there is none, or that cannot be told just now.
    pub fn its_network(&self) -> Result<Arc<Initiative>, Trouble> {
        let why = if self.untold {
            Why::Away
        } else {
            Why::NotFound
        };
        self.network.clone().ok_or_else(|| self.trouble(why))
    }

    /// Who is signed in; `None` if nobody is.
    ///
    /// # Errors
    /// If that cannot be told just now.
    pub fn signed_in(&self) -> Result<Option<Principal>, Trouble> {
        match &self.who {
            None if self.untold => Err(self.trouble(Why::Away)),
            who => Ok(who.clone()),
        }
    }

    /// Known by what is asked for and the language; for anybody if nobody is signed in.
    pub(super) fn known(&self) -> Known {
        Known {
            by: format!("{} {}", self.here, self.lang.code()),
            is_for_anybody: self.who.is_none(),
            page: Some(self.lang),
        }
    }

    /// The text of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        texts::text(self.lang, key)
    }

    /// The text of a key that is put together from a family and a word of a closed list.
    #[must_use]
    pub fn kind(&self, family: &str, word: &dyn std::fmt::Display) -> String {
        texts::text(self.lang, &format!("{family}{word}").replace('_', "-"))
    }

    /// The text of a key with the number `$n`.
    #[must_use]
    pub fn n(&self, key: &str, n: impl TryInto<i64>) -> String {
        let n = n.try_into().unwrap_or_default();
        texts::text_with(self.lang, key, [("n", n.into())])
    }

    /// The text of a key with the text `$it`.
    #[must_use]
    pub fn s(&self, key: &str, it: impl std::fmt::Display) -> String {
        texts::text_with(self.lang, key, [("it", it.to_string().into())])
    }

    /// Whose page this is.
    #[must_use]
    pub fn brand(&self) -> &str {
        let network = self.network.as_ref();
        network.map_or("sospeso", |network| network.founded.name.as_str())
    }

    /// The address of a file that pages are drawn with.
    #[must_use]
    pub fn asset(&self, file: &str) -> String {
        format!("/assets/{file}?v={}", assets::version())
    }

    /// The network's first page.
    #[must_use]
    pub fn home(&self) -> String {
        self.slug()
            .map_or_else(|| "/".into(), |slug| format!("/n/{slug}"))
    }

    /// The network's page of districts.
    #[must_use]
    pub fn coverage(&self) -> String {
        let slug = self.slug();
        slug.map_or_else(|| "/coverage".into(), |slug| format!("/n/{slug}/coverage"))
    }

    /// The counter, for who stands behind one.
    #[must_use]
    pub fn counter(&self) -> Option<String> {
        match &self.who.as_ref()?.may {
            May::Scope(Scope::Venue { .. }) => Some("/counter".into()),
            _ => None,
        }
    }

    /// The gifts of a donor who came by the private link.
    #[must_use]
    pub fn gifts(&self) -> Option<String> {
        match &self.who.as_ref()?.may {
            May::Scope(Scope::Donor { .. }) => Some("/gifts".into()),
            _ => None,
        }
    }

    /// The log, for whoever audits it.
    #[must_use]
    pub fn audit(&self) -> Option<String> {
        match &self.who.as_ref()?.may {
            May::Scope(Scope::Auditor { .. } | Scope::Operator { .. }) => Some("/audit".into()),
            _ => None,
        }
    }

    /// What is held about whoever is signed in, if anything can be.
    #[must_use]
    pub fn held(&self) -> Option<String> {
        match &self.who.as_ref()?.may {
            May::Scope(Scope::Subject { .. } | Scope::Member { .. } | Scope::Donor { .. }) => {
                Some("/held".into())
            }
            _ => None,
        }
    }

    /// Whether somebody is signed in.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.who.is_some()
    }

    /// Whether this is the page of this name.
    #[must_use]
    pub fn is_at(&self, name: &str) -> bool {
        self.name == name
    }

    /// What the forms of this session carry.
    #[must_use]
    pub fn csrf(&self) -> Option<&str> {
        self.csrf.as_deref()
    }

    /// The languages to choose from.
    #[must_use]
    pub fn languages(&self) -> &'static [Lang] {
        &language::ALL
    }

    /// This same page in another language.
    #[must_use]
    pub fn here_in(&self, lang: &Lang) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.here, lang.code())
    }

    fn slug(&self) -> Option<&Slug> {
        self.network
            .as_ref()
            .map(|network| &network.founded.network)
    }
}

/// The network of this name, if it was founded.
async fn initiative(
    app: &Arc<App>,
    slug: Option<Slug>,
) -> Result<Option<Arc<Initiative>>, Problem> {
    let Some(slug) = slug else { return Ok(None) };
    let found = app
        .desk
        .read::<Network>(&slug, NetworkId::of(&slug))
        .await?;
    let found = found.and_then(|network| network.initiative().cloned());
    Ok(found.map(Arc::new))
}

async fn network_in_path(parts: &mut Parts, app: &Arc<App>) -> Option<Slug> {
    let params = RawPathParams::from_request_parts(parts, app).await.ok()?;
    let named = params.iter().find(|(name, _)| *name == "network");
    named.and_then(|(_, slug)| slug.parse().ok())
}

fn without_language(parts: &Parts) -> String {
    let original = parts.extensions.get::<OriginalUri>();
    let uri = original.map_or(&parts.uri, |original| &original.0);
    let pairs = uri.query().unwrap_or_default().split('&');
    let kept = pairs.filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let kept: Vec<&str> = kept.collect();
    if kept.is_empty() {
        uri.path().to_owned()
    } else {
        format!("{}?{}", uri.path(), kept.join("&"))
    }
}
