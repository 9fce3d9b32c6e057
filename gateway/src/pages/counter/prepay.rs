//! Somebody pays at the till for vouchers that wait on the board.

use askama::Template;
use axum::response::Response;
use commands::voucher::prepay::{Giver, Prepay, What};
use domain::ids::ItemId;
use domain::voucher::{HeldBy, OnExpiry, Placed, Source};
use serde::Deserialize;

use super::answer::no;
use super::redeem::listed;
use super::staff::{Posted, Staff};
use crate::pages::figures::money;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::Trouble;
use crate::pages::vouchers::sheet::{Qr, qr, site};

/// What was paid for.
#[derive(Deserialize)]
pub struct Asked {
    item_id: ItemId,
    quantity: u32,
    /// A number that is not in the list.
    #[serde(default)]
    other: String,
    #[serde(default)]
    paid: String,
    /// Whether the giver wants a link.
    #[serde(default)]
    link: String,
}

#[derive(Template)]
#[template(path = "counter_slip.html")]
struct Slip<'a> {
    page: &'a Page,
    what: String,
    amount: String,
    shown_before: bool,
    link: Option<(String, Qr)>,
}

/// Records the vouchers and shows the giver's slip.
pub async fn prepay(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let (staff, asked) = (&posted.staff, &posted.form);
    let item = listed(staff, asked.item_id).await?;
    let quantity = asked.quantity();
    let prepaid = match posted.act(asked.act(staff)).await {
        Ok(prepaid) => prepaid,
        Err(failure) => return Ok(no(staff, failure.into())?.show(staff)),
    };
    let page = &staff.page;
    let total = item.price_minor.get().saturating_mul(i64::from(quantity));
    let token = prepaid
        .secrets
        .as_ref()
        .and_then(|it| it.get("donor_token"));
    let address = token.map(|token| format!("{}/link/{token}", site(&staff.headers)));
    let slip = Slip {
        page,
        what: format!("{quantity}× {}", item.name),
        amount: money(page.lang, total, staff.currency()),
        shown_before: !prepaid.shown_before.is_empty(),
        link: address.and_then(|address| qr(&address).map(|qr| (address, qr))),
    };
    Ok(show(page, &slip))
}

impl Asked {
    fn quantity(&self) -> u32 {
        match self.other.trim() {
            "" => self.quantity,
            other => other.parse().unwrap_or(0),
        }
    }

    fn act(&self, staff: &Staff) -> Prepay {
        Prepay {
            quantity: self.quantity(),
            what: What::Item {
                venue_id: staff.venue_id,
                item_id: self.item_id,
            },
            placed: Placed::Board,
            giver: if self.link.is_empty() {
                Giver::Nobody
            } else {
                Giver::New
            },
            fund_id: None,
            source: if self.paid == "card" {
                Source::TillCard
            } else {
                Source::TillCash
            },
            held_by: HeldBy::Venue,
            campaign: None,
            expires_on: None,
            on_expiry: OnExpiry::CommonFund,
        }
    }
}
