use std::ops::Deref;
use std::sync::OnceLock;

use aes::Aes256Enc;
use aes::cipher::consts::U12;
use aes::cipher::{Array, BlockCipherEncrypt, InOutBuf, KeyInit};
use aes_gcm::{AeadInOut, AesGcm};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::ghash::Ghash;
use super::{BEGINNING_LENGTH, BLOCK, NONCE_LENGTH, TAG_LENGTH};
use crate::{OpenError, SealError};

/// AES-256-GCM of RustCrypto.
///
/// The crate `aes-gcm` calls the block cipher twice for each value, and each call sets up the wide instructions of the processor
/// anew, which takes longer than to encrypt a short value, as nearly all are. Here a short value takes one call, and so do all short
/// values of a batch together. What is longer goes to that crate.
pub(super) struct Cipher(Box<Keys>);

struct Keys {
    aes: Aes256Enc,
    hash: Ghash,
    expected: Option<Expected>,
    long: OnceLock<Box<AesGcm<Aes256Enc, U12>>>,
}

/// What associated data begins with as a rule, and the hash of that far, which tells the hash key.
#[derive(ZeroizeOnDrop)]
struct Expected {
    beginning: [u8; BEGINNING_LENGTH],
    hash: u128,
}

/// Blocks for short values: one for the tag, the others for up to 1008 bytes.
const SHORT: usize = 64;
/// Blocks for values of up to 112 bytes.
const SHORTEST: usize = 8;

impl Cipher {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let aes = Aes256Enc::new(key.into());
        let mut hash_key = [0; BLOCK];
        aes.encrypt_block((&mut hash_key).into());
        let hash = Ghash::new(&hash_key);
        hash_key.zeroize();
        Self(Box::new(Keys { aes, hash, expected: None, long: OnceLock::new() }))
    }

    /// Hashes the beginning of most associated data once and for all. Other associated data takes a little longer.
    pub(super) fn expect(&mut self, beginning: &[u8; BEGINNING_LENGTH]) {
        self.0.expected = Some(Expected { beginning: *beginning, hash: self.0.hash.of(0, &[beginning]) });
    }

    #[inline]
    pub(super) fn seal(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &mut [u8; TAG_LENGTH],
    ) -> Result<(), SealError> {
        match buffer.len().div_ceil(BLOCK) {
            0..SHORTEST => {
                *tag = self.0.seal(&self.0.stream::<SHORTEST>(nonce, buffer.len()), associated_data, buffer);
            }
            SHORTEST..SHORT => {
                *tag = self.0.seal(&self.0.stream::<SHORT>(nonce, buffer.len()), associated_data, buffer);
            }
            _ => {
                let buffer = InOutBuf::from(buffer);
                let long = self.0.long().encrypt_inout_detached(nonce.into(), associated_data, buffer);
                *tag = long.map_err(|_| SealError::ValueTooLong)?.into();
            }
        }
        Ok(())
    }

    #[inline]
    pub(super) fn open(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        associated_data: &[u8],
        buffer: &mut [u8],
        tag: &[u8; TAG_LENGTH],
    ) -> Result<(), OpenError> {
        match buffer.len().div_ceil(BLOCK) {
            0..SHORTEST => self.0.open(&self.0.stream::<SHORTEST>(nonce, buffer.len()), associated_data, buffer, tag),
            SHORTEST..SHORT => self.0.open(&self.0.stream::<SHORT>(nonce, buffer.len()), associated_data, buffer, tag),
            _ => {
                let buffer = InOutBuf::from(buffer);
                let opened = self.0.long().decrypt_inout_detached(nonce.into(), associated_data, buffer, tag.into());
                opened.map_err(|_| OpenError::Unauthentic)
            }
        }
    }

    /// How long the key stream of a value of this length is, if it is a short one.
    pub(super) fn stream_length(length: usize) -> Option<usize> {
        let blocks = length.div_ceil(BLOCK) + 1;
        (blocks <= SHORT).then_some(blocks * BLOCK)
    }

    /// Makes the key streams of short values, which stand one behind the other, in one call of the block cipher.
    pub(super) fn fill_streams<'a>(
        &self,
        nonces: impl Iterator<Item = (&'a [u8; NONCE_LENGTH], usize)>,
        streams: &mut [u8],
    ) {
        let (blocks, _) = streams.as_chunks_mut();
        let mut rest = &mut *blocks;
        for (nonce, length) in nonces {
            let (stream, behind) = rest.split_at_mut(length / BLOCK);
            count(nonce, stream);
            rest = behind;
        }
        self.0.encrypt(blocks);
    }

    /// Seals a short value by its key stream, which is then used up.
    pub(super) fn seal_by(&self, stream: &[u8], associated_data: &[u8], buffer: &mut [u8]) -> [u8; TAG_LENGTH] {
        self.0.seal(stream, associated_data, buffer)
    }
}

