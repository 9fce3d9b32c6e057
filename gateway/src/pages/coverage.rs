//! What the districts have and lack: one measure as a map, all of them as a table.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::network::Initiative;
use projections::answer::Seen;
use projections::district_coverage::query::{
    DistrictReport, Filter, MAX_DISTRICTS, district_coverage,
};
use projections::small::SmallCount;
use projections::store::{ReadStore, StoreError};
use projections::venue_availability::query::networks;
use serde::Deserialize;
use strum::VariantArray;

use super::choice::{Choice, choices};
use super::figures::grouped;
use super::layout::{Page, show_to_anybody};
use super::map::{Area, Map, rings};
use super::trouble::{Trouble, Why};
use crate::app::App;

/// What the map shows.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, strum::Display, strum::EnumString, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Measure {
    /// Venues.
    #[default]
    Venues,
    /// Free services.
    Services,
    /// Hours of the week in which at least one venue is open.
    OpenHours,
    /// Vouchers that wait.
    OnBoard,
    /// Vouchers that were used.
    Redeemed,
    /// People turned away.
    TurnedAway,
    /// Inhabitants.
    Population,
}

/// What the form asks.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    measure: String,
}

#[derive(Template)]
#[template(path = "coverage.html")]
struct Coverage<'a> {
    page: &'a Page,
    measures: Vec<Choice>,
    measure: String,
    map: Option<Map>,
    legend: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    week: String,
    json: String,
    geojson: String,
    action: String,
}

/// A district in the table.
struct Row {
    anchor: String,
    name: String,
    numbers: Vec<String>,
    missing: String,
    requests: String,
}

/// The only network's districts.
pub async fn root(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let founded = networks(app.views.as_ref()).await;
    let founded = founded.map_err(|error| page.views_failed(&error))?;
    let first = founded.into_iter().next();
    let first = first.ok_or_else(|| page.trouble(Why::NotFound))?;
    coverage(&app, &page.at("coverage").of(Arc::new(first)), &asked).await
}

/// A network's districts.
pub async fn of_network(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    coverage(&app, &page.at("coverage"), &asked).await
}

/// The districts of a network, with what they have, and with their boundaries.
///
/// # Errors
/// If the store is away.
pub async fn districts(
    store: &dyn ReadStore,
    network: &Initiative,
    now: DateTime<Utc>,
) -> Result<(Vec<DistrictReport>, String), StoreError> {
    let filter = Filter {
        network: network.founded.network.clone(),
        district_code: None,
        week: None,
        boundaries: true,
        exact: false,
        limit: MAX_DISTRICTS,
        cursor: None,
    };
    let answer = district_coverage(store, &filter, Seen::default(), now).await?;
    Ok(answer.map_or_else(Default::default, |answer| (answer.districts, answer.week)))
}

async fn coverage(app: &Arc<App>, page: &Page, asked: &Asked) -> Result<Response, Trouble> {
    let network = page.its_network()?;
    let now = app.desk.clock().now();
    let found = districts(app.views.as_ref(), &network, now).await;
    let (districts, week) = found.map_err(|error| page.views_failed(&error))?;
    let measure: Measure = asked.measure.parse().unwrap_or_default();
    let most = districts
        .iter()
        .map(|it| measure.of(it))
        .max()
        .unwrap_or_default();
    let areas = districts
        .iter()
        .map(|it| area(page, it, measure, most))
        .collect();
    let slug = &network.founded.network;
    let api = format!("/api/v1/networks/{slug}/district-coverage");
    let template = Coverage {
        page,
        measures: choices(page, "measure-", Measure::VARIANTS, &measure.to_string()),
        measure: page.kind("measure-", &measure),
        map: Map::draw(areas, vec![]),
        legend: legend(most),
        rows: districts.iter().map(|it| row(page, it)).collect(),
        week,
        geojson: format!("{api}.geojson"),
        json: api,
        action: format!("/n/{slug}/coverage"),
    };
    Ok(show_to_anybody(page, &template))
}

impl Measure {
    fn of(self, district: &DistrictReport) -> i64 {
        match self {
            Self::Venues => district.venues,
            Self::Services => district.services.iter().map(|it| it.services).sum(),
            Self::OpenHours => (district.venue_open_minutes + 30) / 60,
            Self::OnBoard => district.vouchers_on_board,
            Self::Redeemed => district.vouchers_redeemed,
            Self::TurnedAway => district.turned_away.iter().map(|it| it.count).sum(),
            Self::Population => district.population,
        }
    }
}

fn area(page: &Page, district: &DistrictReport, measure: Measure, most: i64) -> Area {
    let value = measure.of(district);
    let words = page.kind("measure-", &measure);
    Area {
        title: format!("{}: {} ({words})", district.name, grouped(value)),
        href: Some(format!("#d-{}", district.code)),
        class: CLASSES[step(value, most)],
        rings: district.boundary.as_ref().map(rings).unwrap_or_default(),
    }
}

const CLASSES: [&str; 6] = ["s0", "s1", "s2", "s3", "s4", "s5"];

/// Nothing is white; the rest is cut into five equal steps.
fn step(value: i64, most: i64) -> usize {
    let first = (1..=5).find(|step| value <= upper(*step, most));
    if value <= 0 {
        0
    } else {
        first.unwrap_or(5).try_into().unwrap_or(5)
    }
}

/// The highest number of a step.
fn upper(step: i64, most: i64) -> i64 {
    (most * step + 4) / 5
}

fn legend(most: i64) -> Vec<(&'static str, String)> {
    let mut legend = vec![(CLASSES[0], "0".to_owned())];
    let mut from = 1;
    for step in 1..=5 {
        let to = upper(step, most);
        if to >= from {
            let words = if to == from {
                grouped(to)
            } else {
                format!("{}–{}", grouped(from), grouped(to))
            };
            legend.push((CLASSES[usize::try_from(step).unwrap_or(5)], words));
            from = to + 1;
        }
    }
    legend
}

fn row(page: &Page, district: &DistrictReport) -> Row {
    let numbers = Measure::VARIANTS.iter().map(|it| grouped(it.of(district)));
    let missing = district.missing_services.iter();
    let missing: Vec<String> = missing
        .map(|kind| page.kind("service-kind-", kind))
        .collect();
    Row {
        anchor: format!("d-{}", district.code),
        name: district.name.clone(),
        numbers: numbers.collect(),
        missing: missing.join(", "),
        requests: small(district.help_requests.open),
    }
}

fn small(count: SmallCount) -> String {
    let few = || count.less_than.map(|less| format!("< {less}"));
    count.count.map(grouped).or_else(few).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_legend_say_the_same() {
        for most in [1, 2, 3, 7, 100] {
            let legend = legend(most);
            for value in 1..=most {
                let class = CLASSES[step(value, most)];
                let words = legend.iter().find(|(known, _)| *known == class);
                let words = &words.expect("a line of the legend").1;
                let mut ends = words
                    .split('–')
                    .map(|it| it.parse::<i64>().expect("a number"));
                let from = ends.next().expect("a number");
                assert!(
                    (from..=ends.next().unwrap_or(from)).contains(&value),
                    "{value}: {words}"
                );
            }
        }
    }
}
