//! Does it add up? Every equation of the ledger, checked on what is stored.

use domain::text::Slug;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Seen, View, ask};
use crate::store::{Query, ReadStore, StoreError};

/// The most rows that a check names which do not add up.
pub const MOST_NAMED: usize = 20;

/// What came of checking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reconciliation {
    /// How far the read model has come.
    pub view: View,
    /// Whether every equation holds.
    pub balanced: bool,
    /// Each equation.
    pub checks: Vec<Check>,
}

/// One equation, checked on many rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerCheck)]
pub struct Check {
    /// The equation.
    pub equation: &'static str,
    /// Whether it holds everywhere.
    pub holds: bool,
    /// Where it does not: up to [`MOST_NAMED`] keys (network, currency, dimension or account, id).
    pub broken: Vec<Broken>,
}

/// A row that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LedgerBroken)]
pub struct Broken {
    /// Which row.
    pub key: String,
    /// One side of the equation, in minor units or vouchers.
    pub one_side: i64,
    /// The other side.
    pub other_side: i64,
}

/// Each equation with the query that finds the rows of a network which break it.
const EQUATIONS: &[(&str, &str)] = &[
    (
        "per network, venue, donor and fund, in money: prepaid + rehomed_in = outstanding + \
         redeemed + expired + refunded + voided + rehomed_out",
        "SELECT key, prepaid_minor + rehomed_in_minor AS one_side,
                outstanding_minor + redeemed_minor + expired_minor + refunded_minor + voided_minor
                    + rehomed_out_minor AS other_side
         FROM ledger_total
         WHERE network = $1 AND prepaid_minor + rehomed_in_minor <> outstanding_minor
             + redeemed_minor + expired_minor + refunded_minor + voided_minor + rehomed_out_minor
         ORDER BY key LIMIT $2",
    ),
    (
        "per network, venue, donor and fund, in vouchers: prepaid + rehomed_in = outstanding + \
         redeemed + expired + refunded + voided + rehomed_out",
        "SELECT key, prepaid_units + rehomed_in_units AS one_side,
                outstanding_units + redeemed_units + expired_units + refunded_units + voided_units
                    + rehomed_out_units AS other_side
         FROM ledger_total
         WHERE network = $1 AND prepaid_units + rehomed_in_units <> outstanding_units
             + redeemed_units + expired_units + refunded_units + voided_units + rehomed_out_units
         ORDER BY key LIMIT $2",
    ),
    (
        "over the network: rehomed_out = rehomed_in + differences to the fund",
        "SELECT key, rehomed_out_minor AS one_side,
                rehomed_in_minor + rehomed_to_fund_minor AS other_side
         FROM ledger_total
         WHERE network = $1 AND dimension = 'network'
           AND rehomed_out_minor <> rehomed_in_minor + rehomed_to_fund_minor
         ORDER BY key LIMIT $2",
    ),
    (
        "nothing that was counted is less than nothing",
        "SELECT key, outstanding_minor AS one_side, redeemed_minor AS other_side
         FROM ledger_total
         WHERE network = $1 AND (outstanding_minor < 0 OR outstanding_units < 0
             OR redeemed_minor < 0 OR redeemed_units < 0)
         ORDER BY key LIMIT $2",
    ),
    (
        "per dimension, the parts make up the network: prepaid + outstanding + redeemed + expired \
         + refunded + voided",
        "SELECT p.key, n.prepaid_minor + n.outstanding_minor + n.redeemed_minor + n.expired_minor
                    + n.refunded_minor + n.voided_minor AS one_side,
                p.parts AS other_side
         FROM ledger_total n
         JOIN (SELECT MIN(key) AS key, currency, dimension,
                      CAST(SUM(prepaid_minor + outstanding_minor + redeemed_minor + expired_minor
                          + refunded_minor + voided_minor) AS BIGINT) AS parts
               FROM ledger_total WHERE network = $1 GROUP BY currency, dimension) p
             ON p.currency = n.currency
         WHERE n.network = $1 AND n.dimension = 'network'
           AND p.parts <> n.prepaid_minor + n.outstanding_minor + n.redeemed_minor
               + n.expired_minor + n.refunded_minor + n.voided_minor
         ORDER BY p.key LIMIT $2",
    ),
    (
        "per venue, what is outstanding is what is left on its vouchers",
        "SELECT t.key, t.outstanding_minor AS one_side, COALESCE(v.remaining, 0) AS other_side
         FROM ledger_total t
         LEFT JOIN (SELECT currency, venue_id, CAST(SUM(remaining_minor) AS BIGINT) AS remaining,
                           CAST(SUM(outstanding_units) AS BIGINT) AS units
                    FROM ledger_voucher WHERE network = $1 GROUP BY currency, venue_id) v
             ON v.currency = t.currency AND v.venue_id = t.of_id
         WHERE t.network = $1 AND t.dimension = 'venue'
           AND (t.outstanding_minor <> COALESCE(v.remaining, 0)
                OR t.outstanding_units <> COALESCE(v.units, 0))
         ORDER BY t.key LIMIT $2",
    ),
    (
        "per venue, the account of what is outstanding says the same as the totals",
        "SELECT t.key, t.outstanding_minor AS one_side,
                COALESCE(a.credit_minor - a.debit_minor, 0) AS other_side
         FROM ledger_total t
         LEFT JOIN ledger_account a ON a.network = t.network AND a.currency = t.currency
             AND a.account = 'outstanding' AND a.of_id = t.of_id
         WHERE t.network = $1 AND t.dimension = 'venue'
           AND t.outstanding_minor <> COALESCE(a.credit_minor - a.debit_minor, 0)
         ORDER BY t.key LIMIT $2",
    ),
    (
        "what was booked to accounts is what was booked from accounts, and is all postings",
        "SELECT a.currency AS key, a.debit AS one_side, a.credit AS other_side
         FROM (SELECT currency, CAST(SUM(debit_minor) AS BIGINT) AS debit,
                      CAST(SUM(credit_minor) AS BIGINT) AS credit
               FROM ledger_account WHERE network = $1 GROUP BY currency) a
         LEFT JOIN (SELECT currency, CAST(SUM(amount_minor) AS BIGINT) AS amount
               FROM ledger_posting WHERE network = $1 GROUP BY currency) p
             ON p.currency = a.currency
         WHERE a.debit <> a.credit OR a.debit <> COALESCE(p.amount, 0)
         ORDER BY key LIMIT $2",
    ),
];

/// Checks every equation of a network's ledger on one state of it.
///
/// # Errors
/// If the store is away.
pub async fn reconcile(
    store: &dyn ReadStore,
    network: &Slug,
    seen: Seen,
) -> Result<Reconciliation, StoreError> {
    let most = i64::try_from(MOST_NAMED).unwrap_or(i64::MAX);
    let queries = EQUATIONS.iter().map(|(_, sql)| Query {
        sql,
        args: vec![network.as_str().into(), most.into()],
    });
    let queries = queries.collect();
    let snapshot = ask(store, super::MODEL, queries, seen.position, seen.wait).await?;
    let mut checks = Vec::with_capacity(EQUATIONS.len());
    for ((equation, _), found) in EQUATIONS.iter().zip(snapshot.found) {
        let broken: Vec<Broken> = found.read()?;
        checks.push(Check {
            equation,
            holds: broken.is_empty(),
            broken,
        });
    }
    Ok(Reconciliation {
        view: View::at(&snapshot.checkpoint, seen.position),
        balanced: checks.iter().all(|check| check.holds),
        checks,
    })
}
