use aes::cipher::Array;
use polyval::hazmat::FieldElement;
use polyval::universal_hash::UniversalHash;
use polyval::{Key, Polyval};
use zeroize::Zeroize;

use super::BLOCK;

/// GHASH (NIST SP 800-38D, section 6.4), by way of POLYVAL, whose blocks run the other way (RFC 8452, appendix A).
///
/// The crate `ghash` does the same for whole blocks of one text; here the texts of a tag go in by one call.
pub(super) struct Ghash(Polyval);

impl Ghash {
    pub(super) fn new(key: &[u8; BLOCK]) -> Self {
        let mut key = FieldElement::from(*key).reverse().mulx();
        let mut bytes: Key = key.into();
        let hash = Self(Polyval::new(&bytes));
        key.zeroize();
        bytes.zeroize();
        hash
    }

    /// The hash that goes on behind these blocks.
    pub(super) fn and(&self, blocks: &[u8]) -> Self {
        let mut hash = self.0.clone();
        update(&mut hash, &[blocks]);
        Self(hash)
    }

    /// The hash of these texts, each with zeros behind it up to whole blocks.
    pub(super) fn of(&self, texts: &[&[u8]]) -> [u8; BLOCK] {
        let mut hash = self.0.clone();
        update(&mut hash, texts);
        let hash: [u8; BLOCK] = hash.finalize().into();
        u128::from_le_bytes(hash).to_be_bytes()
    }
}

fn update(hash: &mut Polyval, texts: &[&[u8]]) {
    let mut ready = Ready { blocks: [[0; BLOCK]; 16], used: 0 };
    for text in texts {
        let (whole, rest) = text.as_chunks();
        whole.iter().for_each(|block| ready.push(block, hash));
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            ready.push(&block, hash);
        }
    }
    hash.update(Array::cast_slice_from_core(ready.blocks.split_at(ready.used).0));
}

/// Blocks that are taken in together: POLYVAL works on four at a time.
struct Ready {
    blocks: [[u8; BLOCK]; 16],
    used: usize,
}

impl Ready {
    #[inline]
    fn push(&mut self, block: &[u8; BLOCK], hash: &mut Polyval) {
        if self.used == self.blocks.len() {
            hash.update(Array::cast_slice_from_core(&self.blocks));
            self.used = 0;
        }
        if let Some(free) = self.blocks.get_mut(self.used) {
            *free = u128::from_be_bytes(*block).to_le_bytes();
            self.used += 1;
        }
    }
}
