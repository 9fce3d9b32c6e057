//! One item: how many are handed out now, and who pays for more of it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::ids::ItemId;

use super::staff::{Hidden, Staff};
use crate::pages::figures::money;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::{Trouble, Why};

#[derive(Template)]
#[template(path = "counter_item.html")]
struct View<'a> {
    page: &'a Page,
    hidden: Hidden,
    id: String,
    name: &'a str,
    price: String,
    waiting: String,
    has: bool,
    counts: [u32; 4],
    quantities: [u32; 5],
}

/// An item of the venue.
pub async fn item(staff: Staff, Path(item): Path<ItemId>) -> Result<Response, Trouble> {
    let host = staff.host().await?;
    let page = &staff.page;
    let found = host.items.iter().find(|known| known.item_id == item);
    let found = found.ok_or_else(|| page.trouble(Why::NotFound))?;
    let number = found.on_board + found.shared;
    let view = View {
        page,
        hidden: staff.hidden(),
        id: item.to_string(),
        name: &found.name,
        price: money(page.lang, found.price_minor, staff.currency()),
        waiting: page.n("on-board", number),
        has: number > 0,
        counts: [1, 2, 3, 4],
        quantities: [1, 2, 3, 5, 10],
    };
    Ok(show(page, &view))
}
