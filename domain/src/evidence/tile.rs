//! Tiles: the tree cut into files that never change, as C2SP tlog-tiles says.
//!
//! A tile of level L holds up to 256 hashes of tree level 8 L, side by side. A full one never
//! changes; a partial one, at the right edge, is the beginning of what it will be.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use super::tree::{Edge, Hash, MAX_SIZE, Node, node};

/// How many levels of the tree one tile spans.
pub const HEIGHT: u8 = 8;
/// The most hashes of a tile, and the most entries of a bundle.
pub const WIDTH: u16 = 256;
/// The highest level that a path may name.
const MAX_LEVEL: u8 = 63;

/// Which tile, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// The tile's level; its hashes are of tree level `8 * level`.
    pub level: u8,
    /// Which of its level, from the left, from 0.
    pub index: u64,
    /// How many hashes, 1 to 256; less than 256 is a partial tile.
    pub width: u16,
}

/// Which bundle of entries, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleId {
    /// Which bundle, from 0: it begins with leaf `256 * index`.
    pub index: u64,
    /// How many entries, 1 to 256.
    pub width: u16,
}

/// The text is no path of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no path of a tile")]
pub struct NoTile;

/// A tile with its hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The tile's level.
    pub level: u8,
    /// Which of its level.
    pub index: u64,
    /// Its hashes from the left, 1 to 256.
    pub hashes: Vec<Hash>,
}

impl TileId {
    /// The whole tile in which the hash of this subtree is, or from which it is computed.
    #[must_use]
    pub fn of(node: Node) -> Self {
        let (level, within) = (node.level / HEIGHT, node.level % HEIGHT);
        Self {
            level,
            index: node.index << within >> HEIGHT,
            width: WIDTH,
        }
    }

    /// The same tile as wide as a tree of `size` leaves has it; `None` if it has nothing of it.
    #[must_use]
    pub fn in_tree(self, size: u64) -> Option<Self> {
        let hashes = size.checked_shr(u32::from(self.level) * u32::from(HEIGHT))?;
        let width = part(self.index, hashes)?;
        Some(Self { width, ..self })
    }
}

impl BundleId {
    /// The bundle as wide as a tree of `size` leaves has it; `None` if it has nothing of it.
    #[must_use]
    pub fn in_tree(index: u64, size: u64) -> Option<Self> {
        Some(Self {
            index,
            width: part(index, size)?,
        })
    }
}

/// How many of `count` things stand in row `index` of 256.
fn part(index: u64, count: u64) -> Option<u16> {
    let before = index.checked_mul(u64::from(WIDTH))?;
    let there = count.checked_sub(before)?.min(u64::from(WIDTH));
    u16::try_from(there).ok().filter(|width| *width > 0)
}

impl Tile {
    /// The tile's name, as wide as it is.
    #[must_use]
    pub fn id(&self) -> TileId {
        let width = u16::try_from(self.hashes.len()).unwrap_or(WIDTH);
        TileId {
            level: self.level,
            index: self.index,
            width,
        }
    }

    /// The hash of a subtree, if this tile has all of it.
    #[must_use]
    pub fn node(&self, of: Node) -> Option<Hash> {
        let within = of.level % HEIGHT;
        if of.level / HEIGHT != self.level || of.index << within >> HEIGHT != self.index {
            return None;
        }
        let first = usize::try_from(of.index << within & 255).ok()?;
        let hashes = self.hashes.get(first..first + (1 << within))?;
        let mut row = hashes.to_vec();
        while let [left, right, ..] = row[..] {
            if row.len() == 2 {
                return Some(node(&left, &right));
            }
            row = row
                .chunks_exact(2)
                .map(|pair| node(&pair[0], &pair[1]))
                .collect();
        }
        row.first().copied()
    }

    /// The tile as a file holds it: its hashes, one after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.concat()
    }

    /// A tile from its file; `None` if it is no whole number of hashes from 1 to 256.
    #[must_use]
    pub fn from_bytes(level: u8, index: u64, bytes: &[u8]) -> Option<Self> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && (1..=usize::from(WIDTH)).contains(&hashes.len());
        fits.then(|| Self {
            level,
            index,
            hashes: hashes.to_vec(),
        })
    }
}

/// A growing tree that tells the tiles that it changes.
#[derive(Clone, Debug, Default)]
pub struct Tiles {
    edge: Edge,
    /// The partial tile of each level; empty where a tile has just been filled.
    open: Vec<Tile>,
    changed: Vec<Tile>,
}

impl Tiles {
    /// The partial tiles that a tree of this size has: what [`Tiles::resume`] needs.
    pub fn open_at(size: u64) -> impl Iterator<Item = TileId> {
        (0..=(MAX_SIZE.ilog2() / u32::from(HEIGHT))).filter_map(move |level| {
            let level = u8::try_from(level).ok()?;
            let hashes = size >> (level * HEIGHT);
            let width = u16::try_from(hashes % u64::from(WIDTH)).ok()?;
            let index = hashes / u64::from(WIDTH);
            (width > 0).then_some(TileId {
                level,
                index,
                width,
            })
        })
    }