/// NIST SP 800-38D, for values that are no longer than the key stream behind its first block.
impl Keys {
    #[inline]
    fn seal(&self, stream: &[u8], place: &[u8], buffer: &mut [u8]) -> [u8; TAG_LENGTH] {
        apply(stream, buffer);
        self.tag(stream, place, buffer)
    }

    #[inline]
    fn open(&self, stream: &[u8], place: &[u8], buffer: &mut [u8], tag: &[u8; TAG_LENGTH]) -> Result<(), OpenError> {
        if bool::from(self.tag(stream, place, buffer).ct_eq(tag)) {
            apply(stream, buffer);
            Ok(())
        } else {
            Err(OpenError::Unauthentic)
        }
    }

    #[inline]
    fn encrypt(&self, blocks: &mut [[u8; BLOCK]]) {
        self.aes.encrypt_blocks(Array::cast_slice_from_core_mut(blocks));
    }

    /// The counter blocks, encrypted: section 7.1, steps 2 and 3.
    fn stream<const N: usize>(&self, nonce: &[u8; NONCE_LENGTH], length: usize) -> Stream<N> {
        let mut blocks = [[0; BLOCK]; N];
        let used = blocks.get_mut(..=length.div_ceil(BLOCK)).unwrap_or_default();
        count(nonce, used);
        self.encrypt(used);
        let used = used.len();
        Stream { blocks, used }
    }

    /// Section 7.1, steps 4 to 6.
    #[inline]
    fn tag(&self, stream: &[u8], place: &[u8], ciphertext: &[u8]) -> [u8; TAG_LENGTH] {
        let bits = |bytes: &[u8]| u128::from(bytes.len() as u64 * 8);
        let lengths = ((bits(place) << 64) | bits(ciphertext)).to_be_bytes();
        let (before, rest) = self.begin(place);
        let first = stream.first_chunk().copied().unwrap_or_default();
        (self.hash.of(before, &[rest, ciphertext, &lengths]) ^ u128::from_be_bytes(first)).to_be_bytes()
    }

    /// The hash of associated data as far as it is known, and what is left of it.
    #[inline]
    fn begin<'a>(&self, place: &'a [u8]) -> (u128, &'a [u8]) {
        match (&self.expected, place.split_first_chunk()) {
            (Some(known), Some((beginning, rest))) if known.beginning == *beginning => (known.hash, rest),
            _ => (0, place),
        }
    }

    fn long(&self) -> &AesGcm<Aes256Enc, U12> {
        self.long.get_or_init(|| Box::new(self.aes.clone().into()))
    }
}

/// Writes the counter blocks of a value: the first for the tag, the others for the value.
fn count(nonce: &[u8; NONCE_LENGTH], blocks: &mut [[u8; BLOCK]]) {
    for (block, counter) in blocks.iter_mut().zip(1_u32..) {
        let (front, end) = block.split_at_mut(NONCE_LENGTH);
        front.copy_from_slice(nonce);
        end.copy_from_slice(&counter.to_be_bytes());
    }
}

/// What the tag, and then the value, are combined with. The blocks behind the used ones are zero.
struct Stream<const N: usize> {
    blocks: [[u8; BLOCK]; N],
    used: usize,
}

impl<const N: usize> Zeroize for Stream<N> {
    fn zeroize(&mut self) {
        self.blocks.get_mut(..self.used).unwrap_or_default().as_flattened_mut().zeroize();
    }
}

