//! Asking for totals, accounts and postings.

use chrono::{DateTime, Utc};
use domain::text::Slug;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use super::books::{Account, Flow};
use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::time::instant;

/// The most rows of one answer.
pub const MAX_ROWS: u32 = 500;

/// Of what totals are kept.
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
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[schema(as = LedgerDimension)]
pub enum Dimension {
    /// Of the whole network.
    Network,
    /// Of each venue.
    Venue,
    /// Of each donor.
    Donor,
    /// Of each fund.
    Fund,
}

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct Part {
    /// The network.
    pub network: Slug,
    /// Only what is carried by this fund; none = all.
    pub fund_id: Option<Uuid>,
    /// How many at most, 1 to [`MAX_ROWS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// Totals of one network, venue, donor or fund in one currency. Amounts are minor units, units are
/// vouchers; a credit is one unit and redeemed when it is used up. At every position, in units and
/// in money: `prepaid + rehomed_in = outstanding + redeemed + expired + refunded + voided +
/// rehomed_out`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LedgerTotals)]
pub struct Totals {
    /// Of what.
    pub dimension: Dimension,
    /// The venue, donor or fund. Absent for the network, for vouchers of several venues, and for
    /// donors whom nobody knows.
    #[serde(deserialize_with = "id")]
    pub of_id: Option<Uuid>,
    /// The code of ISO 4217.
    pub currency: String,
    /// Prepaid.
    pub prepaid_units: i64,
    /// Prepaid.
    pub prepaid_minor: i64,
    /// Got from another venue, at the new value.
    pub rehomed_in_units: i64,
    /// Got from another venue, at the new value.
    pub rehomed_in_minor: i64,
    /// Not used yet.
    pub outstanding_units: i64,
    /// Not used yet.
    pub outstanding_minor: i64,
    /// Used, without what was taken back.
    pub redeemed_units: i64,
    /// Used, without what was taken back.
    pub redeemed_minor: i64,
    /// What venues got for what was used. What it is more or less than `redeemed_minor`, the fund
    /// paid or got.
    pub settled_minor: i64,
    /// What venues bore of prices that had risen.
    pub borne_by_venue_minor: i64,
    /// Expired.
    pub expired_units: i64,
    /// Expired.
    pub expired_minor: i64,
    /// Refunded, to donors or to funds.
    pub refunded_units: i64,
    /// Refunded, to donors or to funds.
    pub refunded_minor: i64,
    /// Voided.
    pub voided_units: i64,
    /// Voided.
    pub voided_minor: i64,
    /// Given to another venue, at the old value.
    pub rehomed_out_units: i64,
    /// Given to another venue, at the old value.
    pub rehomed_out_minor: i64,
    /// Old values less new ones: what funds got by re-homing; negative where they paid.
    pub rehomed_to_fund_minor: i64,
}

/// Totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TotalsAnswer {
    /// How far the read model has come.
    pub view: View,
    /// One row per currency and venue, donor or fund.
    pub totals: Vec<Totals>,
    /// How to ask for the rows after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountBalance {
    /// The account.
    pub account: Account,
    /// The venue, donor, organisation or fund whose account it is.
    #[serde(deserialize_with = "id")]
    pub of_id: Option<Uuid>,
    /// The code of ISO 4217.
    pub currency: String,
    /// All that was booked to it, in minor units.
    pub debit_minor: i64,
    /// All that was booked from it, in minor units.
    pub credit_minor: i64,
    /// What it holds: debit less credit for tills, the network's account and price rises, credit
    /// less debit for what is owed, promised or given. In minor units.
    #[serde(default)]
    pub balance_minor: i64,
}

/// Accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountsAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The accounts.
    pub accounts: Vec<AccountBalance>,
    /// How to ask for the rows after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// One booking from one account to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PostingLine {
    /// The position of the act.
    pub position: i64,
    /// The act.
    pub event_id: Uuid,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What flowed.
    pub flow: Flow,
    /// The account that it is booked to.
    pub debit: Account,
    /// The venue, donor, organisation or fund of that account.
    pub debit_of: Option<Uuid>,
    /// The account that it is booked from.
    pub credit: Account,
    /// The venue, donor, organisation or fund of that account.
    pub credit_of: Option<Uuid>,
    /// How much, in minor units; more than 0.
    pub amount_minor: i64,
    /// The code of ISO 4217.
    pub currency: String,
    /// The voucher.
    pub voucher_id: Uuid,
    /// Its venue before the act; absent if there are several.
    pub venue_id: Option<Uuid>,
    /// Its donor.
    pub donor_id: Option<Uuid>,
    /// The fund that carries it.
    pub fund_id: Option<Uuid>,
}

