use std::ops::Range;

use super::{Consistency, Hash, Inclusion, node_hash};
use crate::TrailError;

/// Where the nodes of a tree are kept.
pub trait Nodes {
    /// The root of the complete subtree at this place: `level` 0 holds the leaf hashes, and node `index` of a level
    /// stands over the leaves from `index << level` up to `(index + 1) << level`.
    ///
    /// # Errors
    ///
    /// [`TrailError::OutOfRange`] when there is no such complete subtree; [`TrailError::Storage`] when it cannot be
    /// read.
    fn node(&self, level: u32, index: u64) -> Result<Hash, TrailError>;
}

/// The root over the first `size` leaves.
///
/// # Errors
///
/// When a node cannot be had.
pub fn root(nodes: &(impl Nodes + ?Sized), size: u64) -> Result<Hash, TrailError> {
    if size == 0 { Ok(Hash::of_empty_tree()) } else { range_root(nodes, 0..size) }
}

/// Proves that the leaf at `index` is in the tree of the first `size` leaves (RFC 6962, section 2.1.1).
///
/// # Errors
///
/// When `index` is not below `size`, or a node cannot be had.
pub fn prove_inclusion(nodes: &(impl Nodes + ?Sized), index: u64, size: u64) -> Result<Inclusion, TrailError> {
    if index >= size {
        return Err(TrailError::OutOfRange { asked: index, size });
    }
    let mut path = Vec::new();
    let mut range = 0..size;
    while range.end - range.start > 1 {
        let (left, right) = split(&range);
        let (inside, beside) = if index < left.end { (left, right) } else { (right, left) };
        path.push(range_root(nodes, beside)?);
        range = inside;
    }
    path.reverse();
    Ok(Inclusion { index, size, path })
}

/// Proves that the first `old` leaves are the beginning of the first `new` leaves (RFC 6962, section 2.1.2).
///
/// # Errors
///
/// When `old` is zero or beyond `new`, or a node cannot be had.
pub fn prove_consistency(nodes: &(impl Nodes + ?Sized), old: u64, new: u64) -> Result<Consistency, TrailError> {
    if old == 0 || old > new {
        return Err(TrailError::OutOfRange { asked: old, size: new });
    }
    let mut path = Vec::new();
    let mut range = 0..new;
    while old != range.end {
        let (left, right) = split(&range);
        let (inside, beside) = if old <= left.end { (left, right) } else { (right, left) };
        path.push(range_root(nodes, beside)?);
        range = inside;
    }
    // Whoever holds the old root already has the subtree that begins at the first leaf.
    if range.start != 0 {
        path.push(range_root(nodes, range)?);
    }
    path.reverse();
    Ok(Consistency { old_size: old, new_size: new, path })
}

/// The root over a range of leaves that is a subtree of the tree: it comes from splitting as the standard does.
pub(crate) fn range_root(nodes: &(impl Nodes + ?Sized), range: Range<u64>) -> Result<Hash, TrailError> {
    let count = range.end - range.start;
    if count.is_power_of_two() {
        let level = count.trailing_zeros();
        return nodes.node(level, range.start >> level);
    }
    let (left, right) = split(&range);
    Ok(node_hash(&range_root(nodes, left)?, &range_root(nodes, right)?))
}

/// Splits a range of two leaves or more as the standard does: the left part is the largest power of two below it.
pub(crate) fn split(range: &Range<u64>) -> (Range<u64>, Range<u64>) {
    let last = range.end - range.start - 1;
    let middle = range.start + (1 << last.ilog2());
    (range.start..middle, middle..range.end)
}

/// The complete subtrees that a tree of this size is made of, from the largest to the smallest.
pub(super) fn peak_ranges(size: u64) -> impl Iterator<Item = Range<u64>> {
    let mut start = 0;
    (0..u64::BITS).rev().map(move |bit| size & (1 << bit)).filter(|count| *count != 0).map(move |count| {
        start += count;
        start - count..start
    })
}
