//! `sospeso audit replay`: a read model as it stood, the same bytes every time.

use std::io::BufWriter;
use std::path::PathBuf;

use clap::Args;
use domain::text::Slug;
use projections::replay::AsOf;
use projections::replay::otherwise::Rule;
use serde_json::json;

use super::{lines, otherwise, past};
use crate::cli::projection::one_named;
use crate::cli::{Common, set_up};

const EXAMPLE: &str = "Examples:
  sospeso audit replay --view ledger --as-of 1200
  sospeso audit replay --view venue_availability --as-of 2026-11-20T08:15:00Z --out then.jsonl
  sospeso audit replay --view donor_impact --network praha
  sospeso audit replay --view ledger --policy default_expiry_months=3 --policy small_count=10

The first line says what it is, each further line is a row, the last one holds the digest. As of a
time is the prefix of the log up to the last event that was recorded by then.

With --policy it folds the same history under other rules and tells what would differ from what
happened. It takes for granted that everybody did what they did. Known: default_expiry_months,
late_record_window_h, price_rise_borne_by (venue or fund), stale_after_days, small_count.";

/// A read model as it stood, folded anew from the first event on.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Replay {
    /// The read model, as `projection list` names it.
    #[arg(long)]
    view: String,
    /// A position, or an instant as in 2026-11-20T08:15:00Z; without it the head.
    #[arg(long, value_name = "POSITION|TIME")]
    as_of: Option<AsOf>,
    /// Only the acts of this network.
    #[arg(long)]
    network: Option<Slug>,
    /// Under another rule than it was, as key=value; may be said several times.
    #[arg(long, value_name = "KEY=VALUE")]
    policy: Vec<Rule>,
    /// Write it into this file, which must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Replay {
    /// Replays.
    ///
    /// # Errors
    /// If anything of it is missing or cannot be read: what is printed then is not whole.
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let engines = set_up::engines(common).await?;
        let fold = one_named(&self.view)?;
        if !self.policy.is_empty() {
            let asked = otherwise::Asked {
                network: self.network,
                as_of: self.as_of,
                rules: self.policy,
                out: self.out,
            };
            return asked.run(common, &engines, fold).await;
        }
        let network = self.network.as_ref().map(ToString::to_string);
        let standing = past::stand(common, &engines, fold, self.network, self.as_of).await?;
        let header = standing.header(engines.reader.log_id(), network);
        let Some(out) = self.out else {
            let mut out = BufWriter::new(std::io::stdout());
            lines::write(&mut out, &header, &mut standing.rows()).await?;
            return Ok(std::io::Write::flush(&mut out)?);
        };
        let footer = lines::write_file(&out, &header, &mut standing.rows()).await?;
        let text = format!(
            "{} at position {}: {} rows in {}\ndigest {}",
            header.view,
            header.position,
            footer.rows,
            out.display(),
            footer.digest
        );
        let facts = json!({
            "view": header.view, "position": header.position, "rows": footer.rows,
            "digest": footer.digest, "file": out,
        });
        common.say(&text, &facts);
        Ok(())
    }
}
