use super::{Hash, Head, node_hash};

/// A proof that one leaf is in a tree (RFC 6962, section 2.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The leaf's place, from 0.
    pub index: u64,
    /// The size of the tree.
    pub size: u64,
    /// The hashes beside the way from the leaf up to the root.
    pub path: Vec<Hash>,
}

/// A proof that a tree grew out of an older one only by appending (RFC 6962, section 2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consistency {
    /// The size of the older tree.
    pub old_size: u64,
    /// The size of the newer tree.
    pub new_size: u64,
    /// The nodes from which both roots follow.
    pub path: Vec<Hash>,
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf lies outside the tree.
    #[error("leaf {index} lies outside a tree of {size} leaves")]
    Outside {
        /// The leaf's place.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The older tree is empty or larger than the newer one.
    #[error("a tree of {new} leaves cannot be proven to have grown from one of {old}")]
    Sizes {
        /// The size that is called the older.
        old: u64,
        /// The size that is called the newer.
        new: u64,
    },
    /// The path has more or fewer hashes than these sizes need.
    #[error("the path has {found} hashes and needs {needed}")]
    Length {
        /// How many hashes the path has.
        found: usize,
        /// How many it needs.
        needed: usize,
    },
    /// The path leads to another root.
    #[error("the path does not lead to the root")]
    Root,
    /// The path leads to another root of the older tree.
    #[error("the path does not lead to the older root")]
    OldRoot,
}

impl Inclusion {
    /// Confirms that the leaf with this hash is in the tree with this root.
    ///
    /// # Errors
    ///
    /// When it does not follow from the proof.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), ProofError> {
        if self.index >= self.size {
            return Err(ProofError::Outside { index: self.index, size: self.size });
        }
        let way = Way::new(self.index, self.size);
        check_length(self.path.len(), way.inner + way.border)?;
        let found = self.path.iter().zip(0..).fold(*leaf, |hash, (beside, level)| match way.side(level) {
            Side::Left => node_hash(beside, &hash),
            Side::Right => node_hash(&hash, beside),
        });
        if found == *root { Ok(()) } else { Err(ProofError::Root) }
    }

    /// Confirms that the leaf with this hash is in the tree with this head.
    ///
    /// # Errors
    ///
    /// When it does not follow from the proof.
    pub fn verify_under(&self, leaf: &Hash, head: &Head) -> Result<(), ProofError> {
        if self.size != head.size {
            return Err(ProofError::Outside { index: self.index, size: head.size });
        }
        self.verify(leaf, &head.root)
    }
}

impl Consistency {
    /// Confirms that the tree with the newer root begins with all leaves of the tree with the older root.
    ///
    /// # Errors
    ///
    /// When it does not follow from the proof. The empty tree is the beginning of every tree, so nothing is proven
    /// about it and it is refused.
    pub fn verify(&self, old_root: &Hash, new_root: &Hash) -> Result<(), ProofError> {
        let (old, new) = (self.old_size, self.new_size);
        if old == 0 || old > new {
            return Err(ProofError::Sizes { old, new });
        }
        if old == new {
            check_length(self.path.len(), 0)?;
            return if old_root == new_root { Ok(()) } else { Err(ProofError::Root) };
        }
        // The way starts at the largest complete subtree that ends where the older tree ends. The proof begins with its
        // root, unless it is the whole older tree.
        let way = Way::new(old - 1, new).above(old.trailing_zeros());
        let seeds = usize::from(!old.is_power_of_two());
        check_length(self.path.len(), seeds + way.inner + way.border)?;
        let (seed, path) = self.path.split_at(seeds);
        let start = seed.first().unwrap_or(old_root);
        let (mut found_old, mut found_new) = (*start, *start);
        for (beside, level) in path.iter().zip(0..) {
            match way.side(level) {
                Side::Left => {
                    found_old = node_hash(beside, &found_old);
                    found_new = node_hash(beside, &found_new);
                }
                // What lies to the right came after the older tree.
                Side::Right => found_new = node_hash(&found_new, beside),
            }
        }
        match (found_old == *old_root, found_new == *new_root) {
            (true, true) => Ok(()),
            (false, _) => Err(ProofError::OldRoot),
            (true, false) => Err(ProofError::Root),
        }
    }
}

/// The way from a leaf up to the root: first `inner` levels inside the subtree where leaf and last leaf part, then
/// `border` steps along the tree's right edge, each with its sibling on the left.
struct Way {
    index: u64,
    inner: usize,
    border: usize,
}

/// Where a sibling stands.
enum Side {
    Left,
    Right,
}

impl Way {
    fn new(index: u64, size: u64) -> Self {
        let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
        let border = index.checked_shr(inner).unwrap_or(0).count_ones();
        Self { index, inner: inner as usize, border: border as usize }
    }

    /// The same way without its lowest levels.
    fn above(self, levels: u32) -> Self {
        Self { index: self.index >> levels, inner: self.inner.saturating_sub(levels as usize), ..self }
    }

    fn side(&self, level: usize) -> Side {
        if level < self.inner && (self.index >> level) & 1 == 0 { Side::Right } else { Side::Left }
    }
}

fn check_length(found: usize, needed: usize) -> Result<(), ProofError> {
    if found == needed { Ok(()) } else { Err(ProofError::Length { found, needed }) }
}

#[cfg(test)]
mod tests {
    use super::super::{Tree, leaf_hash};
    use super::*;
    use proptest::prelude::*;

    fn tree(size: u64) -> Tree {
        (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    #[test]
    fn a_proof_holds_for_its_own_leaf_and_size_only() {
        let (tree, leaf) = (tree(21), leaf_hash(&7_u64.to_be_bytes()));
        let proof = tree.inclusion(7, 21).unwrap();
        let root = tree.head().root;
        assert_eq!(proof.verify(&leaf, &root), Ok(()));
        assert_eq!(proof.verify(&leaf_hash(b"another"), &root), Err(ProofError::Root));
        for (index, size) in [(6, 21), (8, 21), (7, 64), (21, 21), (7, 0), (7, u64::MAX), (u64::MAX - 1, u64::MAX)] {
            assert!(Inclusion { index, size, ..proof.clone() }.verify(&leaf, &root).is_err(), "{index} of {size}");
        }
    }

    #[test]
    fn an_older_root_that_is_not_the_beginning_is_named() {
        let tree = tree(21);
        let proof = tree.consistency(13, 21).unwrap();
        let (old, new) = (tree.root(13).unwrap(), tree.head().root);
        assert_eq!(proof.verify(&old, &new), Ok(()));
        assert_eq!(proof.verify(&leaf_hash(b""), &new), Err(ProofError::OldRoot));
        assert_eq!(proof.verify(&old, &leaf_hash(b"")), Err(ProofError::Root));
        let empty = Consistency { path: Vec::new(), ..proof };
        assert!(matches!(empty.verify(&old, &new), Err(ProofError::Length { found: 0, .. })));
    }

    proptest! {
        #[test]
        fn garbage_never_panics_and_never_holds(
            index: u64, size: u64, old: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70),
        ) {
            let path: Vec<Hash> = path.into_iter().map(Hash::from).collect();
            let root = leaf_hash(b"root");
            let inclusion = Inclusion { index, size, path: path.clone() };
            prop_assert!(inclusion.verify(&leaf_hash(b"leaf"), &root).is_err());
            let consistency = Consistency { old_size: old, new_size: size, path };
            prop_assert!(consistency.verify(&leaf_hash(b"old"), &root).is_err());
        }
    }
}