impl<const N: usize> Drop for Stream<N> {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Stream<N> {}

impl<const N: usize> Deref for Stream<N> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.blocks.as_flattened()
    }
}

fn apply(stream: &[u8], buffer: &mut [u8]) {
    let behind = stream.get(BLOCK..).unwrap_or_default();
    buffer.iter_mut().zip(behind).for_each(|(byte, with)| *byte ^= with);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_core::Rng;

    use super::*;
    use crate::RandomSource;

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

    /// What a cipher does here beside what the crate `aes-gcm` does, under one key.
    struct Both {
        ours: Cipher,
        theirs: aes_gcm::Aes256Gcm,
    }

    impl Both {
        fn new(key: [u8; 32], expected: &[u8; BEGINNING_LENGTH]) -> Self {
            let mut ours = Cipher::new(&key);
            ours.expect(expected);
            Self { ours, theirs: aes_gcm::Aes256Gcm::new((&key).into()) }
        }

        fn agree(&self, nonce: [u8; NONCE_LENGTH], place: &[u8], plain: &[u8]) {
            let (mut sealed, mut theirs) = (plain.to_vec(), plain.to_vec());
            let mut tag = [0; TAG_LENGTH];
            self.ours.seal(&nonce, place, &mut sealed, &mut tag).expect("sealed");
            let buffer = InOutBuf::from(&mut theirs[..]);
            let expected = self.theirs.encrypt_inout_detached((&nonce).into(), place, buffer).expect("sealed");
            assert_eq!((&sealed, tag), (&theirs, expected.into()), "{} bytes", plain.len());

            if let Some(length) = Cipher::stream_length(plain.len()) {
                // Beside another stream, and longer than it need be.
                let mut streams = vec![0; length + 3 * BLOCK];
                let values = [(&[0; NONCE_LENGTH], BLOCK), (&nonce, length + 2 * BLOCK)];
                self.ours.fill_streams(values.into_iter(), &mut streams);
                let mut batched = plain.to_vec();
                assert_eq!(self.ours.seal_by(&streams[BLOCK..], place, &mut batched), tag);
                assert_eq!(batched, sealed);
            }

            let mut buffer = sealed.clone();
            for bit in 0..8 * TAG_LENGTH {
                let mut other = tag;
                other[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(self.ours.open(&nonce, place, &mut buffer, &other), Err(OpenError::Unauthentic));
                assert_eq!(buffer, sealed, "what is refused is left alone");
            }
            assert_eq!(self.ours.open(&nonce, place, &mut buffer, &tag), Ok(()));
            assert_eq!(buffer, plain);
        }
    }

    /// Every length of what takes the short path, and some of what does not, with associated data of any length; every other one
    /// begins as is expected.
    #[test]
    fn values_of_every_length_are_sealed_as_the_crate_seals_them() {
        let mut random = RandomSource::from_seed(&[5; 32]);
        let both = Both::new([7; 32], &[9; BEGINNING_LENGTH]);
        for length in (0..=1100).chain([2000, 5000]) {
            let mut bytes = vec![0; length + 200];
            random.fill_bytes(&mut bytes);
            let (plain, place) = bytes.split_at_mut(length);
            let place = &mut place[..length % 191];
            if length % 2 == 0 {
                place.iter_mut().take(BEGINNING_LENGTH).for_each(|byte| *byte = 9);
            }
            let mut nonce = [0; NONCE_LENGTH];
            random.fill_bytes(&mut nonce);
            both.agree(nonce, place, plain);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn values_at_any_place_are_sealed_as_the_crate_seals_them(
            key: [u8; 32],
            nonce: [u8; NONCE_LENGTH],
            place in prop::collection::vec(any::<u8>(), 0..400),
            plain in prop::collection::vec(any::<u8>(), 0..=1100),
        ) {
            let mut expected = [0; BEGINNING_LENGTH];
            expected.iter_mut().zip(&place).for_each(|(to, from)| *to = *from);
            Both::new(key, &expected).agree(nonce, &place, &plain);
        }
    }
}
