//! The list and the map of where one can go, and the choice of a network where there are several.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::network::Initiative;
use domain::service::ServiceKind;
use domain::venue::ItemKind;
use projections::answer::Seen;
use projections::district_coverage::query::DistrictReport;
use projections::venue_availability::query::{
    Filter, MAX_HOSTS, VenueAvailabilityAnswer, networks, venue_availability,
};
use serde::Deserialize;
use strum::VariantArray;

use super::host::{Frame, Host};
use crate::app::App;
use crate::pages::choice::{Choice, choices};
use crate::pages::coverage::districts;
use crate::pages::layout::{Page, show_to_anybody};
use crate::pages::map::{Area, Map, rings};
use crate::pages::trouble::Trouble;

/// What the form asks; an empty field asks nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    service: String,
    item: String,
    district: String,
    q: String,
    open: String,
    board: String,
    after: String,
}

#[derive(Template)]
#[template(path = "places.html")]
struct Places<'a> {
    page: &'a Page,
    action: String,
    services: Vec<Choice>,
    items: Vec<Choice>,
    districts: Vec<Choice>,
    asked: &'a Asked,
    map: Option<Map>,
    hosts: Vec<Host>,
    shared: Vec<String>,
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "networks.html")]
struct Networks<'a> {
    page: &'a Page,
    networks: Vec<Initiative>,
}

/// The only network, or a choice of networks.
pub async fn root(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let page = page.at("places");
    let founded = networks(app.views.as_ref()).await;
    let mut founded = founded.map_err(|error| page.views_failed(&error))?;
    match (founded.pop(), founded.is_empty()) {
        (Some(only), true) => places(&app, &page.of(Arc::new(only)), &asked).await,
        (last, _) => {
            founded.extend(last);
            let networks = founded;
            Ok(show_to_anybody(
                &page,
                &Networks {
                    page: &page,
                    networks,
                },
            ))
        }
    }
}

/// One network.
pub async fn home(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    places(&app, &page.at("places"), &asked).await
}

async fn places(app: &Arc<App>, page: &Page, asked: &Asked) -> Result<Response, Trouble> {
    let network = page.its_network()?;
    let now = app.desk.clock().now();
    let filter = asked.filter(&network, now);
    let answer = venue_availability(app.views.as_ref(), &filter, Seen::default(), now).await;
    let answer = answer.map_err(|error| page.views_failed(&error))?;
    let found = districts(app.views.as_ref(), &network, now).await;
    let (districts, _) = found.map_err(|error| page.views_failed(&error))?;
    let frame = Frame::of(page, &network, now);
    Ok(show_to_anybody(
        page,
        &view(&frame, asked, &answer, &districts),
    ))
}

fn view<'a>(
    frame: &Frame<'a>,
    asked: &'a Asked,
    answer: &VenueAvailabilityAnswer,
    districts: &[DistrictReport],
) -> Places<'a> {
    let page = frame.page;
    let hosts: Vec<Host> = answer.hosts.iter().map(|host| frame.host(host)).collect();
    let dots = hosts.iter().filter_map(Host::dot).collect();
    let is_chosen = |it: &DistrictReport| it.code == asked.district;
    let district = |it: &DistrictReport| Choice {
        value: it.code.clone(),
        text: it.name.clone(),
        chosen: is_chosen(it),
    };
    let area = |it: &DistrictReport| Area {
        title: it.name.clone(),
        href: Some(format!("/n/{}?district={}", frame.slug, percent(&it.code))),
        class: if is_chosen(it) { "chosen" } else { "" },
        rings: it.boundary.as_ref().map(rings).unwrap_or_default(),
    };
    let shared = answer.shared.iter().filter(|shared| shared.on_board > 0);
    let shared = shared.map(|shared| {
        let kind = shared.item_kind;
        let kind = kind.map_or_else(|| page.t("credit"), |kind| page.kind("item-kind-", &kind));
        format!("{kind}: {}", page.n("on-board", shared.on_board))
    });
    Places {
        page,
        action: format!("/n/{}", frame.slug),
        services: choices(page, "service-kind-", ServiceKind::VARIANTS, &asked.service),
        items: choices(page, "item-kind-", ItemKind::VARIANTS, &asked.item),
        map: Map::draw(districts.iter().map(area).collect(), dots),
        districts: districts.iter().map(district).collect(),
        shared: shared.collect(),
        more: answer
            .next_cursor
            .as_ref()
            .map(|cursor| asked.after(cursor)),
        asked,
        hosts,
    }
}

impl Asked {
    /// Whether it leaves anything out.
    fn narrows(&self) -> bool {
        let fields = [
            &self.service,
            &self.item,
            &self.district,
            &self.q,
            &self.open,
            &self.board,
        ];
        fields.iter().any(|field| !field.is_empty())
    }

    fn filter(&self, network: &Initiative, now: chrono::DateTime<chrono::Utc>) -> Filter {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Filter {
            network: network.founded.network.clone(),
            service_kind: self.service.parse().ok(),
            item_kind: self.item.parse().ok(),
            on_board: !self.board.is_empty(),
            district_code: self.district.parse().ok(),
            open_at: (!self.open.is_empty()).then_some(now),
            near: None,
            text: some(&self.q),
            limit: MAX_HOSTS,
            cursor: some(&self.after),
        }
    }

    fn after(&self, cursor: &str) -> String {
        let fields = [
            ("service", &self.service),
            ("item", &self.item),
            ("district", &self.district),
            ("q", &self.q),
            ("open", &self.open),
            ("board", &self.board),
        ];
        let mut query = format!("?after={}", percent(cursor));
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            let field = format!("&{name}={}", percent(value));
            query.push_str(&field);
        }
        query
    }
}

/// A value as it stands in an address.
fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let each = text.bytes().map(|byte| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_value_cannot_become_another_field() {
        assert_eq!(percent("a&b=č"), "a%26b%3D%C4%8D");
    }
}
