//! How many vouchers were purchased, redeemed, expired, refunded and voided, year by year?
//!
//! Years are calendar years in the network's time zone, and each act counts in the year in which it
//! happened. A use that is taken back no longer counts in the year of the use.

pub mod query;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;
use domain::event::{Act, Event};
use domain::network::NetworkEvent;
use domain::voucher::prepay::Prepaid;
use domain::voucher::redeem::Redeemed;
use domain::voucher::reverse_redemption::RedemptionReversed;
use domain::voucher::{Kind, VoucherEvent};

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "campaign_totals",
    version: 1,
};

row! {
    /// What a network counts by.
    pub struct Network in "campaign_totals_network" indexes [] {
        /// The network's slug.
        key: String,
        /// Its time zone, as in the IANA data.
        timezone: String,
        /// The code of ISO 4217.
        currency: String,
    }
}

row! {
    /// A voucher as it was counted.
    pub struct Counted in "campaign_totals_voucher" indexes [] {
        /// The voucher's id.
        key: String,
        /// The campaign in which it was bought; empty if in none.
        campaign: String,
        /// The year in which it was bought.
        bought_year: i64,
        /// 1 = a credit, which is used in parts.
        is_credit: i64,
        /// The year in which it was used up; null while it is not.
        used_up_year: Option<i64>,
        /// The year of each use that stands, by its id.
        uses: Json<BTreeMap<String, i64>>,
    }
}

row! {
    /// One year of one campaign. Units are vouchers, amounts are minor units of the network's
    /// currency. A credit is redeemed as a unit when it is used up.
    pub struct Year in "campaign_totals_year" indexes [(network, year, campaign)] {
        /// Network, year and campaign, with `|` between.
        key: String,
        /// The network's slug.
        network: String,
        /// The calendar year in the network's time zone.
        year: i64,
        /// The campaign; empty for what was bought in none.
        campaign: String,
        /// Bought in this year.
        purchased_units: i64,
        /// Bought in this year.
        purchased_minor: i64,
        /// Used in this year, whenever bought.
        redeemed_units: i64,
        /// Used in this year, whenever bought.
        redeemed_minor: i64,
        /// Of these, bought in this year too.
        redeemed_same_year_units: i64,
        /// Expired in this year.
        expired_units: i64,
        /// Expired in this year.
        expired_minor: i64,
        /// Refunded in this year.
        refunded_units: i64,
        /// Refunded in this year.
        refunded_minor: i64,
        /// Voided in this year.
        voided_units: i64,
        /// Voided in this year.
        voided_minor: i64,
    }
}

/// The fold of this read model.
pub struct CampaignTotals;

impl Fold for CampaignTotals {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![Network::TABLE, Counted::TABLE, Year::TABLE]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Network(event) => network(act, event, rows),
            Event::Voucher(event) => return voucher(act, event, rows),
            Event::Access(_)
            | Event::District(_)
            | Event::Donor(_)
            | Event::Fund(_)
            | Event::HelpRequest(_)
            | Event::Member(_)
            | Event::Organisation(_)
            | Event::Place(_)
            | Event::Service(_)
            | Event::Subject(_)
            | Event::Task(_)
            | Event::Venue(_) => {}
        }
        Ok(())
    }
}

fn network(act: &Act, event: &NetworkEvent, rows: &mut Rows) {
    match event {
        NetworkEvent::Founded(founded) => rows.put(Network {
            key: act.network.clone(),
            timezone: founded.timezone.name().to_owned(),
            currency: String::from(founded.currency),
        }),
        NetworkEvent::PolicySet(_) => {}
    }
}

