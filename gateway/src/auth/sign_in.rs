//! `/sign-in` and `/sign-out`: a browser exchanges a token for a session.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use domain::ids::AccessId;
use serde::Deserialize;

use super::session::Session;
use crate::app::App;
use crate::pages::layout::Page;
use crate::pages::trouble::Why;
use crate::problem::Problem;

/// What the form sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    token: String,
    /// The page to go to; only a path of this site is taken.
    #[serde(default)]
    next: Option<String>,
}

/// What a form that belongs to a session sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOut {
    csrf: String,
}

/// Opens a session for whoever holds the token.
pub async fn sign_in(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    form: Result<Form<SignIn>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    if comes_from_elsewhere(&headers) {
        return Err(bad_form());
    }
    let Form(form) = form.map_err(|_| bad_form())?;
    let token = form.token.trim();
    let Some(access_id) = holder(&app, token).await? else {
        return Ok(unknown(&page, &headers));
    };
    let session = Session::begin(access_id, app.desk.clock().now());
    let jar = CookieJar::new().add(session.cookie(&app.sessions, &headers));
    let next = form.next.as_deref().filter(|next| is_our_path(next));
    Ok((jar, Redirect::to(next.unwrap_or("/"))).into_response())
}

async fn holder(app: &Arc<App>, token: &str) -> Result<Option<AccessId>, Problem> {
    let Some(access_id) = app.door.access_of(&app.desk, token).await? else {
        return Ok(None);
    };
    let opened = app.door.open_access(&app.desk, access_id).await?;
    Ok(opened.map(|_| access_id))
}

/// People read a page, programs a problem.
fn unknown(page: &Page, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        page.trouble(Why::BadToken).into_response()
    } else {
        Problem::unauthenticated().into_response()
    }
}

/// Ends the session of this browser. The token stays valid until it is revoked.
pub async fn sign_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    form: Result<Form<SignOut>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    if let Some(session) = Session::of(&headers, &app) {
        let Form(form) = form.map_err(|_| bad_form())?;
        session.check(&app.sessions, &form.csrf)?;
    }
    let jar = CookieJar::new().add(Session::end(&headers));
    Ok((jar, Redirect::to("/")).into_response())
}

/// Another site may not sign somebody in as somebody else. Browsers say where a form comes from.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

fn bad_form() -> Problem {
    let detail = "this form does not have the fields that it should";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_form", detail)
}

/// `//other.site` and `/\other.site` are addresses of other sites.
fn is_our_path(next: &str) -> bool {
    let mut chars = next.chars();
    chars.next() == Some('/')
        && !matches!(chars.next(), Some('/' | '\\'))
        && !next.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::is_our_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert!(is_our_path("/"));
        assert!(is_our_path("/praha/board?x=1"));
        for other in ["", "//evil", "/\\evil", "https://evil", "/\t/evil"] {
            assert!(!is_our_path(other), "{other}");
        }
    }
}
