use std::ops::Range;

use super::prove::{Nodes, peak_ranges, range_root, split};
use super::{Hash, Head, node_hash};
use crate::TrailError;
use crate::verify::Tampering;

/// The growing edge of a tree: the roots of its complete subtrees, from the largest to the smallest.
///
/// It appends without reading anything older, and takes one hash beyond the leaf's, on average.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// The peaks do not belong to a tree of this size: there is one for each set bit of the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tree of {size} leaves has {} peaks, not {found}", .size.count_ones())]
pub struct WrongPeaks {
    size: u64,
    found: usize,
}

impl Frontier {
    /// The edge of the tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, peaks: Vec::new() }
    }

    /// Takes up a frontier where it was left: its size and its [`peaks`](Self::peaks).
    ///
    /// # Errors
    ///
    /// When there are more or fewer peaks than a tree of this size has.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Result<Self, WrongPeaks> {
        if peaks.len() as u64 != u64::from(size.count_ones()) {
            return Err(WrongPeaks { size, found: peaks.len() });
        }
        Ok(Self { size, peaks })
    }

    /// The bytes to store in one piece, with each append: the size as 8 bytes, the most significant first, then the peaks.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.peaks.iter().flat_map(|peak| peak.as_bytes()));
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (size, peaks) = bytes.split_first_chunk()?;
        let (peaks, rest) = peaks.as_chunks::<32>();
        let peaks = peaks.iter().copied().map(Hash::from).collect();
        rest.is_empty().then(|| Self::from_peaks(u64::from_be_bytes(*size), peaks).ok())?
    }

    /// Finds the frontier of a stored tree among its nodes, and looks whether each peak follows from the two nodes under it. That
    /// these follow from the entries is for [`verify`](crate::verify::verify) to say.
    ///
    /// # Errors
    ///
    /// When a node cannot be had; [`Tampering::Node`] for a peak that does not follow.
    pub fn resume(nodes: &(impl Nodes + ?Sized), size: u64) -> Result<Self, TrailError> {
        let peaks = peak_ranges(size).map(|range| peak(nodes, range)).collect::<Result<_, _>>()?;
        Ok(Self { size, peaks })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, from the largest to the smallest.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _, _| ());
    }

    /// Appends a leaf and hands over each node that it completes, the leaf first: level, place in the level, hash.
    /// These are the nodes that a stored tree needs in order to prove.
    pub fn append_with(&mut self, leaf: Hash, mut completed: impl FnMut(u32, u64, &Hash)) {
        completed(0, self.size, &leaf);
        let mut hash = leaf;
        for level in 1..=self.size.trailing_ones() {
            // Each set bit at the low end of the size is a peak that this leaf completes a pair with.
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            completed(level, self.size >> level, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let joined = self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        joined.unwrap_or_else(Hash::of_empty_tree)
    }

    /// The size and the root.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { size: self.size, root: self.root() }
    }
}

/// The stored root of a complete subtree, which must follow from its two halves.
fn peak(nodes: &(impl Nodes + ?Sized), range: Range<u64>) -> Result<Hash, TrailError> {
    let level = (range.end - range.start).trailing_zeros();
    let place = range.start >> level;
    let peak = nodes.node(level, place)?;
    if level > 0 {
        let (left, right) = split(&range);
        if node_hash(&range_root(nodes, left)?, &range_root(nodes, right)?) != peak {
            return Err(Tampering::Node { level, place }.into());
        }
    }
    Ok(peak)
}

#[cfg(test)]
mod tests {
    use super::super::{Tree, leaf_hash};
    use super::*;

    #[test]
    fn grows_like_the_tree_and_resumes_anywhere() {
        let (mut frontier, mut tree) = (Frontier::new(), Tree::new());
        for index in 0..70_u64 {
            assert_eq!(frontier.head(), tree.head());
            assert_eq!(Frontier::resume(&tree, index).unwrap(), frontier);
            assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Some(frontier.clone()));
            assert_eq!(Frontier::from_peaks(index, frontier.peaks().to_vec()).unwrap(), frontier);
            let leaf = leaf_hash(&index.to_be_bytes());
            tree.append(leaf);
            frontier.append_with(leaf, |level, place, hash| assert_eq!(tree.node(level, place).unwrap(), *hash));
        }
    }

    #[test]
    fn the_bytes_of_a_frontier_are_strict() {
        let frontier: Vec<u8> = {
            let mut frontier = Frontier::new();
            (0..5_u64).for_each(|leaf| frontier.append(leaf_hash(&leaf.to_be_bytes())));
            frontier.to_bytes()
        };
        assert_eq!(frontier.len(), 8 + 2 * 32);
        for length in 0..frontier.len() {
            assert_eq!(Frontier::from_bytes(&frontier[..length]), None);
        }
        assert_eq!(Frontier::from_bytes(&[&frontier[..], &[0]].concat()), None);
        assert_eq!(
            Frontier::from_bytes(&[&[0; 7], &[4][..], &frontier[8..]].concat()),
            None,
            "four leaves have one peak"
        );
    }

    #[test]
    fn refuses_peaks_of_another_size() {
        let error = Frontier::from_peaks(5, vec![leaf_hash(b"")]).unwrap_err();
        assert_eq!(error.to_string(), "a tree of 5 leaves has 2 peaks, not 1");
    }
}
