//! What became of a donor's gifts: totals, and the life of each voucher, without a trace of whoever
//! got it. What may be said of a moment is decided by the read model.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use commands::principal::May;
use domain::access::Scope;
use domain::text::Slug;
use projections::answer::Seen;
use projections::donor_impact::query::{
    Filter, ImpactTotals, Stage, TimelineMoment, VoucherLife, donor_impact,
};
use projections::donor_impact::timeline::{Happened, HeldBy, Named, WentTo};
use serde::Deserialize;

use super::figures::{day, money, month};
use super::layout::{Page, show};
use super::trouble::{Trouble, Why};
use crate::app::App;
use crate::openapi::NETWORK;

/// How many vouchers stand on a page.
const ON_A_PAGE: u32 = 50;

/// From where the page before ended.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    after: String,
}

#[derive(Template)]
#[template(path = "gifts.html")]
struct Gifts<'a> {
    page: &'a Page,
    totals: Vec<Total>,
    lives: Vec<Life>,
    more: Option<String>,
    key: String,
}

/// The totals in one currency.
struct Total {
    figures: Vec<(String, String, String)>,
}

/// One voucher.
struct Life {
    what: String,
    paid: String,
    until: String,
    tone: &'static str,
    symbol: &'static str,
    stage: String,
    moments: Vec<(String, String)>,
    sheet: Option<String>,
    receipt: String,
}

/// The gifts of whoever came by a private link.
pub async fn gifts(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let page = page.at("donor");
    let Some(who) = page.signed_in()? else {
        return Ok(Redirect::to("/sign-in?next=/gifts").into_response());
    };
    let May::Scope(Scope::Donor { donor_id }) = who.may else {
        return Err(page.trouble(Why::NotAllowed));
    };
    let vouchers = format!("{}/donors/{donor_id}/vouchers", network_path(&who.network));
    let filter = Filter {
        network: who.network,
        donor_id,
        limit: ON_A_PAGE,
        cursor: Some(asked.after).filter(|after| !after.is_empty()),
    };
    let now = app.desk.clock().now();
    let answer = donor_impact(app.views.as_ref(), &filter, Seen::default(), now).await;
    let answer = answer.map_err(|error| page.views_failed(&error))?;
    let template = Gifts {
        totals: answer
            .totals
            .iter()
            .map(|totals| total(&page, totals))
            .collect(),
        lives: answer
            .vouchers
            .iter()
            .map(|it| life(&page, it, &vouchers))
            .collect(),
        key: app.evidence.key.verifier().to_string(),
        more: answer.next_cursor,
        page: &page,
    };
    Ok(show(&page, &template))
}

fn network_path(network: &Slug) -> String {
    NETWORK.replace("{network}", network.as_str())
}

fn total(page: &Page, totals: &ImpactTotals) -> Total {
    let figure = |key: &str, count: i64, minor: i64| {
        (
            page.t(key),
            count.to_string(),
            money(page.lang, minor, &totals.currency),
        )
    };
    let waiting = (
        totals.waiting + totals.lapsed,
        totals.waiting_minor + totals.lapsed_minor,
    );
    let all = [
        figure("gifts-prepaid", totals.prepaid, totals.prepaid_minor),
        figure("gifts-used", totals.used, totals.used_minor),
        figure("gifts-waiting", waiting.0, waiting.1),
        figure("gifts-expired", totals.expired, totals.expired_minor),
        figure("gifts-refunded", totals.refunded, totals.refunded_minor),
        figure("gifts-voided", totals.voided, totals.voided_minor),
    ];
    let always = 3;
    let shown = all.into_iter().enumerate();
    let shown = shown.filter(|(place, figure)| *place < always || figure.1 != "0");
    Total {
        figures: shown.map(|(_, figure)| figure).collect(),
    }
}

/// A voucher's life; `vouchers` is where the API has this donor's.
fn life(page: &Page, life: &VoucherLife, vouchers: &str) -> Life {
    let (tone, symbol, stage) = match life.stage {
        Stage::Waiting => ("wait", "◔", "gift-waiting"),
        Stage::Lapsed => ("none", "◔", "gift-lapsed"),
        Stage::Used => ("good", "✓", "gift-used"),
        Stage::Expired => ("none", "→", "gift-expired"),
        Stage::Refunded => ("none", "↩", "gift-refunded"),
        Stage::Voided => ("none", "✕", "gift-voided"),
    };
    let paid = money(page.lang, life.paid_minor, &life.currency);
    let moments = life.timeline.iter();
    let has_code = life.timeline.iter().any(|moment| {
        matches!(
            moment.happened,
            Happened::CodeIssued {
                held_by: HeldBy::Donor,
                ..
            }
        )
    });
    let sheet = (has_code && life.stage == Stage::Waiting)
        .then(|| format!("/sheets/{}", life.prepayment_id));
    Life {
        what: life.item_name.clone().unwrap_or_else(|| page.t("credit")),
        until: life
            .expires_on
            .map(|it| page.s("sheet-until", day(page.lang, it)))
            .unwrap_or_default(),
        moments: moments
            .map(|moment| told(page, moment, &life.currency))
            .collect(),
        stage: page.t(stage),
        receipt: format!("{vouchers}/{}/receipt", life.voucher_id),
        paid,
        tone,
        symbol,
        sheet,
    }
}

fn told(page: &Page, moment: &TimelineMoment, currency: &str) -> (String, String) {
    let when = moment.day.map(|it| day(page.lang, it));
    let when = when.unwrap_or_else(|| month(page.lang, &moment.month));
    (when, happened(page, &moment.happened, currency))
}

fn happened(page: &Page, happened: &Happened, currency: &str) -> String {
    let at = |key: &str, alone: &str, named: Option<&Named>| {
        let name = named.and_then(|named| named.name.as_ref());
        name.map_or_else(|| page.t(alone), |name| page.s(key, name))
    };
    let amount = |minor: i64| money(page.lang, minor, currency);
    match happened {
        Happened::Prepaid { venue, .. } => at("life-prepaid-at", "life-prepaid", venue.as_ref()),
        Happened::CodeIssued { .. } => page.t("life-code-issued"),
        Happened::CodeRevoked { .. } => page.t("life-code-revoked"),
        Happened::HandedOver { organisation, .. } => at(
            "life-handed-over-by",
            "life-handed-over",
            organisation.as_ref(),
        ),
        Happened::Allocated { organisation } => {
            at("life-allocated-to", "life-allocated", organisation.as_ref())
        }
        Happened::ReturnedToBoard => page.t("life-returned"),
        Happened::Used { venue, .. } => at("life-used-at", "life-used", venue.as_ref()),
        Happened::TakenBack => page.t("life-taken-back"),
        Happened::Rehomed { to_venue, .. } => {
            at("life-rehomed-to", "life-rehomed", to_venue.as_ref())
        }
        Happened::Expired {
            to, amount_minor, ..
        } => {
            let key = match to {
                WentTo::Fund => "life-expired-fund",
                WentTo::Organisation => "life-expired-organisation",
                WentTo::Donor => "life-expired-donor",
            };
            page.s(key, amount(*amount_minor))
        }
        Happened::Refunded { amount_minor, .. } => page.s("life-refunded", amount(*amount_minor)),
        Happened::Voided { .. } => page.t("life-voided"),
    }
}