    /// Goes on with a tree of this size. A tile that is wider than the tree has it is cut.
    /// `None` if one of [`Tiles::open_at`] is missing or too narrow.
    #[must_use]
    pub fn resume(size: u64, stored: &[Tile]) -> Option<Self> {
        let mut open = Vec::new();
        for id in Self::open_at(size) {
            let same = |tile: &&Tile| (tile.level, tile.index) == (id.level, id.index);
            let mut tile = stored.iter().find(same)?.clone();
            if tile.hashes.len() < usize::from(id.width) {
                return None;
            }
            tile.hashes.truncate(usize::from(id.width));
            open.push(tile);
        }
        let read = |node| open.iter().find_map(|tile| tile.node(node)).ok_or(());
        let edge = Edge::read(size, read).ok()?;
        Some(Self {
            edge,
            open,
            changed: Vec::new(),
        })
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let (open, changed) = (&mut self.open, &mut self.changed);
        self.edge.push(leaf, |node, hash| {
            if node.level % HEIGHT == 0 {
                put(open, changed, node, hash);
            }
        });
    }

    /// All tiles that changed since the tree had `since` leaves and this was last asked, as they are.
    pub fn take_changed(&mut self, since: u64) -> Vec<Tile> {
        let mut changed = std::mem::take(&mut self.changed);
        let grown = |tile: &&Tile| tile.id().in_tree(since) != Some(tile.id());
        changed.extend(self.open.iter().filter(grown).cloned());
        changed
    }
}

fn put(open: &mut Vec<Tile>, full: &mut Vec<Tile>, node: Node, hash: Hash) {
    let (level, index) = (node.level / HEIGHT, node.index >> HEIGHT);
    let at = open
        .iter()
        .position(|tile| tile.level == level)
        .unwrap_or_else(|| {
            open.push(Tile {
                level,
                index,
                hashes: Vec::new(),
            });
            open.len() - 1
        });
    open[at].hashes.push(hash);
    if open[at].hashes.len() == usize::from(WIDTH) {
        full.push(open.swap_remove(at));
    }
}

impl fmt::Display for TileId {
    /// The path, e.g. `tile/0/x001/x234/067.p/8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, number(self.index, self.width))
    }
}

impl fmt::Display for BundleId {
    /// The path, e.g. `tile/entries/x001/x234/067.p/8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/entries/{}", number(self.index, self.width))
    }
}

/// The number of a tile as its path has it: `x001/x234/067`, with `.p/8` if it is partial.
fn number(index: u64, width: u16) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH {
        let _ = write!(text, ".p/{width}");
    }
    text
}

impl FromStr for TileId {
    type Err = NoTile;

    fn from_str(path: &str) -> Result<Self, NoTile> {
        let (level, number) = path
            .strip_prefix("tile/")
            .and_then(|path| path.split_once('/'))
            .ok_or(NoTile)?;
        let level = plain(level).filter(|level| *level <= u64::from(MAX_LEVEL));
        let level = level
            .and_then(|level| u8::try_from(level).ok())
            .ok_or(NoTile)?;
        let BundleId { index, width } = parse_number(number)?;
        Ok(Self {
            level,
            index,
            width,
        })
    }
}

impl FromStr for BundleId {
    type Err = NoTile;

    fn from_str(path: &str) -> Result<Self, NoTile> {
        parse_number(path.strip_prefix("tile/entries/").ok_or(NoTile)?)
    }
}

/// Reads `x001/x234/067.p/8`; every number has one spelling only.
fn parse_number(text: &str) -> Result<BundleId, NoTile> {
    let (digits, width) = match text.split_once(".p/") {
        Some((digits, width)) => {
            let width = plain(width).filter(|width| (1..u64::from(WIDTH)).contains(width));
            (
                digits,
                width
                    .and_then(|width| u16::try_from(width).ok())
                    .ok_or(NoTile)?,
            )
        }
        None => (text, WIDTH),
    };
    let mut index: u64 = 0;
    let mut groups = digits.split('/').peekable();
    while let Some(group) = groups.next() {
        let group = match (group.strip_prefix('x'), groups.peek()) {
            (Some(group), Some(_)) => group,
            (None, None) => group,
            _ => return Err(NoTile),
        };
        let three = group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
        let group: u64 = three.then(|| group.parse().ok()).flatten().ok_or(NoTile)?;
        let next = index
            .checked_mul(1000)
            .and_then(|index| index.checked_add(group));
        index = next.ok_or(NoTile)?;
    }
    let bundle = BundleId { index, width };
    if number(index, width) == text {
        Ok(bundle)
    } else {
        Err(NoTile)
    }
}

