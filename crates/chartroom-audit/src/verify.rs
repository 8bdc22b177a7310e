//! Finds the first bad entry of a stored trail.
//!
//! What is trusted is one [`Head`] that was kept elsewhere. From its root downward, every stored node can be trusted
//! whose hash follows from a trusted parent; so an entry that was edited, removed or moved is named exactly, unless
//! the stored nodes above it were altered with it. Then the smallest range that still holds the fault is named.

use crate::TrailError;
use crate::merkle::{Head, Nodes, Tree, node_hash, range_root, split};

/// How a stored trail differs from the one that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Tampering {
    /// An entry is not the one that was written here. All entries before it are as they were.
    #[error("entry {index} of the trail is not the one that was written")]
    Entry {
        /// The first bad entry, from 0.
        index: u64,
    },
    /// The trail ends too early.
    #[error("the trail ends before entry {index}; {size} entries were written")]
    CutOff {
        /// The first missing entry, from 0.
        index: u64,
        /// How many entries were written.
        size: u64,
    },
    /// The entries are as they were, and a stored node of the tree over them is not: heads and proofs from it would be false.
    #[error("node {place} on level {level} of the stored tree does not follow from the entries")]
    Node {
        /// The level, from 0 for the hashes of the entries.
        level: u32,
        /// The place in the level, from 0.
        place: u64,
    },
    /// An entry and the stored nodes above it were altered. All entries before `from` are as they were.
    #[error("an entry from {from} up to {until} of the trail was altered, and its stored proof with it")]
    Within {
        /// The first entry of the range.
        from: u64,
        /// The entry after the range.
        until: u64,
    },
}

/// Confirms that the stored trail begins with the entries under a trusted head.
///
/// `found` is the tree over the entries as they are stored now; `kept` are the nodes that were stored when they were
/// appended. Entries behind the trusted head are not judged, but the nodes must follow from them too.
///
/// # Errors
///
/// [`TrailError::Tampered`] with the first bad entry, or the first bad node; [`TrailError::Storage`] when a node cannot be read.
pub fn verify(found: &Tree, kept: &(impl Nodes + ?Sized), trusted: &Head) -> Result<(), TrailError> {
    if trusted.size <= found.size() && found.root(trusted.size)? == trusted.root {
        return refuse_unfit(found, kept);
    }
    Err(first_difference(found, kept, trusted)?.into())
}

