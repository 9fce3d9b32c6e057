//! A printable sheet of codes: what, where, until when, the code and its picture, and a number to
//! tear off. Nothing on it marks whoever will hold it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use commands::voucher::codes_of::{CodeOf, codes_of};
use commands::voucher::issue_code::Vouchers;
use domain::ids::PrepaymentId;
use domain::network::Initiative;
use domain::venue::Venue;
use domain::voucher::{Kind, ValidAt};
use fast_qr::{ECL, QRBuilder};

use crate::app::App;
use crate::pages::figures::{day, money};
use crate::pages::layout::{Page, show};
use crate::pages::trouble::{Trouble, Why};
use crate::problem::Problem;

/// The most venues that a label names.
const MAX_NAMED: usize = 3;

#[derive(Template)]
#[template(path = "sheet.html")]
struct Sheet<'a> {
    page: &'a Page,
    slips: Vec<Slip>,
}

/// One label.
pub struct Slip {
    /// What it is for.
    pub what: String,
    /// Where it can be used.
    pub place: String,
    /// The last day; empty if there is none.
    pub until: String,
    /// The code in groups, as it is read aloud.
    pub code: String,
    /// The tear-off number.
    pub number: String,
    /// The address that shows the code, as a picture.
    pub qr: Qr,
}

/// A code as a picture: the modules that are dark, as one path.
pub struct Qr {
    /// How many modules wide and high.
    pub size: usize,
    /// The path.
    pub path: String,
}

/// The codes of a prepayment that are valid now, for whoever holds them.
pub async fn sheet(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    Path(prepayment): Path<PrepaymentId>,
) -> Result<Response, Trouble> {
    let page = page.at("sheet");
    let slips = slips(&app, &page, &headers, prepayment).await?;
    Ok(show(&page, &Sheet { page: &page, slips }))
}

/// The labels of a prepayment's codes, for whoever is signed in on this page.
///
/// # Errors
/// If they may not see them, or the log is away.
pub async fn slips(
    app: &Arc<App>,
    page: &Page,
    headers: &HeaderMap,
    prepayment: PrepaymentId,
) -> Result<Vec<Slip>, Trouble> {
    let who = page.signed_in()?;
    let who = who.ok_or_else(|| page.trouble(Why::SignIn))?;
    let network = page.its_network()?;
    let of = Vouchers::OfPrepayment(prepayment);
    let codes = codes_of(&app.desk, &who, &of).await;
    let codes = codes.map_err(|failure| page.failed(failure))?;
    let site = site(headers);
    let mut slips = Vec::with_capacity(codes.len());
    for (place, code) in codes.iter().enumerate() {
        slips.push(slip(app, page, &network, &site, code, place + 1).await?);
    }
    Ok(slips)
}

async fn slip(
    app: &Arc<App>,
    page: &Page,
    network: &Initiative,
    site: &str,
    code: &CodeOf,
    place: usize,
) -> Result<Slip, Trouble> {
    let terms = &code.holding.terms;
    let venues: Vec<_> = match &terms.valid_at {
        ValidAt::Venue { venue_id } => vec![*venue_id],
        ValidAt::Venues { venue_ids } => venue_ids.clone(),
        ValidAt::Network { .. } => vec![],
    };
    let mut names = Vec::new();
    for venue_id in venues.iter().take(MAX_NAMED) {
        let venue = app
            .desk
            .read::<Venue>(&network.founded.network, *venue_id)
            .await;
        let venue = venue.map_err(|failure| page.failed(failure))?;
        names.extend(
            venue.and_then(|venue| venue.house().map(|house| house.admitted.name.to_string())),
        );
    }
    let place_text = match (&terms.valid_at, venues.len() > MAX_NAMED) {
        (ValidAt::Network { .. }, _) => page.s("sheet-everywhere", &network.founded.name),
        (_, true) => format!("{} …", names.join(", ")),
        (_, false) => names.join(", "),
    };
    let at = venues
        .first()
        .map(|venue| format!("?at={venue}"))
        .unwrap_or_default();
    let slug = &network.founded.network;
    let address = format!("{site}/n/{slug}/voucher{at}#{}", code.code);
    let qr = qr(&address).ok_or_else(|| page.failed(Problem::broken("a code has no picture")))?;
    let number = code
        .sheet
        .map_or(place.to_string(), |(_, number)| number.to_string());
    Ok(Slip {
        what: what(page, &terms.kind, terms.currency.0.code()),
        place: place_text,
        until: terms
            .expires_on
            .map(|it| page.s("sheet-until", day(page.lang, it)))
            .unwrap_or_default(),
        code: code.code.clone(),
        number,
        qr,
    })
}

fn what(page: &Page, kind: &Kind, currency: &str) -> String {
    match kind {
        Kind::Item { name, .. } => name.to_string(),
        Kind::Credit { amount_minor } => page.s(
            "sheet-credit",
            money(page.lang, amount_minor.get(), currency),
        ),
    }
}

/// This site as the browser that prints knows it.
#[must_use]
pub fn site(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.unwrap_or("localhost");
    let local = ["localhost", "127.0.0.1", "[::1]"];
    let scheme = if local.iter().any(|name| host.starts_with(name)) {
        "http"
    } else {
        "https"
    };
    format!("{scheme}://{host}")
}

/// An address as a picture, of which some may be worn off, because a slip lives in a pocket. A run
/// of dark modules is one rectangle.
#[must_use]
pub fn qr(address: &str) -> Option<Qr> {
    let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let row: Vec<bool> = (0..code.size).map(|x| code[y][x].value()).collect();
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] {
                let width = run.len();
                let bar = format!("M{x} {y}h{width}v1h-{width}z");
                path.push_str(&bar);
            }
            x += run.len();
        }
    }
    Some(Qr {
        size: code.size,
        path,
    })
}
