use std::sync::OnceLock;

use aes::Aes256;
use aes::cipher::{Array, BlockCipherEncrypt, KeyInit};
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{NONCE_LENGTH, TAG_LENGTH};
use crate::{OpenError, SealError};

/// AES-256-GCM of RustCrypto.
///
/// A short value, as nearly all are, takes one call of the block cipher here. The crate `aes-gcm` makes two, and each sets up the wide
/// instructions of the processor anew, which takes longer than to encrypt such a value. What is longer goes to that crate.
pub(super) struct Cipher(Box<Keys>);

struct Keys {
    aes: Aes256,
    ghash: GHash,
    long: OnceLock<Aes256Gcm>,
}

const BLOCK: usize = 16;
/// Blocks for short values: one for the tag, the others for up to 1008 bytes.
const SHORT: usize = 64;
/// Blocks for values of up to 112 bytes.
const SHORTEST: usize = 8;

impl Cipher {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let aes = Aes256::new(key.into());
        let mut hash_key = ghash::Key::default();
        aes.encrypt_block(&mut hash_key);
        let ghash = GHash::new(&hash_key);
        hash_key.zeroize();
        Self(Box::new(Keys { aes, ghash, long: OnceLock::new() }))
    }

    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
    ) -> Result<[u8; TAG_LENGTH], SealError> {
        match buffer.len().div_ceil(BLOCK) {
            0..SHORTEST => Ok(self.0.seal::<SHORTEST>(nonce, associated_data, buffer)),
            SHORTEST..SHORT => Ok(self.0.seal::<SHORT>(nonce, associated_data, buffer)),
            _ => {
                let buffer = InOutBuf::from(buffer);
                let tag = self.0.long().encrypt_inout_detached(nonce.into(), associated_data, buffer);
                tag.map(Into::into).map_err(|_| SealError::ValueTooLong)
            }
        }
    }

    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        match buffer.len().div_ceil(BLOCK) {
            0..SHORTEST => self.0.open::<SHORTEST>(nonce, associated_data, buffer, tag),
            SHORTEST..SHORT => self.0.open::<SHORT>(nonce, associated_data, buffer, tag),
            _ => {
                let buffer = InOutBuf::from(buffer);
                let opened = self.0.long().decrypt_inout_detached(nonce.into(), associated_data, buffer, tag.into());
                opened.map_err(|_| OpenError::Unauthentic)
            }
        }
    }
}

/// NIST SP 800-38D, for values that fit into `N - 1` blocks.
impl Keys {
    fn seal<const N: usize>(&self, nonce: &[u8; NONCE_LENGTH], place: &[u8], buffer: &mut [u8]) -> [u8; TAG_LENGTH] {
        let stream = self.stream::<N>(nonce, buffer.len());
        stream.apply(buffer);
        self.tag(&stream, place, buffer)
    }

    fn open<const N: usize>(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        place: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        let stream = self.stream::<N>(nonce, buffer.len());
        if bool::from(self.tag(&stream, place, buffer).ct_eq(tag)) {
            stream.apply(buffer);
            Ok(())
        } else {
            Err(OpenError::Unauthentic)
        }
    }

    /// The counter blocks, encrypted: section 7.1, steps 2 and 3.
    fn stream<const N: usize>(&self, nonce: &[u8; NONCE_LENGTH], length: usize) -> Stream<N> {
        let mut blocks = [[0; BLOCK]; N];
        let used = blocks.get_mut(..=length.div_ceil(BLOCK)).unwrap_or_default();
        for (block, counter) in used.iter_mut().zip(1_u32..) {
            let (front, end) = block.split_at_mut(NONCE_LENGTH);
            front.copy_from_slice(nonce);
            end.copy_from_slice(&counter.to_be_bytes());
        }
        self.aes.encrypt_blocks(Array::cast_slice_from_core_mut(used));
        let used = used.len();
        Stream { blocks, used }
    }

