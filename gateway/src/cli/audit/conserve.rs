//! `sospeso audit conserve`: every invariant, checked on every act from the first on.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use domain::text::Slug;
use projections::conserve::report::{Report, report};
use projections::conserve::{Conserve as Check, Violation};
use projections::ledger::Ledger;
use projections::replay::AsOf;
use serde_json::json;

use super::past;
use crate::cli::{Common, set_up};

const EXAMPLE: &str = "Examples:
  sospeso audit conserve
  sospeso audit conserve --as-of 2026-11-20T08:15:00Z --network praha --json

It follows every act with rules of its own, and compares the sums with those of the ledger. Needs
boxes, stocks and orders are not checked: no act of theirs exists yet. That personal text cannot be
read after its key is gone is checked by `sospeso doctor`, the hashes by `sospeso audit verify`.";

/// Check every invariant on the whole log: exit code 1 if one does not hold.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Conserve {
    /// A position, or an instant as in 2026-11-20T08:15:00Z; without it the head.
    #[arg(long, value_name = "POSITION|TIME")]
    as_of: Option<AsOf>,
    /// Only the acts of this network.
    #[arg(long)]
    network: Option<Slug>,
}

impl Conserve {
    /// Checks.
    ///
    /// # Errors
    /// If an invariant does not hold, or the log cannot be read to its end.
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let engines = set_up::engines(common).await?;
        let (network, as_of) = (self.network, self.as_of);
        let check = past::stand(common, &engines, Arc::new(Check), network.clone(), as_of).await?;
        let until = Some(AsOf::Position(check.moment.position));
        let ledger = past::stand(common, &engines, Arc::new(Ledger), network, until).await;
        let ledger = match &ledger {
            Ok(ledger) => Ok(ledger),
            Err(error) => Err(format!("the ledger cannot follow: {error:#}")),
        };
        let report = report(&check, ledger, |violation| {
            tell(common, violation);
            Ok(())
        })
        .await?;
        common.say(&in_words(&report), &json!(report));
        if report.holds() {
            return Ok(());
        }
        bail!("the log does not keep every invariant")
    }
}

fn tell(common: &Common, violation: &Violation) {
    let Violation {
        position,
        network,
        stream,
        act,
        invariant,
        detail,
        ..
    } = violation;
    if common.json {
        let line = json!({
            "position": position, "network": network, "stream": stream, "act": act,
            "invariant": invariant, "detail": detail,
        });
        println!("{line}");
    } else if *position == 0 {
        println!("BROKEN {invariant} at the end of the log, {network} {stream}: {detail}");
    } else {
        println!("BROKEN {invariant} at position {position}, {network} {act} {stream}: {detail}");
    }
}

fn in_words(report: &Report) -> String {
    let mut text = format!("checked up to position {}", report.position);
    for (invariant, broken) in &report.invariants {
        let verdict = match broken {
            0 => "holds".to_owned(),
            times => format!("BROKEN {times} times"),
        };
        let _ = write!(text, "\n{:<20} {verdict}", invariant.to_string());
    }
    text
}
