use super::{Consistency, Hash, Head, Inclusion, Nodes, node_hash, prove_consistency, prove_inclusion, root};
use crate::TrailError;

/// A tree with all its nodes in memory: 64 bytes for each leaf.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The complete nodes of each level, leaves first.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for nodes in &mut self.levels {
            nodes.push(hash);
            match nodes.as_chunks().0.last() {
                Some([left, right]) if nodes.len().is_multiple_of(2) => hash = node_hash(left, right),
                _ => return,
            }
        }
        self.levels.push(vec![hash]);
    }

    /// Every complete node, leaves first: level, place in the level, hash.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = (u32, u64, &Hash)> {
        let levels = self.levels.iter().zip(0..);
        levels.flat_map(|(nodes, level)| nodes.iter().zip(0..).map(move |(hash, place)| (level, place, hash)))
    }

    /// The size and the root.
    #[must_use]
    pub fn head(&self) -> Head {
        let size = self.size();
        // Every node up to the tree's own size is there.
        Head { size, root: self.root(size).unwrap_or_else(|_| Hash::of_empty_tree()) }
    }

    /// The root over the first `size` leaves.
    ///
    /// # Errors
    ///
    /// When the tree is smaller.
    pub fn root(&self, size: u64) -> Result<Hash, TrailError> {
        root(self, size)
    }

    /// Proves that the leaf at `index` is in the tree of the first `size` leaves.
    ///
    /// # Errors
    ///
    /// When `index` is not below `size`, or the tree is smaller.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Inclusion, TrailError> {
        prove_inclusion(self, index, size)
    }

    /// Proves that the first `old` leaves are the beginning of the first `new` leaves.
    ///
    /// # Errors
    ///
    /// When `old` is zero or beyond `new`, or the tree is smaller.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Consistency, TrailError> {
        prove_consistency(self, old, new)
    }
}

impl Nodes for Tree {
    fn node(&self, level: u32, index: u64) -> Result<Hash, TrailError> {
        let place = |place: u64| usize::try_from(place).ok();
        let found = place(level.into()).and_then(|level| self.levels.get(level)?.get(place(index)?));
        found.copied().ok_or_else(|| TrailError::OutOfRange { asked: first_leaf(level, index), size: self.size() })
    }
}

impl FromIterator<Hash> for Tree {
    /// The tree over these leaf hashes.
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        tree
    }
}

fn first_leaf(level: u32, index: u64) -> u64 {
    index.saturating_mul(1_u64.checked_shl(level).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::leaf_hash;
    use super::*;
    use proptest::prelude::*;

    /// RFC 6962, section 2.1, word for word: MTH.
    fn naive_root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of_empty_tree(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(naive_split(leaves.len()));
                node_hash(&naive_root(left), &naive_root(right))
            }
        }
    }

    /// RFC 6962, section 2.1.1: PATH.
    fn naive_path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let split = naive_split(leaves.len());
        let (left, right) = leaves.split_at(split);
        if index < split {
            [naive_path(index, left), vec![naive_root(right)]].concat()
        } else {
            [naive_path(index - split, right), vec![naive_root(left)]].concat()
        }
    }

    /// RFC 6962, section 2.1.2: SUBPROOF.
    fn naive_subproof(old: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if old == leaves.len() {
            return if whole { Vec::new() } else { vec![naive_root(leaves)] };
        }
        let split = naive_split(leaves.len());
        let (left, right) = leaves.split_at(split);
        if old <= split {
            [naive_subproof(old, left, whole), vec![naive_root(right)]].concat()
        } else {
            [naive_subproof(old - split, right, false), vec![naive_root(left)]].concat()
        }
    }

    fn naive_split(count: usize) -> usize {
        let mut split = 1;
        while split * 2 < count {
            split *= 2;
        }
        split
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    #[test]
    fn roots_and_proofs_of_every_small_tree_equal_the_recursion() {
        let all = leaves(70);
        let mut tree = Tree::new();
        for size in 0..=all.len() {
            let now = &all[..size];
            assert_eq!(tree.head(), Head { size: size as u64, root: naive_root(now) });
            for index in 0..size {
                let proof = tree.inclusion(index as u64, size as u64).unwrap();
                assert_eq!(proof.path, naive_path(index, now));
                proof.verify(&now[index], &tree.head().root).unwrap();
            }
            for old in 1..=size {
                let proof = tree.consistency(old as u64, size as u64).unwrap();
                assert_eq!(proof.path, naive_subproof(old, now, true));
                proof.verify(&naive_root(&now[..old]), &tree.head().root).unwrap();
            }
            tree.append(leaf_hash(&(size as u64).to_be_bytes()));
        }
    }

    #[test]
    fn what_lies_outside_is_an_error() {
        let tree: Tree = leaves(5).into_iter().collect();
        assert!(tree.root(6).is_err());
        assert!(tree.root(u64::MAX).is_err());
        assert!(tree.inclusion(5, 5).is_err());
        assert!(tree.inclusion(0, 6).is_err());
        assert!(tree.inclusion(0, 0).is_err());
        assert!(tree.consistency(0, 5).is_err());
        assert!(tree.consistency(4, 3).is_err());
        assert!(tree.consistency(5, 6).is_err());
        assert!(tree.node(64, u64::MAX).is_err());
    }

    proptest! {
        #[test]
        fn a_larger_tree_proves_its_past(size in 1_u64..3000, index: u64, old: u64) {
            let all = leaves(size);
            let tree: Tree = all.iter().copied().collect();
            let (index, old) = (index % size, 1 + old % size);
            let root = naive_root(&all);
            tree.inclusion(index, size).unwrap().verify(&all[index as usize], &root).unwrap();
            tree.consistency(old, size).unwrap().verify(&naive_root(&all[..old as usize]), &root).unwrap();
        }
    }
}
