//! Where exactly a log that does not lead to a checkpoint is wrong, and which part of the event.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::evidence::leaves::{Leaves, Part};
use commands::evidence::ports::TileReader;
use commands::evidence::proofs;
use commands::evidence::scan::{Chunk, Scan, Stored};
use commands::evidence::verify::{Fault, Mark};
use domain::evidence::tile::{Tile, TileId};
use domain::evidence::tree::Node;
use serde::Deserialize;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::cli::audit::lines::lines_of;

/// Compares the events among which the fault is with the leaves of tiles that lead to the
/// checkpoint. Says whether it found the first that differs.
pub(super) async fn narrow(
    log: &dyn Scan,
    tiles: &dyn TileReader,
    mark: &Mark,
    log_id: Uuid,
    fault: &mut Fault,
) -> anyhow::Result<bool> {
    // Tiles that were changed with the log tell nothing.
    if proofs::root(tiles, mark.size).await.ok() != Some(mark.root) {
        return Ok(false);
    }
    let (out, mut chunks) = mpsc::channel::<Box<dyn Chunk>>(1);
    let comparing = async move {
        let mut leaves = Leaves::of(log_id);
        let mut tile: Option<Tile> = None;
        while let Some(chunk) = chunks.recv().await {
            for at in 0..chunk.len() {
                let event = chunk.event(at)?;
                let sealed = sealed(tiles, &mut tile, event.position).await?;
                if sealed != Some(leaves.hash(&event)) {
                    return anyhow::Ok(Some(found(&event)));
                }
            }
        }
        Ok(None)
    };
    let reading = log.events(fault.position - 1, fault.until, out);
    let (read, found) = tokio::join!(reading, comparing);
    read.context("the log was not read to its end")?;
    let found = found?;
    if let Some(found) = found {
        *fault = found;
        return Ok(true);
    }
    Ok(false)
}

fn found(event: &Stored<'_>) -> Fault {
    Fault {
        position: event.position,
        until: event.position,
        stream: Some(format!("{}/{}", event.aggregate_type, event.aggregate_id)),
        part: Some(Part::Entry),
        says: "this is not the event that was sealed here".to_owned(),
    }
}

/// The leaf that was sealed at a position; one tile is kept at hand.
async fn sealed(
    tiles: &dyn TileReader,
    tile: &mut Option<Tile>,
    position: i64,
) -> anyhow::Result<Option<[u8; 32]>> {
    let index = u64::try_from(position - 1).context("a position below 1")?;
    let node = Node { level: 0, index };
    let id = TileId::of(node);
    if tile.as_ref().is_none_or(|tile| tile.index != id.index) {
        *tile = tiles.tiles(vec![(id.level, id.index)]).await?.pop();
    }
    Ok(tile.as_ref().and_then(|tile| tile.node(node)))
}

/// An event as `events export` writes it.
#[derive(Deserialize)]
struct Exported {
    position: i64,
    event_id: Uuid,
    network: String,
    aggregate_type: String,
    aggregate_id: String,
    sequence: i64,
    event_type: String,
    event_version: String,
    occurred_at: chrono::DateTime<chrono::Utc>,
    recorded_at: chrono::DateTime<chrono::Utc>,
    payload: String,
    metadata: String,
}

impl Exported {
    /// The first part in which they differ, the payload before the metadata before the header.
    fn differs(&self, event: &Stored<'_>) -> Option<Part> {
        let header = (
            self.event_id,
            self.network.as_str(),
            self.aggregate_type.as_str(),
            self.aggregate_id.as_str(),
            self.sequence,
            self.event_type.as_str(),
            self.event_version.as_str(),
            self.occurred_at.timestamp_micros(),
            self.recorded_at.timestamp_micros(),
        );
        let stored = (
            event.event_id,
            event.network,
            event.aggregate_type,
            event.aggregate_id,
            event.sequence,
            event.event_type,
            event.event_version,
            event.occurred_at,
            event.recorded_at,
        );
        // Another event altogether differs in everything: its place is what is wrong.
        if self.event_id != event.event_id && self.payload != event.payload {
            return Some(Part::Place);
        }
        let parts = [
            (self.payload != event.payload, Part::Payload),
            (self.metadata != event.metadata, Part::Metadata),
            (header != stored, Part::Header),
        ];
        parts
            .into_iter()
            .find_map(|(differs, part)| differs.then_some(part))
    }
}

/// Compares the event that is wrong with what was exported earlier.
pub(super) async fn compare(
    log: &Arc<dyn Scan>,
    bundle: &Path,
    fault: &mut Fault,
) -> anyhow::Result<()> {
    if fault.until > fault.position {
        return Ok(());
    }
    let Some(exported) = exported(bundle, fault.position)? else {
        return Ok(());
    };
    let (out, mut chunks) = mpsc::channel::<Box<dyn Chunk>>(1);
    let (log, position) = (Arc::clone(log), fault.position);
    let reading = tokio::spawn(async move { log.events(position - 1, position, out).await });
    while let Some(chunk) = chunks.recv().await {
        for at in 0..chunk.len() {
            fault.part = exported.differs(&chunk.event(at)?).or(fault.part);
        }
    }
    reading
        .await
        .context("reading")?
        .context("reading the event again")
}

/// The event of an export, which is read line by line.
fn exported(bundle: &Path, position: i64) -> anyhow::Result<Option<Exported>> {
    let name = || format!("reading {}", bundle.display());
    let file = std::fs::File::open(bundle).with_context(name)?;
    for line in lines_of(file) {
        let line = line.with_context(name)?;
        let event: Exported = serde_json::from_str(&line).with_context(name)?;
        if event.position == position {
            return Ok(Some(event));
        }
    }
    Ok(None)
}
