//! The Merkle tree of RFC 6962, section 2.1, over SHA-256.
//!
//! [`Frontier`] is all that appending needs: the roots of the complete subtrees, at most 64 hashes. [`Tree`] keeps
//! every node in memory and so also proves. A durable trail stores the nodes that a frontier completes and proves
//! through the [`Nodes`] trait. [`Inclusion`] and [`Consistency`] verify with nothing but the hashes they are given.

mod frontier;
mod hash;
mod proof;
mod prove;
mod tree;

pub use frontier::{Frontier, WrongPeaks};
pub use hash::{Hash, leaf_hash, node_hash};
pub use proof::{Consistency, Inclusion, ProofError};
pub use prove::{Nodes, prove_consistency, prove_inclusion, root};
pub use tree::Tree;

pub(crate) use prove::{range_root, split};

/// The head of a tree: how many leaves it has, and the root over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// The number of leaves.
    pub size: u64,
    /// The root over these leaves.
    pub root: Hash,
}
