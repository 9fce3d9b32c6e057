//! What the check of a whole log came to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::text::Slug;
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::{Value, json};
use strum::VariantArray as _;

use super::{Invariant, Sum, Venue, Violation};
use crate::answer::Seen;
use crate::ledger::Total;
use crate::ledger::reconcile::reconcile;
use crate::replay::Standing;
use crate::replay::diff::{What, diff};
use crate::replay::state::{Line, Lines, Scan};
use crate::store::StoreError;
use crate::table::Row;
use crate::time::micros;

/// How long vouchers may wait at a venue that takes none any more, until the reaction has moved
/// them.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// How often each invariant is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The last position that was checked.
    pub position: i64,
    /// How often each invariant is broken; 0 = it holds.
    pub invariants: BTreeMap<Invariant, u64>,
}

impl Report {
    /// Whether everything holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.invariants.values().all(|broken| *broken == 0)
    }
}

/// Tells every violation: those of single acts in order of position, and then those of the end of
/// the log and of the comparison with the ledger, which is the standing ledger or the reason why
/// there is none.
///
/// # Errors
/// If a store is away, or `tell` fails.
pub async fn report(
    checked: &Standing,
    ledger: Result<&Standing, String>,
    mut tell: impl FnMut(&Violation) -> Result<(), StoreError>,
) -> Result<Report, StoreError> {
    let zero = |invariant: &Invariant| (*invariant, 0);
    let mut report = Report {
        position: checked.moment.position,
        invariants: Invariant::VARIANTS.iter().map(zero).collect(),
    };
    let mut note = |violation: &Violation| {
        let invariant: Result<Invariant, _> = violation.invariant.parse();
        let invariant = invariant.map_err(StoreError::broken)?;
        *report.invariants.entry(invariant).or_default() += 1;
        tell(violation)
    };
    checked
        .each::<Violation>(|violation| note(&violation))
        .await?;
    if let Some(then) = checked.moment.recorded_at {
        stranded(checked, then, &mut note).await?;
    }
    match ledger {
        Ok(ledger) => compare(checked, ledger, &mut note).await?,
        Err(why) => note(&at_the_end("", Invariant::LedgerAgrees, why))?,
    }
    Ok(report)
}

type Tell<'a> = dyn FnMut(&Violation) -> Result<(), StoreError> + 'a;

fn at_the_end(network: &str, invariant: Invariant, detail: String) -> Violation {
    Violation {
        key: String::new(),
        position: 0,
        network: network.to_owned(),
        stream: String::new(),
        act: String::new(),
        invariant: invariant.to_string(),
        detail,
    }
}

/// Venues at which vouchers still wait although they take none.
async fn stranded(
    checked: &Standing,
    then: DateTime<Utc>,
    note: &mut Tell<'_>,
) -> Result<(), StoreError> {
    let since = micros(then - GRACE);
    let each = checked.each::<Venue>(|venue| {
        let closed = venue.closed_from.is_some_and(|from| from <= since);
        if !closed || venue.bound <= 0 {
            return Ok(());
        }
        let detail = format!(
            "{} vouchers can be used only at this venue, which takes none",
            venue.bound
        );
        note(&Violation {
            stream: venue.key.clone(),
            ..at_the_end(&venue.network, Invariant::NotStranded, detail)
        })
    });
    each.await
}

/// The sums of this check beside those of the ledger, and the ledger's own equations.
async fn compare(
    checked: &Standing,
    ledger: &Standing,
    note: &mut Tell<'_>,
) -> Result<(), StoreError> {
    let mut networks = BTreeSet::new();
    let each = checked.each::<Sum>(|sum| {
        networks.insert(sum.network);
        Ok(())
    });
    each.await?;
    let mut ours = Sums::new(checked, of_sum);
    let mut theirs = Sums::new(ledger, of_total);
    let tables = ["sums".to_owned()];
    let comparing = diff(&tables, &mut ours, &mut theirs, |difference| {
        let key = &difference.key;
        let network = key.split('|').next().unwrap_or_default();
        let detail = match &difference.what {
            What::Came { .. } => format!("{key}: only the ledger has it"),
            What::Went { .. } => format!("{key}: the ledger does not have it"),
            What::Changed { .. } => format!("what this check counts, and the ledger: {difference}"),
        };
        note(&at_the_end(network, Invariant::LedgerAgrees, detail))
    });
    comparing.await?;
    for network in networks {
        let slug: Slug = network.parse().map_err(StoreError::broken)?;
        let reconciled = reconcile(&*ledger.store, &slug, Seen::default()).await?;
        for check in reconciled.checks.iter().filter(|check| !check.holds) {
            let keys: Vec<_> = check.broken.iter().map(|it| it.key.as_str()).collect();
            let detail = format!("in the ledger: {}: {}", check.equation, keys.join(", "));
            note(&at_the_end(&network, Invariant::LedgerAgrees, detail))?;
        }
    }
    Ok(())
}

/// Sums of either side, in one form.
struct Sums<'a, R> {
    rows: Scan<'a>,
    form: fn(&R) -> Value,
}

impl<'a, R: Row> Sums<'a, R> {
    fn new(standing: &'a Standing, form: fn(&R) -> Value) -> Self {
        let rows = standing.rows_of(vec![R::TABLE]);
        Self { rows, form }
    }
}

impl<R: Row> Lines for Sums<'_, R> {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Line>, StoreError>> {
        Box::pin(async move {
            let Some(line) = self.rows.next().await? else {
                return Ok(None);
            };
            let row: R = serde_json::from_str(&line.row).map_err(StoreError::broken)?;
            let row = (self.form)(&row).to_string();
            Ok(Some(Line { row, ..line }))
        })
    }
}

/// A row of either side in the same form.
macro_rules! sums {
    ($row:ident, $to_fund:ident) => {
        json!({
            "prepaid": $row.prepaid_minor, "rehomed_in": $row.rehomed_in_minor,
            "outstanding": $row.outstanding_minor, "redeemed": $row.redeemed_minor,
            "expired": $row.expired_minor, "refunded": $row.refunded_minor,
            "voided": $row.voided_minor, "rehomed_out": $row.rehomed_out_minor,
            "to_fund": $row.$to_fund,
        })
    };
}

fn of_sum(sum: &Sum) -> Value {
    sums!(sum, to_fund_minor)
}

fn of_total(total: &Total) -> Value {
    sums!(total, rehomed_to_fund_minor)
}
