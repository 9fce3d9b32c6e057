//! What each district has and lacks: for everybody, as a map, and with exact numbers.

use commands::executor::Failure;
use domain::envelope::Role;
use domain::text::{Label, Slug};
use projections::district_coverage::DistrictCoverage;
use projections::district_coverage::geojson::feature_collection;
use projections::district_coverage::query::{self, DistrictCoverageAnswer, Filter, MAX_DISTRICTS};
use projections::replay::AsOf;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::past::{MayLookBack, Then, then};
use super::{Asked, InNetwork, Viewed, Waiting, bad_query};
use crate::act::Reply;
use crate::app::App;
use crate::auth::Caller;
use crate::problem::Problem;

/// The media type of a map, RFC 7946.
const GEO_JSON: &str = "application/geo+json";

/// Which districts, and which week.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// The official code of one district.
    #[param(value_type = Option<String>)]
    district_code: Option<Label>,
    /// The week whose hours are counted, as in ISO 8601, e.g. `2026-W46`; this one unless given.
    week: Option<String>,
    /// Whether each district brings its boundary; a map always does.
    boundaries: Option<bool>,
    /// How many districts at most, 1 to 200.
    limit: Option<u32>,
    /// As it stood: after this position, or at this instant as in 2026-11-20T08:15:00Z. Needs a
    /// token. `503 still_folding` says that it is being folded from the log: ask again.
    #[param(value_type = Option<String>)]
    as_of: Option<AsOf>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What each district has and lacks. Public; requests of a few people are told as "less than".
#[utoipa::path(get, path = "/district-coverage", tag = "read", params(Params, Waiting),
    security(()),
    responses((status = 200, description = "The districts.", body = DistrictCoverageAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn district_coverage(
    network: InNetwork,
    _: MayLookBack,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    let filter = filter(network.network, &asked.params)?;
    let (then, answer) = answer(&network.app, &filter, &asked).await?;
    Viewed::of_then(&asked, &answer, &answer.view, &then)
}

/// The same as a map: a feature collection with a feature per district. Public.
#[utoipa::path(get, path = "/district-coverage.geojson", tag = "read", params(Params, Waiting),
    security(()),
    responses((status = 200, description = "A feature collection of RFC 7946.", body = Object,
            content_type = "application/geo+json"),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn district_coverage_geojson(
    network: InNetwork,
    _: MayLookBack,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    let filter = Filter {
        boundaries: true,
        ..filter(network.network, &asked.params)?
    };
    let (then, answer) = answer(&network.app, &filter, &asked).await?;
    let map = json(&feature_collection(&answer))?;
    let viewed = Viewed::text(&asked, map, GEO_JSON, &answer.view, then.now);
    Ok(if then.is_past {
        viewed
    } else {
        viewed.for_everybody()
    })
}

/// The same with every number as it is, for those who plan: operators, coordinators, auditors and
/// analysts.
#[utoipa::path(get, path = "/district-coverage/exact", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "The districts.", body = DistrictCoverageAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn district_coverage_exact(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    let who = &caller.principal;
    let planners = [
        Role::Operator,
        Role::Coordinator,
        Role::Auditor,
        Role::Analyst,
    ];
    who.any_of(&planners).map_err(Failure::Denied)?;
    let filter = Filter {
        exact: true,
        ..filter(who.network.clone(), &asked.params)?
    };
    let (then, answer) = answer(&caller.app, &filter, &asked).await?;
    Viewed::private(&asked, &answer, &answer.view, then.now)
}

fn filter(network: Slug, params: &Params) -> Result<Filter, Problem> {
    let week = params.week.as_deref().map(str::parse).transpose();
    Ok(Filter {
        network,
        district_code: params.district_code.clone(),
        week: week.map_err(|error| bad_query(&format!("week: {error}")))?,
        boundaries: params.boundaries.unwrap_or_default(),
        exact: false,
        limit: params.limit.unwrap_or(MAX_DISTRICTS),
        cursor: params.cursor.clone(),
    })
}

async fn answer(
    app: &App,
    filter: &Filter,
    asked: &Asked<Params>,
) -> Result<(Then, DistrictCoverageAnswer), Problem> {
    let then = then(app, DistrictCoverage, asked.params.as_of, asked.seen).await?;
    let answer = query::district_coverage(&*then.store, filter, then.seen, then.now).await?;
    match answer {
        Some(answer) => Ok((then, answer)),
        // The network exists, but it did not then.
        None if then.is_past => Err(Problem::not_found()),
        // Its view has not come so far yet.
        None => Err(Problem::come_again(
            "view_late",
            "this view was only just begun",
        )),
    }
}

fn json(map: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(map).map_err(|error| Problem::broken(&error.to_string()))
}
