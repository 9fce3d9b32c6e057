//! `sospeso projection`: how the read models stand, building them anew, and checking them.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use projections::fold::{Fold, Model};
use projections::follower::Page;
use projections::rebuild;
use projections::store::{Checkpoint, Copy, ReadStore};
use serde_json::{Value, json};

use super::{Common, set_up};
use crate::wiring::{self, Engines};

const EXAMPLE: &str = "Examples:
  sospeso projection list
  sospeso projection rebuild voucher_board
  sospeso projection verify --json";

/// List the read models, build one anew, or compare them with the log.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Projection {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Each read model with its version, how far it came and how it stands.
    #[command(after_help = EXAMPLE)]
    List,
    /// Build a read model from the first event on, beside the old copy, and then switch to it.
    #[command(after_help = EXAMPLE)]
    Rebuild {
        /// The read model, as `list` names it.
        name: String,
    },
    /// Fold the log anew beside it and compare: exit code 1 if a read model differs.
    #[command(after_help = EXAMPLE)]
    Verify {
        /// The read model; absent = all.
        name: Option<String>,
    },
}

/// A read model and the copy of it that answers.
struct Live {
    fold: Arc<dyn Fold>,
    copy: Copy,
    made_by: u32,
    checkpoint: Checkpoint,
}

impl Live {
    fn is_outdated(&self) -> bool {
        self.made_by != self.fold.model().version
    }
}

impl Projection {
    /// Lists, rebuilds or verifies.
    ///
    /// # Errors
    /// If a database is away, there is no such read model, or one differs from the log.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let engines = set_up::engines(common).await?;
        match self.what {
            What::List => list(common, &engines).await,
            What::Rebuild { name } => rebuild_one(common, &engines, &name).await,
            What::Verify { name } => verify(common, &engines, name.as_deref()).await,
        }
    }
}

/// The read models that were asked for; all without a name.
fn named(name: Option<&str>) -> anyhow::Result<Vec<Arc<dyn Fold>>> {
    let all = projections::folds();
    let names: Vec<_> = all.iter().map(|fold| fold.name()).collect();
    let names = names.join(", ");
    let asked = |fold: &Arc<dyn Fold>| name.is_none_or(|name| fold.name() == name);
    let found: Vec<_> = all.into_iter().filter(asked).collect();
    ensure!(!found.is_empty(), "the read models are: {names}");
    Ok(found)
}

/// The read model of this name.
pub(super) fn one_named(name: &str) -> anyhow::Result<Arc<dyn Fold>> {
    let found = named(Some(name))?.into_iter().next();
    found.with_context(|| format!("there is no read model {name}"))
}

async fn live(fold: Arc<dyn Fold>, views: &dyn ReadStore) -> anyhow::Result<Option<Live>> {
    let Some((copy, made_by)) = views.live(fold.name()).await? else {
        return Ok(None);
    };
    let checkpoint = views.checkpoint(copy.clone()).await?;
    Ok(Some(Live {
        fold,
        copy,
        made_by,
        checkpoint,
    }))
}

async fn list(common: &Common, engines: &Engines) -> anyhow::Result<()> {
    let head = engines.reader.head().await?;
    let mut text = format!(
        "{:<20} {:>7} {:>10} {:>10} {:>10}  state",
        "read model", "version", "position", "head", "lag"
    );
    let mut facts = Vec::new();
    for fold in projections::folds() {
        let Model { name, version } = fold.model();
        let (position, state) = match live(fold, &*engines.views).await? {
            Some(live) => (live.checkpoint.position, state(&live, engines, head).await?),
            None => (0, "missing: `sospeso serve` builds it".to_owned()),
        };
        let lag = (head - position).max(0);
        let _ = write!(
            text,
            "\n{name:<20} {version:>7} {position:>10} {head:>10} {lag:>10}  {state}"
        );
        facts.push(json!({
            "name": name, "version": version, "position": position, "head": head, "lag": lag,
            "state": state,
        }));
    }
    common.say(&text, &json!({"read_models": facts}));
    Ok(())
}

