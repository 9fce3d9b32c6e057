//! Proofs: that a leaf stands in a tree, and that one tree is the beginning of another.

use super::tree::{Hash, MAX_SIZE, Node, empty_root, node, range};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// There is no such leaf in a tree of this size, or the newer tree is the smaller one.
    #[error("a proof from {from} to {size} proves nothing")]
    OutOfRange {
        /// The leaf's index, or the size of the older tree.
        from: u64,
        /// The size of the (newer) tree.
        size: u64,
    },
    /// There are too few or too many hashes.
    #[error("the proof does not have as many hashes as it needs")]
    Length,
    /// The older tree has another root: it is not the beginning of the newer one.
    #[error("the proof does not lead to the older root")]
    OlderRoot,
    /// The tree has another root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// The proof that leaf `index` stands in the tree of the first `size` leaves, from the bottom up.
///
/// To know which subtrees it needs without having them, call it with a closure that notes them.
///
/// # Errors
/// What `read` answers.
///
/// # Panics
/// If there is no such leaf.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(index < size, "leaf {index} of {size}");
    let (mut start, mut leaves) = (0, size);
    let mut proof = Vec::new();
    while leaves > 1 {
        let half = split(leaves);
        if index < start + half {
            proof.push(range(start + half, leaves - half, &mut read)?);
            leaves = half;
        } else {
            proof.push(range(start, half, &mut read)?);
            (start, leaves) = (start + half, leaves - half);
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of the first `old` leaves is the beginning of that of `new`. From
/// nothing, and to itself, it is empty.
///
/// # Errors
/// What `read` answers.
///
/// # Panics
/// If `old` is larger than `new`.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    mut read: impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(old <= new, "from {old} to {new}");
    let mut proof = Vec::new();
    if old == 0 || old == new {
        return Ok(proof);
    }
    let (mut start, mut leaves) = (0, new);
    while start + leaves != old {
        let half = split(leaves);
        if old <= start + half {
            proof.push(range(start + half, leaves - half, &mut read)?);
            leaves = half;
        } else {
            proof.push(range(start, half, &mut read)?);
            (start, leaves) = (start + half, leaves - half);
        }
    }
    // Where the older tree is one subtree from the first leaf on, its root is known to the asker.
    if start != 0 {
        proof.push(range(start, leaves, &mut read)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that the leaf with this hash is the one at `index` (RFC 9162, section 2.1.3.2).
///
/// # Errors
/// If it is not, or the proof does not show it.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size || size > MAX_SIZE {
        return Err(ProofError::OutOfRange { from: index, size });
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            hash = node(step, &hash);
            let up = at.trailing_zeros();
            (at, last) = (at >> up, last >> up);
        } else {
            hash = node(&hash, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// Checks that the older tree is the beginning of the newer one (RFC 9162, section 2.1.4.2).
///
/// # Errors
/// If it is not, or the proof does not show it.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size > new_size || new_size > MAX_SIZE {
        return Err(ProofError::OutOfRange {
            from: old_size,
            size: new_size,
        });
    }
    if old_size == 0 || old_size == new_size {
        return verify_trivial(old_size, old_root, new_root, proof);
    }
    let mut steps = proof.iter();
    let start = if old_size.is_power_of_two() {
        *old_root
    } else {
        *steps.next().ok_or(ProofError::Length)?
    };
    let up = (old_size - 1).trailing_ones();
    let (mut at, mut last) = ((old_size - 1) >> up, (new_size - 1) >> up);
    let (mut older, mut newer) = (start, start);
    for step in steps {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            older = node(step, &older);
            newer = node(step, &newer);
            let up = at.trailing_zeros();
            (at, last) = (at >> up, last >> up);
        } else {
            newer = node(&newer, step);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    match (last == 0, older == *old_root, newer == *new_root) {
        (false, _, _) => Err(ProofError::Length),
        (true, false, _) => Err(ProofError::OlderRoot),
        (true, true, false) => Err(ProofError::Root),
        (true, true, true) => Ok(()),
    }
}

/// From nothing to anything, or from a tree to itself, there is nothing to prove.
fn verify_trivial(
    old_size: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    let expected = if old_size == 0 {
        empty_root()
    } else {
        *new_root
    };
    if !proof.is_empty() {
        return Err(ProofError::Length);
    }
    if *old_root == expected {
        Ok(())
    } else {
        Err(ProofError::OlderRoot)
    }
}

/// The largest power of two that is smaller than `leaves`, which is at least 2.
fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::super::tree::tests::{LEAVES, ROOTS, naive, some_leaves, subtrees, vectors};
    use super::*;

    fn hash(hex: &str) -> Hash {
        hex::decode(hex).expect("hex").try_into().expect("32 bytes")
    }

    fn included(leaves: &[Hash], index: u64, size: u64) -> Vec<Hash> {
        let nodes = subtrees(leaves);
        let read = |node| Ok::<_, Infallible>(nodes[&node]);
        inclusion_proof(index, size, read).expect("infallible")
    }

    fn consistent(leaves: &[Hash], old: u64, new: u64) -> Vec<Hash> {
        let nodes = subtrees(leaves);
        let read = |node| Ok::<_, Infallible>(nodes[&node]);
        consistency_proof(old, new, read).expect("infallible")
    }

    #[test]
    fn a_tree_has_as_many_leaves_as_can_be_counted_and_no_more() {
        let (leaf, root) = ([1; 32], [2; 32]);
        let included = |size| verify_inclusion(&leaf, 0, size, &[], &root);
        assert_eq!(included(MAX_SIZE), Err(ProofError::Length));
        let size = MAX_SIZE + 1;
        assert_eq!(
            included(size),
            Err(ProofError::OutOfRange { from: 0, size })
        );
        let consistent = |size| verify_consistency(3, &root, size, &root, &[]);
        assert_eq!(consistent(MAX_SIZE), Err(ProofError::Length));
        let beyond = Err(ProofError::OutOfRange { from: 3, size });
        assert_eq!(consistent(size), beyond);
    }

    #[test]
    fn inclusion_is_proved_as_in_the_published_vectors() {
        let vectors = vectors();
        let cases: [(u64, u64, &[&str]); 5] = [
            (0, 1, &[]),
            (
                0,
                8,
                &[
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ],
            ),
            (
                5,
                8,
                &[
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ],
            ),
            (2, 3, &[ROOTS[1]]),
            (
                1,
                5,
                &[
                    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ],
            ),
        ];
        for (index, size, expected) in cases {
            let expected: Vec<Hash> = expected.iter().map(|step| hash(step)).collect();
            assert_eq!(
                included(&vectors, index, size),
                expected,
                "{index} of {size}"
            );
            let at = |n: u64| usize::try_from(n).expect("small");
            let (leaf, root) = (vectors[at(index)], hash(ROOTS[at(size) - 1]));
            assert_eq!(
                verify_inclusion(&leaf, index, size, &expected, &root),
                Ok(())
            );
        }
    }

    #[test]
    fn consistency_is_proved_as_in_the_published_vectors() {
        let vectors = vectors();
        let cases: [(u64, u64, &[&str]); 4] = [
            (1, 1, &[]),
            (
                1,
                8,
                &[
                    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
                ],
            ),
            (
                6,
                8,
                &[
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ],
            ),
            (
                2,
                5,
                &[
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ],
            ),
        ];
        for (old, new, expected) in cases {
            let expected: Vec<Hash> = expected.iter().map(|step| hash(step)).collect();
            assert_eq!(consistent(&vectors, old, new), expected, "{old} to {new}");
            let root = |size: u64| hash(ROOTS[usize::try_from(size).expect("small") - 1]);
            let done = verify_consistency(old, &root(old), new, &root(new), &expected);
            assert_eq!(done, Ok(()));
        }
    }

    #[test]
    fn another_implementation_takes_the_same_proofs() {
        let bytes = |leaf: &&str| hex::decode(leaf).expect("hex");
        let raw: Vec<Vec<u8>> = LEAVES.iter().map(bytes).collect();
        let all: Vec<Vec<u8>> = raw.iter().cycle().take(75).cloned().collect();
        let leaves: Vec<Hash> = all.iter().map(|l| crate::entry::leaf_hash(l)).collect();
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        for (count, leaf) in (1_u64..).zip(&all) {
            theirs.push(leaf.clone());
            let size = usize::try_from(count).expect("small");
            let ours = naive(&leaves[..size]);
            assert_eq!(theirs.root().as_bytes().as_slice(), ours);
            for index in 0..size {
                let proof = included(&leaves[..size], index as u64, count).concat();
                assert_eq!(theirs.prove_inclusion(index).as_bytes(), proof);
            }
            for added in 1..size {
                let proof = consistent(&leaves[..size], count - added as u64, count).concat();
                assert_eq!(theirs.prove_consistency(added).as_bytes(), proof);
            }
        }
    }

    proptest! {
        #[test]
        fn every_proof_holds_and_no_changed_one_does(
            size in 1_usize..400,
            part in 0.0_f64..1.0,
            bit in 0_usize..256,
            other in 0_u64..400,
        ) {
            let leaves = some_leaves(size);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss,
                clippy::cast_precision_loss, reason = "a part of a small number")]
            let index = (part * size as f64) as usize;
            let (at, whole) = (index as u64, size as u64);
            let root = naive(&leaves);
            let proof = included(&leaves, at, whole);
            prop_assert_eq!(verify_inclusion(&leaves[index], at, whole, &proof, &root), Ok(()));
            for step in 0..proof.len() {
                let mut changed = proof.clone();
                changed[step][bit / 8] ^= 1 << (bit % 8);
                prop_assert!(verify_inclusion(&leaves[index], at, whole, &changed, &root).is_err());
                prop_assert!(verify_inclusion(&leaves[index], at, whole, &proof[..step], &root).is_err());
            }
            if other != at {
                prop_assert!(verify_inclusion(&leaves[index], other, whole, &proof, &root).is_err());
            }

            let (old, old_root) = (at + 1, naive(&leaves[..=index]));
            let proof = consistent(&leaves, old, whole);
            prop_assert_eq!(verify_consistency(old, &old_root, whole, &root, &proof), Ok(()));
            for step in 0..proof.len() {
                let mut changed = proof.clone();
                changed[step][bit / 8] ^= 1 << (bit % 8);
                prop_assert!(verify_consistency(old, &old_root, whole, &root, &changed).is_err());
                prop_assert!(verify_consistency(old, &old_root, whole, &root, &proof[..step]).is_err());
            }
            let mut forged = old_root;
            forged[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(verify_consistency(old, &forged, whole, &root, &proof).is_err());
        }
    }

    #[test]
    fn what_proves_nothing_is_refused() {
        let (leaf, root) = (some_leaves(1)[0], naive(&some_leaves(3)));
        assert_eq!(
            verify_inclusion(&leaf, 3, 3, &[], &root),
            Err(ProofError::OutOfRange { from: 3, size: 3 })
        );
        assert_eq!(
            verify_consistency(4, &root, 3, &root, &[]),
            Err(ProofError::OutOfRange { from: 4, size: 3 })
        );
        assert_eq!(verify_consistency(0, &empty_root(), 3, &root, &[]), Ok(()));
        assert_eq!(
            verify_consistency(0, &root, 3, &root, &[]),
            Err(ProofError::OlderRoot)
        );
        assert_eq!(
            verify_consistency(3, &root, 3, &root, &[leaf]),
            Err(ProofError::Length)
        );
    }
}