/// Postings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PostingsAnswer {
    /// How far the read model has come.
    pub view: View,
    /// In order of position.
    pub postings: Vec<PostingLine>,
    /// How to ask for the rows after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// The totals of a network by one dimension. For one fund, only that fund's.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn totals(
    store: &dyn ReadStore,
    part: &Part,
    dimension: Dimension,
    seen: Seen,
) -> Result<TotalsAnswer, StoreError> {
    const TOTALS: &str = "SELECT * FROM ledger_total
        WHERE network = $1 AND dimension = $2 AND key > $3
          AND (CAST($4 AS TEXT) IS NULL OR of_id = $4)
        ORDER BY key LIMIT $5";
    let dimension: Arg = dimension.to_string().into();
    let (totals, view, next_cursor) = page(store, part, TOTALS, Some(dimension), seen).await?;
    Ok(TotalsAnswer {
        view,
        totals,
        next_cursor,
    })
}

/// The accounts of a network. For one fund, only that fund's.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn accounts(
    store: &dyn ReadStore,
    part: &Part,
    seen: Seen,
) -> Result<AccountsAnswer, StoreError> {
    const ACCOUNTS: &str = "SELECT * FROM ledger_account
        WHERE network = $1 AND key > $2 AND (CAST($3 AS TEXT) IS NULL OR of_id = $3)
        ORDER BY key LIMIT $4";
    let page = page::<AccountBalance>(store, part, ACCOUNTS, None, seen);
    let (mut accounts, view, next_cursor) = page.await?;
    for account in &mut accounts {
        account.balance_minor = account.holds();
    }
    Ok(AccountsAnswer {
        view,
        accounts,
        next_cursor,
    })
}

/// The postings of a network in order of position. For one fund, those of its vouchers.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn postings(
    store: &dyn ReadStore,
    part: &Part,
    seen: Seen,
) -> Result<PostingsAnswer, StoreError> {
    const POSTINGS: &str = "SELECT * FROM ledger_posting
        WHERE network = $1 AND key > $2 AND (CAST($3 AS TEXT) IS NULL OR fund_id = $3)
        ORDER BY key LIMIT $4";
    let (found, view, next_cursor) = page(store, part, POSTINGS, None, seen).await?;
    Ok(PostingsAnswer {
        view,
        postings: found
            .into_iter()
            .map(PostingLine::of)
            .collect::<Result<_, _>>()?,
        next_cursor,
    })
}

/// One page of rows in order of key: the rows, the view, and the cursor of the next page.
async fn page<T: DeserializeOwned>(
    store: &dyn ReadStore,
    part: &Part,
    sql: &'static str,
    second: Option<Arg>,
    seen: Seen,
) -> Result<(Vec<T>, View, Option<String>), StoreError> {
    #[derive(Deserialize)]
    struct Keyed {
        key: String,
    }

    let limit = part.limit.clamp(1, MAX_ROWS);
    let [after] = cursor::read(part.cursor.as_deref())?;
    let mut args: Vec<Arg> = vec![part.network.as_str().into()];
    args.extend(second);
    args.push(after.into());
    args.push(part.fund_id.map(|id| id.to_string()).into());
    args.push((i64::from(limit) + 1).into());
    let query = Query { sql, args };
    let mut snapshot = ask(store, super::MODEL, vec![query], seen.position, seen.wait).await?;
    let found = snapshot.found.pop().unwrap_or_default();
    let (mut rows, mut keys): (Vec<T>, Vec<Keyed>) = (found.read()?, found.read()?);
    cursor::cut(&mut rows, limit);
    let more = cursor::cut(&mut keys, limit);
    let last = keys.last().filter(|_| more);
    let next_cursor = last.map(|last| cursor::write(&[&last.key]));
    Ok((
        rows,
        View::at(&snapshot.checkpoint, seen.position),
        next_cursor,
    ))
}

impl AccountBalance {
    fn holds(&self) -> i64 {
        let debit = self.debit_minor - self.credit_minor;
        match self.account {
            Account::VenueTill | Account::NetworkAccount | Account::PriceRise => debit,
            Account::Outstanding
            | Account::DueToVenue
            | Account::DueToDonor
            | Account::DueToOrganisation
            | Account::Fund
            | Account::VenueGift => -debit,
        }
    }
}

impl PostingLine {
    fn of(row: super::Posting) -> Result<Self, StoreError> {
        Ok(Self {
            position: row.position,
            event_id: row.event_id.parse().map_err(StoreError::broken)?,
            occurred_at: instant(row.occurred_at),
            flow: row.flow.parse().map_err(StoreError::broken)?,
            debit: row.debit.parse().map_err(StoreError::broken)?,
            debit_of: some(&row.debit_of)?,
            credit: row.credit.parse().map_err(StoreError::broken)?,
            credit_of: some(&row.credit_of)?,
            amount_minor: row.amount_minor,
            currency: row.currency,
            voucher_id: row.voucher_id.parse().map_err(StoreError::broken)?,
            venue_id: some(&row.venue_id)?,
            donor_id: some(&row.donor_id)?,
            fund_id: some(&row.fund_id)?,
        })
    }
}

fn some(id: &str) -> Result<Option<Uuid>, StoreError> {
    if id.is_empty() {
        return Ok(None);
    }
    id.parse().map(Some).map_err(StoreError::broken)
}

/// Reads an id that is empty where there is none.
fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Uuid>, D::Error> {
    let text = String::deserialize(deserializer)?;
    some(&text).map_err(serde::de::Error::custom)
}
