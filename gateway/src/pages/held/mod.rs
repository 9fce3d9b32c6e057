//! What is held about whoever looks, and how it is erased: for the holder of a private link, a
//! member and a donor who wants to be known.

pub mod erase;
pub mod page;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use commands::principal::Principal;
use commands::subject;
use domain::ids::SubjectId;

use crate::app::App;
use crate::auth::session::Session;
use crate::pages::layout::Page;
use crate::pages::trouble::{Stop, Why};

const SIGN_IN: &str = "/sign-in?next=/held";

/// Somebody who looks at what is held about them, in a browser's session.
pub struct Person {
    page: Page,
    app: Arc<App>,
    who: Principal,
    session: Session,
    /// `None` where nothing is held: a donor who is not known.
    subject: Option<SubjectId>,
}

impl FromRequestParts<Arc<App>> for Person {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Stop> {
        let page = Page::from_request_parts(parts, app).await;
        let page = page.unwrap_or_else(|never: Infallible| match never {});
        let page = page.at("held");
        let session = Session::of(&parts.headers, app);
        let (Some(who), Some(session)) = (page.signed_in()?, session) else {
            return Err(Stop::SignIn(SIGN_IN));
        };
        if page.held().is_none() {
            return Err(Stop::Trouble(page.trouble(Why::NotAllowed)));
        }
        let subject = subject::own(&app.desk, &who).await;
        let subject = subject.map_err(|failure| Stop::Trouble(page.failed(failure)))?;
        Ok(Self {
            app: Arc::clone(app),
            who,
            session,
            subject,
            page,
        })
    }
}
