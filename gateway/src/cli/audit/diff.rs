//! `sospeso audit diff`: which rows of a read model came, went or changed between two moments.

use std::path::Path;

use anyhow::{Context, ensure};
use clap::Args;
use domain::text::Slug;
use projections::replay::diff::{Count, diff};
use projections::replay::state::{Header, Lines};
use projections::replay::{AsOf, Standing};
use projections::store::StoreError;
use serde_json::json;

use super::lines::FileLines;
use super::past;
use crate::cli::projection::one_named;
use crate::cli::{Common, set_up};

const EXAMPLE: &str = "Examples:
  sospeso audit diff 1200 1300 --view ledger
  sospeso audit diff 2026-11-01T00:00:00Z 2026-12-01T00:00:00Z --view campaign_totals --json
  sospeso audit diff before.jsonl after.jsonl";

/// Tell which rows came (+), went (-) and changed (~) between two moments of a read model.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Diff {
    /// A position, an instant, or a file that `audit replay` wrote.
    first: String,
    /// The same, for the later state.
    second: String,
    /// The read model; for two files it stands in them.
    #[arg(long)]
    view: Option<String>,
    /// Only the acts of this network; for two files it stands in them.
    #[arg(long)]
    network: Option<Slug>,
}

/// One of the two states.
enum State {
    File(Box<FileLines>),
    Folded(Box<(Header, Standing)>),
}

impl Diff {
    /// Compares.
    ///
    /// # Errors
    /// If a state cannot be read to its end, or the two are not of the same read model.
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut first = self.state(common, &self.first).await?;
        let mut second = self.state(common, &self.second).await?;
        let (old, new) = (first.header().clone(), second.header().clone());
        let kind = |header: &Header| {
            let Header { view, version, .. } = header;
            (
                view.clone(),
                *version,
                header.log_id,
                header.network.clone(),
            )
        };
        ensure!(
            kind(&old) == kind(&new) && old.tables == new.tables,
            "these are not two states of one read model of one log: {:?} and {:?}",
            kind(&old),
            kind(&new)
        );
        let count = compare(common, &old, &mut *first.rows(), &mut *second.rows()).await?;
        let text = format!(
            "{} from position {} to {}: {}",
            old.view,
            old.position,
            new.position,
            in_words(count)
        );
        let facts = json!({
            "view": old.view, "from": old.position, "to": new.position, "rows": count,
        });
        common.say(&text, &facts);
        Ok(())
    }

    async fn state(&self, common: &Common, which: &str) -> anyhow::Result<State> {
        let Ok(as_of) = which.parse::<AsOf>() else {
            let file = Path::new(which);
            ensure!(
                file.exists(),
                "{which} is no position, no instant as in 2026-11-20T08:15:00Z, and no file"
            );
            return Ok(State::File(Box::new(FileLines::open(file)?)));
        };
        let view = self
            .view
            .as_deref()
            .context("name the read model: --view")?;
        let engines = set_up::engines(common).await?;
        let (fold, network) = (one_named(view)?, self.network.clone());
        let standing = past::stand(common, &engines, fold, network, Some(as_of)).await?;
        let network = self.network.as_ref().map(ToString::to_string);
        let header = standing.header(engines.reader.log_id(), network);
        Ok(State::Folded(Box::new((header, standing))))
    }
}

impl State {
    fn header(&self) -> &Header {
        match self {
            Self::File(file) => &file.header,
            Self::Folded(folded) => &folded.0,
        }
    }

    fn rows(&mut self) -> Box<dyn Lines + '_> {
        match self {
            Self::File(file) => Box::new(&mut **file),
            Self::Folded(folded) => Box::new(folded.1.rows()),
        }
    }
}

/// Prints every difference.
pub(super) async fn compare(
    common: &Common,
    header: &Header,
    first: &mut dyn Lines,
    second: &mut dyn Lines,
) -> Result<Count, StoreError> {
    let counting = diff(&header.tables, first, second, |difference| {
        if common.json {
            let line = serde_json::to_string(difference).map_err(StoreError::broken)?;
            println!("{line}");
        } else {
            println!("{difference}");
        }
        Ok(())
    });
    counting.await
}

/// How many rows differ, in words.
pub(super) fn in_words(count: Count) -> String {
    if count.is_same() {
        return format!("no difference in {} rows", count.same);
    }
    let Count {
        came,
        went,
        changed,
        same,
    } = count;
    format!("{came} rows came, {went} went, {changed} changed, {same} are the same")
}
