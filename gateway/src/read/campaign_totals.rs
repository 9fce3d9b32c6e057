//! How many vouchers were purchased, redeemed, expired, refunded and voided, year by year.

use domain::text::Label;
use projections::campaign_totals::query::{self, CampaignTotalsAnswer, Filter, MAX_CAMPAIGNS};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Asked, InNetwork, Viewed, Waiting};
use crate::act::Reply;

/// Which totals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// One calendar year in the network's time zone.
    year: Option<i32>,
    /// One campaign.
    #[param(value_type = Option<String>)]
    campaign: Option<Label>,
    /// How many rows of campaigns at most, 1 to 200.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// The vouchers of a network year by year, and campaign by campaign. Public.
#[utoipa::path(get, path = "/campaign-totals", tag = "read", params(Params, Waiting),
    security(()),
    responses((status = 200, description = "The totals.", body = CampaignTotalsAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn campaign_totals(network: InNetwork, asked: Asked<Params>) -> Reply<Viewed> {
    let params = &asked.params;
    let filter = Filter {
        network: network.network,
        year: params.year,
        campaign: params.campaign.clone(),
        limit: params.limit.unwrap_or(MAX_CAMPAIGNS),
        cursor: params.cursor.clone(),
    };
    let app = network.app;
    let answer = query::campaign_totals(&*app.views, &filter, asked.seen).await?;
    Viewed::public(&asked, &answer, &answer.view, app.desk.clock().now())
}