fn voucher(act: &Act, event: &VoucherEvent, rows: &mut Rows) -> Result<(), Stop> {
    let year = year_of(act.occurred_at, &act.network, rows)?;
    let id = act.aggregate_id.to_string();
    if let VoucherEvent::Prepaid(prepaid) = event {
        return prepay(id, act, year, prepaid, rows);
    }
    let Some(counted) = rows.get::<Counted>(&id)?.cloned() else {
        return Err(Stop::Broken(format!("voucher {id} was never prepaid")));
    };
    match event {
        VoucherEvent::Prepaid(_)
        | VoucherEvent::CodeIssued(_)
        | VoucherEvent::CodeRevoked(_)
        | VoucherEvent::HandedOver(_)
        | VoucherEvent::Allocated(_)
        | VoucherEvent::ReturnedToBoard(_)
        | VoucherEvent::Rehomed(_) => Ok(()),
        VoucherEvent::Redeemed(redeemed) => redeem(act, year, redeemed, counted, rows),
        VoucherEvent::RedemptionReversed(reversed) => reverse(act, reversed, counted, rows),
        VoucherEvent::Expired(expired) => count(act, year, &counted, rows, |totals| {
            totals.expired_units += 1;
            totals.expired_minor += expired.remaining_minor.get();
        }),
        VoucherEvent::Refunded(refunded) => count(act, year, &counted, rows, |totals| {
            totals.refunded_units += 1;
            totals.refunded_minor += refunded.amount_minor.get();
        }),
        VoucherEvent::Voided(voided) => count(act, year, &counted, rows, |totals| {
            totals.voided_units += 1;
            totals.voided_minor += voided.amount_minor.get();
        }),
    }
}

fn year_of(at: DateTime<Utc>, network: &str, rows: &Rows) -> Result<i64, Stop> {
    let Some(network) = rows.get::<Network>(network)? else {
        return Err(Stop::Broken(format!("network {network} was never founded")));
    };
    let unknown = |_| Stop::Broken(format!("time zone {} is not known", network.timezone));
    let timezone: Tz = network.timezone.parse().map_err(unknown)?;
    Ok(i64::from(at.with_timezone(&timezone).year()))
}

fn prepay(
    id: String,
    act: &Act,
    year: i64,
    prepaid: &Prepaid,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let campaign = prepaid.campaign.as_ref().map(ToString::to_string);
    let counted = Counted {
        key: id,
        campaign: campaign.unwrap_or_default(),
        bought_year: year,
        is_credit: i64::from(matches!(prepaid.kind, Kind::Credit { .. })),
        used_up_year: None,
        uses: Json(BTreeMap::new()),
    };
    count(act, year, &counted, rows, |totals| {
        totals.purchased_units += 1;
        totals.purchased_minor += prepaid.kind.value_minor().get();
    })?;
    rows.put(counted);
    Ok(())
}

fn redeem(
    act: &Act,
    year: i64,
    redeemed: &Redeemed,
    mut counted: Counted,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let used_up = counted.is_credit == 0 || redeemed.remaining_minor.get() == 0;
    count(act, year, &counted, rows, |totals| {
        totals.redeemed_minor += redeemed.used_minor.get();
    })?;
    let use_id = redeemed.redemption_id.to_string();
    counted.uses.0.insert(use_id, year);
    if used_up {
        count_unit(act, year, &counted, rows, 1)?;
        counted.used_up_year = Some(year);
    }
    rows.put(counted);
    Ok(())
}

fn reverse(
    act: &Act,
    reversed: &RedemptionReversed,
    mut counted: Counted,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let use_id = reversed.redemption_id.to_string();
    let Some(year) = counted.uses.0.remove(&use_id) else {
        return Err(Stop::Broken(format!("use {use_id} is not known")));
    };
    count(act, year, &counted, rows, |totals| {
        totals.redeemed_minor -= reversed.used_minor.get();
    })?;
    if let Some(year) = counted.used_up_year.take() {
        count_unit(act, year, &counted, rows, -1)?;
    }
    rows.put(counted);
    Ok(())
}

fn count_unit(
    act: &Act,
    year: i64,
    counted: &Counted,
    rows: &mut Rows,
    by: i64,
) -> Result<(), Stop> {
    count(act, year, counted, rows, |totals| {
        totals.redeemed_units += by;
        if counted.bought_year == year {
            totals.redeemed_same_year_units += by;
        }
    })
}

fn count(
    act: &Act,
    year: i64,
    counted: &Counted,
    rows: &mut Rows,
    change: impl FnOnce(&mut Year),
) -> Result<(), Stop> {
    let campaign = &counted.campaign;
    let key = format!("{}|{year}|{campaign}", act.network);
    let new = || Year {
        key: key.clone(),
        network: act.network.clone(),
        year,
        campaign: campaign.clone(),
        purchased_units: 0,
        purchased_minor: 0,
        redeemed_units: 0,
        redeemed_minor: 0,
        redeemed_same_year_units: 0,
        expired_units: 0,
        expired_minor: 0,
        refunded_units: 0,
        refunded_minor: 0,
        voided_units: 0,
        voided_minor: 0,
    };
    rows.upsert(&key, new, change)
}
