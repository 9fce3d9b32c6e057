//! The accounts and totals, and how a line is written into them.

use domain::event::Act;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Balance, Carried, Posting, Total};
use crate::fold::Stop;
use crate::rows::Rows;
use crate::time::micros;

/// What an account is for. Each is kept per venue, donor, organisation or fund, where it has one.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = LedgerAccount)]
pub enum Account {
    /// Money for vouchers that lies in a venue's till.
    VenueTill,
    /// Money for vouchers that lies on the network's account.
    NetworkAccount,
    /// What is promised by vouchers that were not used yet, per venue.
    Outstanding,
    /// What the network owes a venue.
    DueToVenue,
    /// What is owed to a donor.
    DueToDonor,
    /// What is owed to an organisation.
    DueToOrganisation,
    /// What a fund has and no voucher carries.
    Fund,
    /// What a venue gave of its own, by bearing a price that had risen.
    VenueGift,
    /// What was handed out beyond what was prepaid.
    PriceRise,
}

/// What flows.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = LedgerFlow)]
pub enum Flow {
    /// A voucher was paid for.
    Prepaid,
    /// A voucher was used.
    Redeemed,
    /// The fund paid what a price had risen by.
    RiseBorneByFund,
    /// The venue gave what a price had risen by.
    RiseBorneByVenue,
    /// The fund got what a price had fallen by.
    FallToFund,
    /// A use was taken back.
    Reversed,
    /// A voucher expired.
    Expired,
    /// A voucher was refunded.
    Refunded,
    /// A voucher was voided.
    Voided,
    /// A voucher got another venue.
    Rehomed,
    /// A fund got what the new venue's item is cheaper by.
    RehomedToFund,
    /// A fund paid what the new venue's item is dearer by.
    RehomedFromFund,
}

pub(super) type Side = (Account, String);

/// One line of a booking.
pub(super) struct Line {
    pub flow: Flow,
    pub debit: Side,
    pub credit: Side,
    pub minor: i64,
}

/// Writes down the lines through which something flowed.
pub(super) fn post(
    act: &Act,
    carried: &Carried,
    lines: &[Line],
    rows: &mut Rows,
) -> Result<(), Stop> {
    let flowing = lines.iter().filter(|line| line.minor > 0);
    for (number, line) in flowing.enumerate() {
        enter(carried, &line.debit, rows, |account| {
            account.debit_minor += line.minor;
        })?;
        enter(carried, &line.credit, rows, |account| {
            account.credit_minor += line.minor;
        })?;
        rows.put(Posting {
            key: format!("{:019}-{number}", act.position),
            network: carried.network.clone(),
            position: act.position,
            event_id: act.event_id.to_string(),
            occurred_at: micros(act.occurred_at),
            flow: line.flow.to_string(),
            debit: line.debit.0.to_string(),
            debit_of: line.debit.1.clone(),
            credit: line.credit.0.to_string(),
            credit_of: line.credit.1.clone(),
            amount_minor: line.minor,
            currency: carried.currency.clone(),
            voucher_id: carried.key.clone(),
            venue_id: carried.venue_id.clone(),
            donor_id: carried.donor_id.clone(),
            fund_id: carried.fund_id.clone(),
        });
    }
    Ok(())
}

fn enter(
    carried: &Carried,
    (account, of): &Side,
    rows: &mut Rows,
    change: impl FnOnce(&mut Balance),
) -> Result<(), Stop> {
    let key = format!("{}|{}|{account}|{of}", carried.network, carried.currency);
    let new = || Balance {
        key: key.clone(),
        network: carried.network.clone(),
        currency: carried.currency.clone(),
        account: account.to_string(),
        of_id: of.clone(),
        debit_minor: 0,
        credit_minor: 0,
    };
    rows.upsert(&key, new, change)
}

/// Changes the totals of the voucher's network, venue, donor and fund alike.
pub(super) fn tally(
    carried: &Carried,
    rows: &mut Rows,
    change: &dyn Fn(&mut Total),
) -> Result<(), Stop> {
    let dimensions = [
        ("network", ""),
        ("venue", carried.venue_id.as_str()),
        ("donor", carried.donor_id.as_str()),
        ("fund", carried.fund_id.as_str()),
    ];
    for (dimension, of) in dimensions {
        let key = format!("{}|{}|{dimension}|{of}", carried.network, carried.currency);
        let new = || Total::new(key.clone(), carried, dimension, of);
        rows.upsert::<Total>(&key, new, change)?;
    }
    Ok(())
}

impl Total {
    fn new(key: String, carried: &Carried, dimension: &str, of: &str) -> Self {
        Self {
            key,
            network: carried.network.clone(),
            currency: carried.currency.clone(),
            dimension: dimension.to_owned(),
            of_id: of.to_owned(),
            prepaid_units: 0,
            prepaid_minor: 0,
            rehomed_in_units: 0,
            rehomed_in_minor: 0,
            outstanding_units: 0,
            outstanding_minor: 0,
            redeemed_units: 0,
            redeemed_minor: 0,
            settled_minor: 0,
            borne_by_venue_minor: 0,
            expired_units: 0,
            expired_minor: 0,
            refunded_units: 0,
            refunded_minor: 0,
            voided_units: 0,
            voided_minor: 0,
            rehomed_out_units: 0,
            rehomed_out_minor: 0,
            rehomed_to_fund_minor: 0,
        }
    }
}
