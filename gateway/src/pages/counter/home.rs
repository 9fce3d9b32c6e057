//! `/counter`: a tile per item with what waits for it, a field for a code, and what else is counted.

use askama::Template;
use axum::response::Response;
use projections::venue_availability::query::HostAvailability;

use super::staff::{Hidden, Staff};
use crate::pages::choice::{Choice, choices};
use crate::pages::layout::{Page, show};
use crate::pages::trouble::Trouble;

/// Why a venue closes for a while.
const REASONS: [&str; 6] = ["staff", "holiday", "event", "repairs", "ordered", "other"];

#[derive(Template)]
#[template(path = "counter.html")]
struct View<'a> {
    page: &'a Page,
    hidden: Hidden,
    name: &'a str,
    tiles: Vec<Tile>,
    services: Vec<Service>,
    reasons: Vec<Choice>,
}

/// An item.
struct Tile {
    href: String,
    name: String,
    number: i64,
    waiting: String,
}

/// A free service of the venue itself.
struct Service {
    id: String,
    kind: String,
    name: String,
}

/// The counter of the venue.
pub async fn home(staff: Staff) -> Result<Response, Trouble> {
    let host = staff.host().await?;
    let page = &staff.page;
    let view = View {
        page,
        hidden: staff.hidden(),
        name: &host.name,
        tiles: tiles(page, &host),
        services: services(page, &host),
        reasons: choices(page, "closure-reason-", &REASONS, ""),
    };
    Ok(show(page, &view))
}

fn tiles(page: &Page, host: &HostAvailability) -> Vec<Tile> {
    let tile = |item: &projections::venue_availability::query::ItemAvailability| {
        let number = item.on_board + item.shared;
        Tile {
            href: format!("/counter/items/{}", item.item_id),
            name: item.name.clone(),
            number,
            waiting: page.n("on-board", number),
        }
    };
    host.items.iter().map(tile).collect()
}

fn services(page: &Page, host: &HostAvailability) -> Vec<Service> {
    let own = host.services.iter().filter(|it| it.organisation.is_none());
    let service = own.map(|service| {
        let kind = page.kind("service-kind-", &service.kind);
        Service {
            id: service.service_id.to_string(),
            kind: service.kind.to_string(),
            name: service.name.clone().unwrap_or(kind),
        }
    });
    service.collect()
}
