//! The tree: hashes of nodes, the root of a tree from its complete subtrees, and the right edge
//! that a growing tree needs.

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The most leaves of a tree: more than there are positions.
pub const MAX_SIZE: u64 = 1 << 62;

/// A complete subtree: the `2^level` leaves from leaf `index * 2^level` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// How high it stands; a leaf has 0.
    pub level: u8,
    /// Which of its level, from the left, from 0.
    pub index: u64,
}

/// The hash of an inner node.
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// The root of the tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root of the tree of the first `size` leaves, from its complete subtrees.
///
/// # Errors
/// What `read` answers.
pub fn root<E>(size: u64, mut read: impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 {
        return Ok(empty_root());
    }
    range(0, size, &mut read)
}

/// The hash over the `leaves` leaves from `start` on, where `start` is where such a subtree begins.
pub(super) fn range<E>(
    start: u64,
    leaves: u64,
    read: &mut impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Hash, E> {
    // From the left, subtrees get smaller; they are joined from the right.
    let mut hashes = Vec::new();
    let (mut start, mut left) = (start, leaves);
    while left > 0 {
        let level = left.ilog2();
        hashes.push(read(Node {
            level: u8::try_from(level).unwrap_or(u8::MAX),
            index: start >> level,
        })?);
        start += 1 << level;
        left -= 1 << level;
    }
    Ok(join(hashes))
}

/// Joins the hashes of subtrees that get smaller to the right.
fn join(mut hashes: Vec<Hash>) -> Hash {
    let Some(mut joined) = hashes.pop() else {
        return empty_root();
    };
    while let Some(left) = hashes.pop() {
        joined = node(&left, &joined);
    }
    joined
}

/// The right edge of a tree: what must be known of it to add leaves and to tell its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// One hash for every bit that is set in `size`, the largest subtree first.
    peaks: Vec<Hash>,
}

impl Edge {
    /// The edge of a tree that is kept elsewhere.
    ///
    /// # Errors
    /// What `read` answers.
    pub fn read<E>(size: u64, mut read: impl FnMut(Node) -> Result<Hash, E>) -> Result<Self, E> {
        let peaks = peaks(size).map(&mut read).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        join(self.peaks.clone())
    }

    /// Adds a leaf and tells every subtree that is complete with it, the leaf itself first.
    pub fn push(&mut self, leaf: Hash, mut finished: impl FnMut(Node, Hash)) {
        let (mut hash, mut at) = (
            leaf,
            Node {
                level: 0,
                index: self.size,
            },
        );
        finished(at, hash);
        while at.index & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node(&left, &hash);
            at = Node {
                level: at.level + 1,
                index: at.index >> 1,
            };
            finished(at, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }
}

/// The complete subtrees that a tree of this size is made of, the largest first.
fn peaks(size: u64) -> impl Iterator<Item = Node> {
    (0..64_u8)
        .rev()
        .filter(move |level| size >> level & 1 == 1)
        .map(move |level| Node {
            level,
            index: (size >> level) - 1,
        })
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::entry::leaf_hash;

    /// The leaves of the test vectors that implementations of Certificate Transparency share.
    pub const LEAVES: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    /// The roots of the first one to eight of them.
    pub const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    pub fn vectors() -> Vec<Hash> {
        let bytes = |leaf: &&str| hex::decode(leaf).expect("hex");
        LEAVES
            .iter()
            .map(bytes)
            .map(|leaf| leaf_hash(&leaf))
            .collect()
    }

    /// RFC 6962 section 2.1, word by word.
    pub fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let k = leaves.len().next_power_of_two() / 2;
                node(&naive(&leaves[..k]), &naive(&leaves[k..]))
            }
        }
    }

    /// Every complete subtree over some leaves.
    pub fn subtrees(leaves: &[Hash]) -> BTreeMap<Node, Hash> {
        let (mut edge, mut nodes) = (Edge::default(), BTreeMap::new());
        for leaf in leaves {
            edge.push(*leaf, |node, hash| {
                assert!(nodes.insert(node, hash).is_none(), "{node:?} twice");
            });
        }
        nodes
    }

    pub fn some_leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn the_roots_are_those_of_the_published_vectors() {
        let mut edge = Edge::default();
        assert_eq!(
            hex::encode(edge.root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for (leaf, root) in vectors().into_iter().zip(ROOTS) {
            edge.push(leaf, |_, _| {});
            assert_eq!(hex::encode(edge.root()), root, "{} leaves", edge.size());
        }
    }

    proptest! {
        #[test]
        fn roots_are_those_of_the_naive_model(count in 0_usize..700, more in 0_usize..300) {
            let leaves = some_leaves(count + more);
            let nodes = subtrees(&leaves);
            let read = |node| Ok::<_, Infallible>(nodes[&node]);
            let size = u64::try_from(count).expect("small");
            prop_assert_eq!(root(size, read), Ok(naive(&leaves[..count])));

            // An edge that was read goes on as if it had never been put away.
            let mut edge = Edge::read(size, read).expect("all nodes are there");
            prop_assert_eq!(edge.root(), naive(&leaves[..count]));
            for leaf in &leaves[count..] {
                edge.push(*leaf, |node, hash| assert_eq!(nodes[&node], hash));
            }
            prop_assert_eq!(edge.root(), naive(&leaves));
        }
    }
}
