//! Proofs out of stored tiles: they read as many tiles as the tree is high, however large it is.

use std::collections::BTreeSet;

use domain::evidence::proof;
use domain::evidence::tile::{Tile, TileId};
use domain::evidence::tree::{self, Hash, Node};

use super::ports::TileReader;
use crate::log::LogError;

/// The proof that leaf `index` (position - 1) stands in the tree of the first `size` events, which
/// must be sealed.
///
/// # Errors
/// If the store is away, or lacks a tile.
///
/// # Panics
/// If there is no such leaf.
pub async fn inclusion(
    tiles: &dyn TileReader,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, LogError> {
    let known = load(tiles, |read| {
        proof::inclusion_proof(index, size, read).map(drop)
    })
    .await?;
    proof::inclusion_proof(index, size, |node| known.hash(node))
}

/// The proof that the tree of `old` events is the beginning of that of `new`, which must be sealed.
///
/// # Errors
/// If the store is away, or lacks a tile.
///
/// # Panics
/// If `old` is larger than `new`.
pub async fn consistency(
    tiles: &dyn TileReader,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, LogError> {
    let known = load(tiles, |read| {
        proof::consistency_proof(old, new, read).map(drop)
    })
    .await?;
    proof::consistency_proof(old, new, |node| known.hash(node))
}

/// The root of the first `size` events, which must be sealed.
///
/// # Errors
/// If the store is away, or lacks a tile.
pub async fn root(tiles: &dyn TileReader, size: u64) -> Result<Hash, LogError> {
    let known = load(tiles, |read| tree::root(size, read).map(drop)).await?;
    tree::root(size, |node| known.hash(node))
}

/// The leaf hash that was sealed at leaf `index`; `None` if that was not sealed.
///
/// # Errors
/// If the store is away.
pub async fn leaf(tiles: &dyn TileReader, index: u64) -> Result<Option<Hash>, LogError> {
    let node = Node { level: 0, index };
    let id = TileId::of(node);
    let found = tiles.tiles(vec![(id.level, id.index)]).await?;
    Ok(found.iter().find_map(|tile| tile.node(node)))
}

/// The closure through which a proof asks for hashes.
type Ask<'a> = &'a mut dyn FnMut(Node) -> Result<Hash, LogError>;

/// Asks once which hashes are needed, and reads the tiles that hold them.
async fn load(
    tiles: &dyn TileReader,
    needs: impl FnOnce(Ask<'_>) -> Result<(), LogError>,
) -> Result<Known, LogError> {
    let mut wanted = BTreeSet::new();
    needs(&mut |node| {
        let id = TileId::of(node);
        wanted.insert((id.level, id.index));
        Ok([0; 32])
    })?;
    tiles.tiles(wanted.into_iter().collect()).await.map(Known)
}

struct Known(Vec<Tile>);

impl Known {
    fn hash(&self, node: Node) -> Result<Hash, LogError> {
        let found = self.0.iter().find_map(|tile| tile.node(node));
        found.ok_or_else(|| LogError::Broken(format!("{} is not whole", TileId::of(node))))
    }
}
