//! Somebody pays at the till, for vouchers that wait on the board or that are handed over as slips
//! with codes.

use askama::Template;
use axum::response::Response;
use commands::executor::Failure;
use commands::voucher::issue_code::{IssueCode, Vouchers};
use commands::voucher::prepay::{Answer as Prepayment, Giver, Prepay, What};
use domain::envelope::Record;
use domain::ids::ItemId;
use domain::voucher::{HeldBy, Holder, OnExpiry, Placed, Source};
use serde::Deserialize;

use super::answer::no;
use super::redeem::listed;
use super::staff::{Posted, Staff};
use crate::pages::figures::money;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::Trouble;
use crate::pages::vouchers::sheet::{Qr, Slip, qr, site, slips};

/// The most slips that stand on the giver's page itself; more are printed as a sheet.
const MAX_SLIPS_SHOWN: usize = 12;

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
    #[serde(default)]
    place: Place,
    /// Whether the giver wants a link.
    #[serde(default)]
    link: String,
}

/// Where the vouchers go.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Place {
    #[default]
    Board,
    Slips,
}

/// What the giver takes along.
#[derive(Template)]
#[template(path = "counter_slip.html")]
struct Receipt<'a> {
    page: &'a Page,
    title: String,
    what: String,
    amount: String,
    shown_before: bool,
    link: Option<(String, Qr)>,
    slips: Vec<Slip>,
    sheet: Option<String>,
}

/// Records the vouchers and shows what the giver takes along.
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
    let secrets = prepaid.secrets.as_ref();
    let token = secrets.and_then(|secrets| secrets.get("donor_token"));
    let address = token.map(|token| format!("{}/link/{token}", site(&staff.headers)));
    let mut receipt = Receipt {
        page,
        title: page.t("counter-slip-title"),
        what: format!("{quantity}× {}", item.name),
        amount: money(page.lang, total, staff.currency()),
        shown_before: !prepaid.shown_before.is_empty(),
        link: address.and_then(|address| qr(&address).map(|qr| (address, qr))),
        slips: Vec::new(),
        sheet: None,
    };
    if asked.place == Place::Slips {
        let issued = posted.issue(&prepaid.answer).await;
        issued.map_err(|failure| page.failed(failure))?;
        let prepayment = prepaid.answer.prepayment_id;
        receipt.title = page.t("counter-slip-taken");
        receipt.sheet = Some(format!("/sheets/{prepayment}"));
        if prepaid.answer.voucher_ids.len() <= MAX_SLIPS_SHOWN {
            receipt.slips = slips(&staff.app, page, &staff.headers, prepayment).await?;
        }
    }
    Ok(show(page, &receipt))
}

impl Posted<Asked> {
    /// Issues the codes of the slips. The same form sent again finds them issued.
    async fn issue(&self, prepaid: &Prepayment) -> Result<(), Failure> {
        let codes = IssueCode {
            vouchers: Vouchers::OfPrepayment(prepaid.prepayment_id),
            to: Holder::Donor,
            on_a_sheet: true,
        };
        let log_id = self.staff.app.desk.log().log_id();
        let first = prepaid.voucher_ids.first();
        // The first event of a voucher says that it was prepaid.
        let cause = first.map(|voucher| Record::event_id(log_id, voucher.0, 1));
        self.nth(1, cause, codes).await.map(drop)
    }
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
            placed: match self.place {
                Place::Board => Placed::Board,
                Place::Slips => Placed::Donor,
            },
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
