use std::array::TryFromSliceError;
use std::fmt;

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

const LEAF_PREFIX: u8 = 0;
const NODE_PREFIX: u8 = 1;
/// Bytes that SHA-256 takes in at a time.
const BLOCK: usize = 64;

/// A SHA-256 hash of the tree. Prints as lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// The hash of one leaf: its bytes behind a zero byte (RFC 6962, section 2.1).
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    // The first block by hand: then every further one is taken in where it lies, and none is copied.
    let Some((first, rest)) = bytes.split_first_chunk::<{ BLOCK - 1 }>() else {
        return digest(Sha256::new_with_prefix([LEAF_PREFIX]).chain_update(bytes));
    };
    let mut block = [LEAF_PREFIX; BLOCK];
    let [_, behind @ ..] = &mut block;
    behind.copy_from_slice(first);
    let (blocks, tail) = rest.as_chunks();
    let mut state = INITIAL;
    compress256(&mut state, &[block]);
    compress256(&mut state, blocks);
    finish(state, tail, bytes.len() as u64 + 1)
}

/// The hash of an inner node: its children's hashes behind a one byte (RFC 6962, section 2.1).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = NODE;
    let [_, children @ ..] = &mut bytes;
    let (first, behind) = children.split_at_mut(32);
    let (second, _) = behind.split_at_mut(32);
    first.copy_from_slice(&left.0);
    second.copy_from_slice(&right.0);
    let mut state = INITIAL;
    compress256(&mut state, bytes.as_chunks().0);
    Hash::of_state(state)
}

impl Hash {
    fn of_state(state: [u32; 8]) -> Self {
        let mut bytes = [0; 32];
        bytes.as_chunks_mut().0.iter_mut().zip(state).for_each(|(word, state)| *word = u32::to_be_bytes(state));
        Self(bytes)
    }

    /// The root of the tree without leaves: the hash of nothing.
    #[must_use]
    pub fn of_empty_tree() -> Self {
        digest(Sha256::new())
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = TryFromSliceError;

    fn try_from(bytes: &[u8]) -> Result<Self, TryFromSliceError> {
        bytes.try_into().map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn digest(hasher: Sha256) -> Hash {
    Hash(hasher.finalize().into())
}

/// What SHA-256 begins with (FIPS 180-4, section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
/// The first byte behind a message (FIPS 180-4, section 5.1.1).
const END: u8 = 0x80;

/// The two blocks of an inner node, without its children: the prefix, and behind 65 bytes the padding with their number of bits.
const NODE: [u8; 2 * BLOCK] = {
    let mut bytes = [0; 2 * BLOCK];
    (bytes[0], bytes[65]) = (NODE_PREFIX, END);
    [bytes[126], bytes[127]] = (65_u16 * 8).to_be_bytes();
    bytes
};

/// Takes in the end of a message of this length, less than a block of it, and the padding.
fn finish(mut state: [u32; 8], tail: &[u8], length: u64) -> Hash {
    let mut blocks = [[0; BLOCK]; 2];
    let (place, behind) = blocks.as_flattened_mut().split_at_mut(tail.len());
    place.copy_from_slice(tail);
    behind.iter_mut().take(1).for_each(|byte| *byte = END);
    // The number of bits stands at the end of the block: of the same one, if there is room.
    let needed = if tail.len() + 1 + 8 <= BLOCK { 1 } else { 2 };
    let blocks = blocks.get_mut(..needed).unwrap_or_default();
    if let Some(end) = blocks.as_flattened_mut().last_chunk_mut() {
        *end = (length * 8).to_be_bytes();
    }
    compress256(&mut state, blocks);
    Hash::of_state(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_the_standard() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let empty_leaf = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
        assert_eq!(Hash::of_empty_tree().to_string(), empty);
        assert_eq!(leaf_hash(b"").to_string(), empty_leaf);
    }

    #[test]
    fn every_length_is_hashed_as_the_library_does() {
        let bytes: Vec<u8> = (0..200_u32).map(|place| (place % 251) as u8).collect();
        for length in 0..bytes.len() {
            let plain = Sha256::new_with_prefix([LEAF_PREFIX]).chain_update(&bytes[..length]);
            assert_eq!(leaf_hash(&bytes[..length]), digest(plain), "{length}");
        }
        let (left, right) = (leaf_hash(&bytes), leaf_hash(b""));
        let plain = Sha256::new_with_prefix([NODE_PREFIX]).chain_update(left.0).chain_update(right.0);
        assert_eq!(node_hash(&left, &right), digest(plain));
    }

    #[test]
    fn a_leaf_is_never_a_node() {
        let (left, right) = (leaf_hash(b"left"), leaf_hash(b"right"));
        let children = [left.as_bytes().as_slice(), right.as_bytes()].concat();
        assert_ne!(node_hash(&left, &right), leaf_hash(&children));
        assert_ne!(node_hash(&left, &right), node_hash(&right, &left));
    }
}
