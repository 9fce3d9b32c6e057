//! The same history under other rules, and how that differs from what happened.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow, ensure};
use domain::text::Slug;
use projections::event_index;
use projections::fold::Fold;
use projections::replay::AsOf;
use projections::replay::otherwise::{ASSUMES, Otherwise, Rule, Rules, flush};
use serde_json::json;

use super::{diff, lines, past};
use crate::cli::Common;
use crate::wiring::Engines;

/// What is asked.
pub(super) struct Asked {
    pub network: Option<Slug>,
    pub as_of: Option<AsOf>,
    pub rules: Vec<Rule>,
    pub out: Option<PathBuf>,
}

impl Asked {
    /// Folds the history twice and tells every row that differs.
    pub(super) async fn run(
        self,
        common: &Common,
        engines: &Engines,
        fold: Arc<dyn Fold>,
    ) -> anyhow::Result<()> {
        ensure!(
            fold.name() != event_index::MODEL.name,
            "an index of what was recorded is the same under all rules"
        );
        let tables = fold.tables();
        let rules = Rules::of(&self.rules).map_err(|why| anyhow!(why))?;
        let log = &*engines.reader;
        let network = self.network.clone();
        let was = past::stand(common, engines, Arc::clone(&fold), network, self.as_of).await?;
        let until = Some(AsOf::Position(was.moment.position));
        let other: Arc<dyn Fold> = Arc::new(Otherwise::new(fold, rules));
        let network = self.network.clone();
        let other = past::stand(common, engines, other, network, until).await?;
        let expired = flush(&other, log).await;
        let expired = expired.context("letting vouchers expire under other rules")?;
        let network = self.network.as_ref().map(ToString::to_string);
        let mut header = was.header(log.log_id(), network);
        let said: Vec<_> = self.rules.iter().map(ToString::to_string).collect();
        header.policy = Some(said.join(" "));
        if !common.json {
            println!(
                "Under {}, if one takes for granted that:",
                said.join(" and ")
            );
            for assumed in ASSUMES {
                println!("- {assumed};");
            }
        }
        if let Some(out) = &self.out {
            let rows = &mut other.rows_of(tables.clone());
            lines::write_file(out, &header, rows).await?;
        }
        let rows = &mut other.rows_of(tables);
        let count = diff::compare(common, &header, &mut was.rows(), rows).await?;
        let text = format!(
            "{} at position {}: {} ({expired} vouchers expired to which nothing happened any more)",
            header.view,
            header.position,
            diff::in_words(count)
        );
        let facts = json!({
            "view": header.view, "position": header.position, "policy": said,
            "assumes": ASSUMES, "rows": count, "file": self.out,
        });
        common.say(&text, &facts);
        Ok(())
    }
}