    /// Section 7.1, steps 4 to 6.
    fn tag<const N: usize>(&self, stream: &Stream<N>, place: &[u8], ciphertext: &[u8]) -> [u8; TAG_LENGTH] {
        let bits = |bytes: &[u8]| u128::from(bytes.len() as u64 * 8);
        let mut hash = self.ghash.clone();
        hash.update_padded(place);
        hash.update_padded(ciphertext);
        hash.update(&[((bits(place) << 64) | bits(ciphertext)).to_be_bytes().into()]);
        let mut tag: [u8; TAG_LENGTH] = hash.finalize().into();
        xor(&mut tag, stream.blocks.as_flattened());
        tag
    }

    fn long(&self) -> &Aes256Gcm {
        self.long.get_or_init(|| self.aes.clone().into())
    }
}

/// What the tag, and then the value, are combined with. The blocks behind the used ones are zero.
struct Stream<const N: usize> {
    blocks: [[u8; BLOCK]; N],
    used: usize,
}

impl<const N: usize> Zeroize for Stream<N> {
    fn zeroize(&mut self) {
        self.blocks.get_mut(..self.used).unwrap_or_default().iter_mut().for_each(Zeroize::zeroize);
    }
}

impl<const N: usize> Drop for Stream<N> {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Stream<N> {}

impl<const N: usize> Stream<N> {
    fn apply(&self, buffer: &mut [u8]) {
        xor(buffer, self.blocks.as_flattened().split_at(BLOCK).1);
    }
}

fn xor(bytes: &mut [u8], with: &[u8]) {
    bytes.iter_mut().zip(with).for_each(|(byte, with)| *byte ^= with);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_values_are_combined_with_is_wiped() {
        fn wiped<const N: usize>(mut stream: Stream<N>) -> bool
        where
            Stream<N>: ZeroizeOnDrop,
        {
            let was_there = stream.blocks.as_flattened().iter().any(|byte| *byte != 0);
            stream.zeroize();
            was_there && stream.blocks.as_flattened().iter().all(|byte| *byte == 0)
        }
        let cipher = Cipher::new(&[7; 32]);
        for length in [0, 1, 16, 17, 111, 112] {
            assert!(wiped(cipher.0.stream::<SHORTEST>(&[3; NONCE_LENGTH], length)), "{length} bytes");
            assert!(wiped(cipher.0.stream::<SHORT>(&[3; NONCE_LENGTH], length)), "{length} bytes");
        }
        assert!(wiped(cipher.0.stream::<SHORT>(&[3; NONCE_LENGTH], 1008)));
    }

    #[test]
    fn short_values_are_sealed_as_the_crate_seals_them() {
        let key = std::array::from_fn(|place| place as u8);
        let (cipher, whole) = (Cipher::new(&key), Aes256Gcm::new((&key).into()));
        for length in (0..300).chain(990..1100).chain([2000, 5000]) {
            let plain: Vec<u8> = (0..length).map(|place| (place * 7) as u8).collect();
            let (place, nonce) = (&plain[..length % 97 % (length + 1)], [length as u8; NONCE_LENGTH]);
            let (mut ours, mut theirs) = (plain.clone(), plain.clone());
            let tag = cipher.seal(&nonce, place, &mut ours).expect("sealed");
            let buffer = InOutBuf::from(&mut theirs[..]);
            let expected = whole.encrypt_inout_detached((&nonce).into(), place, buffer).expect("sealed");
            assert_eq!((&ours, tag), (&theirs, expected.into()), "{length} bytes");
            let mut refused = ours.clone();
            let mut other = tag;
            other[length % TAG_LENGTH] ^= 1;
            assert_eq!(cipher.open(&nonce, place, &mut refused, &other), Err(OpenError::Unauthentic));
            assert_eq!(refused, ours, "what is refused is left alone");
            assert_eq!(cipher.open(&nonce, place, &mut ours, &tag), Ok(()));
            assert_eq!(ours, plain);
        }
    }
}