/// Confirms that every stored node is the one that the entries lead to.
fn refuse_unfit(found: &Tree, kept: &(impl Nodes + ?Sized)) -> Result<(), TrailError> {
    for (level, place, hash) in found.nodes() {
        match kept.node(level, place) {
            Ok(stored) if stored == *hash => {}
            Ok(_) | Err(TrailError::OutOfRange { .. }) => return Err(Tampering::Node { level, place }.into()),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Walks down from the trusted root to the first entry that differs.
fn first_difference(found: &Tree, kept: &(impl Nodes + ?Sized), trusted: &Head) -> Result<Tampering, TrailError> {
    let (mut range, mut root) = (0..trusted.size, trusted.root);
    while range.end - range.start > 1 {
        let (left, right) = split(&range);
        let children = range_root(kept, left.clone()).and_then(|first| Ok((first, range_root(kept, right.clone())?)));
        let (first, second) = match children {
            Ok(children) => children,
            Err(TrailError::OutOfRange { .. }) => return Ok(lost(found, trusted, range)),
            Err(error) => return Err(error),
        };
        if node_hash(&first, &second) != root {
            return Ok(lost(found, trusted, range));
        }
        let left_holds = left.end <= found.size() && range_root(found, left.clone())? == first;
        (range, root) = if left_holds { (right, second) } else { (left, first) };
    }
    Ok(if range.is_empty() {
        // Nothing lies under an empty head, so only the head itself can be wrong.
        lost(found, trusted, range)
    } else if range.start < found.size() {
        Tampering::Entry { index: range.start }
    } else {
        Tampering::CutOff { index: range.start, size: trusted.size }
    })
}

/// What can be said where the stored nodes do not lead on.
fn lost(found: &Tree, trusted: &Head, range: std::ops::Range<u64>) -> Tampering {
    if found.size() < trusted.size {
        Tampering::CutOff { index: found.size(), size: trusted.size }
    } else {
        Tampering::Within { from: range.start, until: range.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{Hash, leaf_hash};
    use proptest::prelude::*;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    fn tree(leaves: &[Hash]) -> Tree {
        leaves.iter().copied().collect()
    }

    fn tampering(found: &[Hash], kept: &Tree, trusted: &Head) -> Option<Tampering> {
        match verify(&tree(found), kept, trusted) {
            Ok(()) => None,
            Err(TrailError::Tampered(tampering)) => Some(tampering),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn an_intact_trail_holds_under_every_older_head() {
        let all = leaves(20);
        let kept = tree(&all);
        for size in 0..=20 {
            let trusted = Head { size, root: kept.root(size).unwrap() };
            assert_eq!(tampering(&all, &kept, &trusted), None);
        }
    }

    #[test]
    fn a_node_that_does_not_follow_is_named() {
        struct Altered<'a>(&'a Tree, (u32, u64));
        impl Nodes for Altered<'_> {
            fn node(&self, level: u32, index: u64) -> Result<Hash, TrailError> {
                let Self(tree, altered) = self;
                if *altered == (level, index) { Ok(leaf_hash(b"altered")) } else { tree.node(level, index) }
            }
        }
        let whole = tree(&leaves(11));
        let trusted = Head { size: 5, root: whole.root(5).unwrap() };
        for (level, place, _) in whole.nodes() {
            let outcome = verify(&whole, &Altered(&whole, (level, place)), &trusted);
            let expected = Tampering::Node { level, place };
            assert!(matches!(outcome, Err(TrailError::Tampered(named)) if named == expected), "{level}, {place}");
        }
        assert_eq!(tampering(&leaves(11), &tree(&leaves(10)), &trusted), Some(Tampering::Node { level: 0, place: 10 }));
    }

    #[test]
    fn altered_with_all_nodes_the_range_is_named() {
        let trusted = tree(&leaves(16)).head();
        let mut altered = leaves(16);
        altered[5] = leaf_hash(b"altered");
        let within = Tampering::Within { from: 0, until: 16 };
        assert_eq!(tampering(&altered, &tree(&altered), &trusted), Some(within));
    }

    #[test]
    fn cut_off_with_all_nodes_the_end_is_named() {
        let all = leaves(10);
        let cut_off = Tampering::CutOff { index: 7, size: 10 };
        assert_eq!(tampering(&all[..7], &tree(&all[..7]), &tree(&all).head()), Some(cut_off));
    }

    #[test]
    fn a_head_that_never_was_does_not_hold() {
        let all = leaves(3);
        for size in 0..6 {
            let trusted = Head { size, root: leaf_hash(b"never") };
            assert!(tampering(&all, &tree(&all), &trusted).is_some(), "{size}");
        }
    }

    #[test]
    fn an_error_of_the_storage_is_no_verdict() {
        struct Broken;
        impl Nodes for Broken {
            fn node(&self, _: u32, _: u64) -> Result<Hash, TrailError> {
                Err(TrailError::storage("disk"))
            }
        }
        let outcome = verify(&tree(&leaves(3)), &Broken, &tree(&leaves(4)).head());
        assert!(matches!(outcome, Err(TrailError::Storage(_))));
    }

    proptest! {
        #[test]
        fn the_first_bad_entry_is_named(size in 1_u64..90, place: prop::sample::Index, other: prop::sample::Index) {
            let all = leaves(size);
            let (kept, trusted) = (tree(&all), tree(&all).head());
            let place = place.index(all.len());
            let index = place as u64;
            let bad = Some(Tampering::Entry { index });

            let mut edited = all.clone();
            edited[place] = leaf_hash(b"edited");
            prop_assert_eq!(tampering(&edited, &kept, &trusted), bad);

            let mut removed = all.clone();
            removed.remove(place);
            let missing = Some(Tampering::CutOff { index, size });
            let expected = if place + 1 == all.len() { missing } else { bad };
            prop_assert_eq!(tampering(&removed, &kept, &trusted), expected);

            let mut inserted = all.clone();
            inserted.insert(place, leaf_hash(b"inserted"));
            prop_assert_eq!(tampering(&inserted, &kept, &trusted), bad);

            let other = other.index(all.len());
            let mut swapped = all.clone();
            swapped.swap(place, other);
            let first = Tampering::Entry { index: place.min(other) as u64 };
            prop_assert_eq!(tampering(&swapped, &kept, &trusted), (place != other).then_some(first));

            prop_assert_eq!(tampering(&all[..place], &kept, &trusted), missing);
        }
    }
}