/// A decimal number without a sign or leading zeroes.
fn plain(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::tree::tests::{naive, some_leaves, subtrees};
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let id = |level, index, width| TileId {
            level,
            index,
            width,
        };
        for (tile, path) in [
            (id(0, 0, 256), "tile/0/000"),
            (id(0, 0, 8), "tile/0/000.p/8"),
            (id(2, 999, 255), "tile/2/999.p/255"),
            (id(1, 1000, 256), "tile/1/x001/000"),
            (id(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (id(63, 1_234_067, 1), "tile/63/x001/x234/067.p/1"),
        ] {
            assert_eq!(tile.to_string(), path);
            assert_eq!(path.parse(), Ok(tile));
        }
        let bundle = BundleId {
            index: 1_234_067,
            width: 3,
        };
        assert_eq!(bundle.to_string(), "tile/entries/x001/x234/067.p/3");
        assert_eq!(bundle.to_string().parse(), Ok(bundle));
    }

    #[test]
    fn a_number_has_one_spelling() {
        for path in [
            "tile/0/00",
            "tile/0/0000",
            "tile/00/000",
            "tile/64/000",
            "tile/0/001/234",
            "tile/0/x000/001",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/08",
            "tile/0/000.p/+8",
            "tile/0/+01",
            "tile/0/000/",
            "tile/0//000",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
            "tile/entries/000",
            "tile/0",
            "",
        ] {
            assert_eq!(path.parse::<TileId>(), Err(NoTile), "{path}");
        }
    }

    /// The tiles of a tree, kept as a store keeps them.
    fn kept(store: &mut BTreeMap<(u8, u64), Tile>, tiles: &mut Tiles, since: u64) {
        for tile in tiles.take_changed(since) {
            let known = store.get(&(tile.level, tile.index));
            let grows = known.is_none_or(|known| tile.hashes.starts_with(&known.hashes));
            assert!(grows, "a tile only grows: {:?}", tile.id());
            store.insert((tile.level, tile.index), tile);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn tiles_hold_the_tree_however_it_grew(steps in prop::collection::vec(0_usize..400, 1..6)) {
            let leaves = some_leaves(steps.iter().sum());
            let nodes = subtrees(&leaves);
            let (mut store, mut size) = (BTreeMap::new(), 0);
            for step in &steps {
                let before = size as u64;
                let open: Vec<Tile> = Tiles::open_at(before)
                    .filter_map(|id| store.get(&(id.level, id.index)).cloned())
                    .collect();
                let mut tiles = Tiles::resume(before, &open).expect("all were kept");
                prop_assert_eq!(tiles.root(), naive(&leaves[..size]));
                for leaf in &leaves[size..size + step] {
                    tiles.push(*leaf);
                }
                size += step;
                prop_assert_eq!(tiles.root(), naive(&leaves[..size]));
                kept(&mut store, &mut tiles, before);
            }
            for (node, hash) in nodes {
                let id = TileId::of(node);
                prop_assert_eq!(store[&(id.level, id.index)].node(node), Some(hash), "{:?}", node);
            }
            for tile in store.values() {
                prop_assert_eq!(tile.id().in_tree(size as u64), Some(tile.id()));
                let read = Tile::from_bytes(tile.level, tile.index, &tile.to_bytes());
                prop_assert_eq!(read.as_ref(), Some(tile));
            }
        }
    }

    #[test]
    fn a_tile_is_as_wide_as_was_stored_and_knows_no_other() {
        let width = |index, size| BundleId::in_tree(index, size).map(|it| it.width);
        let widths = [
            (0, 0),
            (0, 1),
            (0, 300),
            (1, 300),
            (1, 256),
            (u64::MAX, 300),
        ];
        let expected = [None, Some(1), Some(256), Some(44), None, None];
        assert_eq!(widths.map(|(index, size)| width(index, size)), expected);
        for length in [0, 33, 257 * 32] {
            assert_eq!(Tile::from_bytes(0, 0, &vec![7; length]), None, "{length}");
        }
        let leaves = some_leaves(5);
        let tile = Tile::from_bytes(0, 1, &leaves.concat()).expect("five hashes");
        let node = |index| tile.node(Node { level: 0, index });
        assert_eq!((node(256), node(0)), (Some(leaves[0]), None));
        let wide = Tile { index: 0, ..tile };
        let cut = Tiles::resume(3, std::slice::from_ref(&wide)).expect("enough");
        assert_eq!(cut.root(), naive(&leaves[..3]));
        assert!(Tiles::resume(6, &[wide]).is_none());
    }

    #[test]
    fn a_large_tree_has_a_third_level() {
        let mut tiles = Tiles::default();
        for leaf in some_leaves(65_536 + 300) {
            tiles.push(leaf);
        }
        let ids: Vec<String> = Tiles::open_at(tiles.size())
            .map(|id| id.to_string())
            .collect();
        assert_eq!(ids, ["tile/0/257.p/44", "tile/1/001.p/1", "tile/2/000.p/1"]);
        let changed = tiles.take_changed(0);
        assert_eq!(changed.len(), 257 + 1 + 3);
        assert!(Tiles::resume(tiles.size(), &changed).is_some());
        assert!(
            Tiles::resume(tiles.size(), &changed[1..]).is_some(),
            "full ones are not needed"
        );
        assert!(Tiles::resume(tiles.size(), &[]).is_none());
    }
}
