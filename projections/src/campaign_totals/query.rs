//! Asking for totals: year by year, and campaign by campaign.

use domain::text::{Label, Slug};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::store::{Arg, Query, ReadStore, StoreError};

/// The most campaigns of one answer.
pub const MAX_CAMPAIGNS: u32 = 200;
/// The most years of one answer.
const MAX_YEARS: i64 = 200;

/// Which totals.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// One calendar year in the network's time zone; none = all.
    pub year: Option<i32>,
    /// One campaign; none = all, and what was bought in none.
    pub campaign: Option<Label>,
    /// How many rows of campaigns at most, 1 to [`MAX_CAMPAIGNS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// The totals of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignTotalsAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The code of ISO 4217; absent before the network was founded.
    pub currency: Option<String>,
    /// The time zone of the years; absent before the network was founded.
    pub timezone: Option<String>,
    /// Each year, all campaigns together; the latest first.
    pub years: Vec<YearTotals>,
    /// Each year and campaign; the latest year first.
    pub campaigns: Vec<CampaignYear>,
    /// How to ask for the campaigns after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// One year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct YearTotals {
    /// The calendar year in the network's time zone.
    pub year: i32,
    /// What happened in it.
    #[serde(flatten)]
    pub totals: Totals,
}

/// One year of one campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CampaignYear {
    /// The calendar year in the network's time zone.
    pub year: i32,
    /// The campaign; empty for what was bought in none.
    pub campaign: String,
    /// What happened in it.
    #[serde(flatten)]
    pub totals: Totals,
}

/// What happened. Units are vouchers, amounts are minor units. A credit is redeemed as a unit when
/// it is used up; its amount counts with each use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignSums)]
pub struct Totals {
    /// Bought in this year.
    pub purchased_units: i64,
    /// Bought in this year.
    pub purchased_minor: i64,
    /// Used in this year, whenever bought; without what was taken back.
    pub redeemed_units: i64,
    /// Used in this year, whenever bought; without what was taken back.
    pub redeemed_minor: i64,
    /// Of these, bought in this year too.
    pub redeemed_same_year_units: i64,
    /// Expired in this year.
    pub expired_units: i64,
    /// Expired in this year.
    pub expired_minor: i64,
    /// Refunded in this year.
    pub refunded_units: i64,
    /// Refunded in this year.
    pub refunded_minor: i64,
    /// Voided in this year.
    pub voided_units: i64,
    /// Voided in this year.
    pub voided_minor: i64,
}

#[derive(Deserialize)]
struct Terms {
    currency: String,
    timezone: String,
}

const TERMS: &str = "SELECT currency, timezone FROM campaign_totals_network WHERE key = $1";

const YEARS: &str = "SELECT year,
        CAST(SUM(purchased_units) AS BIGINT) AS purchased_units,
        CAST(SUM(purchased_minor) AS BIGINT) AS purchased_minor,
        CAST(SUM(redeemed_units) AS BIGINT) AS redeemed_units,
        CAST(SUM(redeemed_minor) AS BIGINT) AS redeemed_minor,
        CAST(SUM(redeemed_same_year_units) AS BIGINT) AS redeemed_same_year_units,
        CAST(SUM(expired_units) AS BIGINT) AS expired_units,
        CAST(SUM(expired_minor) AS BIGINT) AS expired_minor,
        CAST(SUM(refunded_units) AS BIGINT) AS refunded_units,
        CAST(SUM(refunded_minor) AS BIGINT) AS refunded_minor,
        CAST(SUM(voided_units) AS BIGINT) AS voided_units,
        CAST(SUM(voided_minor) AS BIGINT) AS voided_minor
    FROM campaign_totals_year
    WHERE network = $1 AND (CAST($2 AS BIGINT) IS NULL OR year = CAST($2 AS BIGINT))
      AND (CAST($3 AS TEXT) IS NULL OR campaign = $3)
    GROUP BY year ORDER BY year DESC LIMIT $4";

const CAMPAIGNS: &str = "SELECT * FROM campaign_totals_year
    WHERE network = $1 AND (CAST($2 AS BIGINT) IS NULL OR year = CAST($2 AS BIGINT))
      AND (CAST($3 AS TEXT) IS NULL OR campaign = $3)
      AND (year < $5 OR year = $5 AND campaign > $6)
    ORDER BY year DESC, campaign LIMIT $4";

/// The totals of a network.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn campaign_totals(
    store: &dyn ReadStore,
    filter: &Filter,
    seen: Seen,
) -> Result<CampaignTotalsAnswer, StoreError> {
    let limit = filter.limit.clamp(1, MAX_CAMPAIGNS);
    let queries = queries(filter, limit)?;
    let snapshot = ask(store, super::MODEL, queries, seen.position, seen.wait).await?;
    let mut found = snapshot.found.into_iter();
    let mut next = || found.next().unwrap_or_default();
    let terms: Option<Terms> = next().read()?.pop();
    let years = next().read()?;
    let mut campaigns: Vec<CampaignYear> = next().read()?;
    let more = cursor::cut(&mut campaigns, limit);
    let last = campaigns.last().filter(|_| more);
    let (currency, timezone) = terms.map(|terms| (terms.currency, terms.timezone)).unzip();
    Ok(CampaignTotalsAnswer {
        view: View::at(&snapshot.checkpoint, seen.position),
        currency,
        timezone,
        years,
        next_cursor: last.map(|last| cursor::write(&[&last.year.to_string(), &last.campaign])),
        campaigns,
    })
}

fn queries(filter: &Filter, limit: u32) -> Result<Vec<Query>, StoreError> {
    let [year, campaign] = cursor::read(filter.cursor.as_deref())?;
    let before: i64 = if year.is_empty() {
        i64::MAX
    } else {
        year.parse().map_err(|_| StoreError::Cursor)?
    };
    let args = |limit: i64| -> Vec<Arg> {
        vec![
            filter.network.as_str().into(),
            filter.year.map(i64::from).into(),
            filter.campaign.as_ref().map(ToString::to_string).into(),
            limit.into(),
        ]
    };
    let mut of_campaigns = args(i64::from(limit) + 1);
    of_campaigns.extend([before.into(), campaign.into()]);
    Ok(vec![
        Query {
            sql: TERMS,
            args: vec![filter.network.as_str().into()],
        },
        Query {
            sql: YEARS,
            args: args(MAX_YEARS),
        },
        Query {
            sql: CAMPAIGNS,
            args: of_campaigns,
        },
    ])
}