/// In one word, or with the reason, how a read model stands.
async fn state(live: &Live, engines: &Engines, head: i64) -> anyhow::Result<String> {
    let at = &live.checkpoint;
    if live.is_outdated() {
        return Ok(format!("outdated: made by version {}", live.made_by));
    }
    if !is_same_history(at, engines).await? {
        return Ok("foreign: built from another history, rebuild it".to_owned());
    }
    if at.position >= head {
        return Ok("current".to_owned());
    }
    // The next event tells whether it is one that stops every read model.
    let next = Page::of(engines.reader.read(at.position, 1).await?);
    Ok(match next.unreadable {
        Some((position, why)) => format!("stopped at {position}: {why}"),
        None => "behind".to_owned(),
    })
}

async fn is_same_history(at: &Checkpoint, engines: &Engines) -> anyhow::Result<bool> {
    if at.position == 0 {
        return Ok(true);
    }
    let there = engines.reader.read(at.position - 1, 1).await?;
    let same = there
        .first()
        .is_some_and(|event| hex::encode(event.leaf_hash) == at.leaf_hash);
    Ok(same && at.log_id == engines.reader.log_id())
}

async fn rebuild_one(common: &Common, engines: &Engines, name: &str) -> anyhow::Result<()> {
    let (log, views) = (&engines.reader, &engines.views);
    for fold in named(Some(name))? {
        let bar = set_up::bar(common, name)?;
        let progress = |position: i64, head: i64| {
            bar.set_length(head.unsigned_abs());
            bar.set_position(position.unsigned_abs());
        };
        let built = rebuild::rebuild(&[fold], log, views, progress).await.pop();
        bar.finish_and_clear();
        let copy = built.with_context(|| format!("{name} has no copy"))?;
        let copy = copy.with_context(|| format!("building {name}; the old copy stays"))?;
        let position = views.checkpoint(copy).await?.position;
        let text = format!("{name} was built anew up to position {position} and answers now.");
        common.say(&text, &json!({"name": name, "position": position}));
    }
    Ok(())
}

async fn verify(common: &Common, engines: &Engines, name: Option<&str>) -> anyhow::Result<()> {
    let (mut text, mut facts, mut differing) = (String::new(), Vec::new(), Vec::new());
    for fold in named(name)? {
        let name = fold.name();
        let verdict = verify_one(common, engines, fold).await?;
        let same = verdict["same"] == true;
        let _ = writeln!(
            text,
            "{name:<20} {} at position {}",
            if same { "same" } else { "DIFFERS" },
            verdict["position"]
        );
        if !same {
            differing.push(name);
        }
        facts.push(verdict);
    }
    let facts = json!({"read_models": facts});
    if differing.is_empty() {
        common.say(text.trim_end(), &facts);
        return Ok(());
    }
    common.say(text.trim_end(), &facts);
    bail!("not what the log says: {}", differing.join(", "))
}

/// Compares the copy that answers with a fresh fold up to the same position.
async fn verify_one(
    common: &Common,
    engines: &Engines,
    fold: Arc<dyn Fold>,
) -> anyhow::Result<Value> {
    let name = fold.name();
    let live = live(fold, &*engines.views).await?;
    let live = live.filter(|live| !live.is_outdated()).with_context(|| {
        format!("{name} has no copy of this version: start `sospeso serve` or rebuild it first")
    })?;
    let until = live.checkpoint.position;
    let digest = rebuild::digest(&*live.fold, &live.copy, &*engines.views).await?;
    let now = engines.views.checkpoint(live.copy.clone()).await?;
    ensure!(
        now.position == until,
        "{name} moved on from {until} to {} while it was read: stop the projector, or try again",
        now.position
    );
    let beside = wiring::throwaway_views().await?;
    let fresh = beside.beside(live.fold.model(), live.fold.tables()).await?;
    let bar = set_up::bar(common, name)?;
    bar.set_length(until.unsigned_abs());
    let progress = |position: i64, _| bar.set_position(position.unsigned_abs());
    let log = &*engines.reader;
    if until > 0 {
        rebuild::fill(&live.fold, fresh.clone(), log, &*beside, until, progress).await?;
    }
    bar.finish_and_clear();
    let from_log = rebuild::digest(&*live.fold, &fresh, &*beside).await?;
    Ok(json!({
        "name": name, "position": until, "same": digest == from_log,
        "digest": digest, "from_log": from_log,
    }))
}
