//! Where help is wanted: counts for everybody, requests and tasks for those who help.

use chrono::{DateTime, Utc};
use commands::executor::Failure;
use commands::principal::{Denied, May, Principal};
use domain::access::Scope;
use domain::help::{Category, Window};
use domain::text::{Label, Slug};
use projections::help_board::query::{self, Filter, HelpBoardAnswer, MAX_ENTRIES, Viewer};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Asked, InNetwork, Viewed, Waiting, bad_query};
use crate::act::Reply;
use crate::auth::Caller;
use crate::problem::Problem;

/// Which counts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// The official code of a district.
    #[param(value_type = Option<String>)]
    district_code: Option<Label>,
}

/// Which requests and tasks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Entries {
    /// The official code of a district.
    #[param(value_type = Option<String>)]
    district_code: Option<Label>,
    /// One kind of help.
    #[param(inline)]
    category: Option<Category>,
    /// Only what can be done from then on; with `to`.
    from: Option<DateTime<Utc>>,
    /// Only what can be done before then; with `from`.
    to: Option<DateTime<Utc>>,
    /// How many requests and how many tasks at most, 1 to 100.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// How much help is wanted in each district. Public; a few requests are told as "less than".
#[utoipa::path(get, path = "/help-board", tag = "read", params(Counts, Waiting),
    security(()),
    responses((status = 200, description = "Counts by district.", body = HelpBoardAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn help_board(network: InNetwork, asked: Asked<Counts>) -> Reply<Viewed> {
    let filter = Filter {
        district_code: asked.params.district_code.clone(),
        ..everything(network.network)
    };
    let (app, viewer) = (network.app, Viewer::Public);
    let now = app.desk.clock().now();
    let answer = query::help_board(&*app.views, &filter, &viewer, asked.seen, now).await?;
    Viewed::public(&asked, &answer, &answer.view, now)
}

/// The requests and tasks that can be taken on, the most urgent first, for members and for those
/// who coordinate. What is sealed opens at the request and the task themselves.
#[utoipa::path(get, path = "/help-board/entries", tag = "read", params(Entries, Waiting),
    responses((status = 200, description = "Requests and tasks.", body = HelpBoardAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn help_board_entries(caller: Caller, asked: Asked<Entries>) -> Reply<Viewed> {
    let viewer = viewer(&caller.principal)?;
    let params = &asked.params;
    let filter = Filter {
        district_code: params.district_code.clone(),
        category: params.category,
        window: window(params)?,
        limit: params.limit.unwrap_or(MAX_ENTRIES),
        cursor: params.cursor.clone(),
        ..everything(caller.principal.network.clone())
    };
    let app = &caller.app;
    let now = app.desk.clock().now();
    let answer = query::help_board(&*app.views, &filter, &viewer, asked.seen, now).await?;
    Viewed::private(&asked, &answer, &answer.view, now)
}

fn everything(network: Slug) -> Filter {
    Filter {
        network,
        district_code: None,
        category: None,
        window: None,
        limit: MAX_ENTRIES,
        cursor: None,
    }
}

fn window(params: &Entries) -> Result<Option<Window>, Problem> {
    match (params.from, params.to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) if from < to => Ok(Some(Window { from, to })),
        _ => Err(bad_query("a window has `from` and, later, `to`")),
    }
}

fn viewer(who: &Principal) -> Result<Viewer, Problem> {
    let everywhere = Viewer::Coordinator { districts: None };
    match &who.may {
        May::System | May::Scope(Scope::Operator { .. }) => Ok(everywhere),
        May::Scope(Scope::Coordinator { district_ids }) if district_ids.is_empty() => {
            Ok(everywhere)
        }
        May::Scope(Scope::Coordinator { district_ids }) => Ok(Viewer::Coordinator {
            districts: Some(district_ids.clone()),
        }),
        May::Scope(Scope::Member { member_id }) => Ok(Viewer::Member(*member_id)),
        May::Scope(_) => Err(Failure::Denied(Denied::Role).into()),
    }
}
