//! Several values of one record, sealed together.

use std::fmt;

use rand_core::CryptoRng;

use crate::hazmat::{NONCE_LENGTH, Streams, TAG_LENGTH};
use crate::{Part, RECORD_TAG_LENGTH, RecordKey, SealError};

/// Seals the parts of one record, and tags their list: the same bytes as one by one, in less time.
///
/// From [`RecordKey::batch`]. All random numbers are drawn, and the block cipher has run for all parts, before the first is sealed.
///
/// ```
/// # use chartroom_seal::{Part, RandomSource, RecordIdentity, SubjectKey};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut random = RandomSource::from_seed(&[1; 32]);
/// # let identity = RecordIdentity { tenant: "north-clinic", subject: "5f1c", kind: "Condition", id: "a7", version: 1 };
/// # let record_key = SubjectKey::generate(&mut random).new_record_key(&identity, &mut random)?;
/// let parts = [("Clinical", "asthma"), ("Narrative", "since childhood")];
/// let mut batch = record_key.batch(parts.iter().map(|(_, plain)| plain.len()), &mut random)?;
/// let mut sealed = Vec::new();
/// for (name, plain) in parts {
///     let mut bytes = Vec::new();
///     batch.seal_onto(Part { name, value_type: "text" }, plain.as_bytes(), &mut bytes)?;
///     sealed.push((name, bytes));
/// }
/// let tag = batch.tag(sealed.iter().map(|(name, bytes)| (*name, &bytes[..])))?;
/// record_key.verify_tag(sealed.iter().map(|(name, bytes)| (*name, &bytes[..])), &tag)?;
/// # Ok(())
/// # }
/// ```
pub struct Batch<'k> {
    key: &'k RecordKey,
    streams: Streams,
}

impl RecordKey {
    /// Makes ready to seal parts of these lengths, in this order, and to tag their list.
    ///
    /// # Errors
    ///
    /// [`SealError::KeyUsedUp`] where so many values, and the tag, would be more than 2^28 under this key.
    pub fn batch(
        &self,
        lengths: impl IntoIterator<Item = usize>,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Batch<'_>, SealError> {
        let lengths = lengths.into_iter().map(|length| self.padding.length_of(length));
        // The tag seals nothing.
        let longest: Vec<_> = lengths.chain([0]).collect();
        let mut nonces = vec![[0; NONCE_LENGTH]; longest.len()];
        self.nonces.draw_all(&mut nonces, rng)?;
        Ok(Batch { key: self, streams: self.cipher.streams(nonces, longest) })
    }
}

impl Batch<'_> {
    /// Seals the next part as [`RecordKey::seal_onto`] does.
    ///
    /// # Errors
    ///
    /// As there, and [`SealError::ValueTooLong`] where the part is longer than was said before, or one more than there were to be.
    pub fn seal_onto(&mut self, part: Part<'_>, plain: &[u8], sealed: &mut Vec<u8>) -> Result<(), SealError> {
        let stream = self.streams.next().ok_or(SealError::ValueTooLong)?;
        let nonce = stream.nonce;
        self.key.append(&nonce, part, plain, sealed, |place, buffer, tag| {
            self.key.cipher.seal_by(stream, place, buffer, tag)
        })
    }

    /// The tag over the list of all parts, as of [`RecordKey::tag`].
    ///
    /// # Errors
    ///
    /// As there, and [`SealError::ValueTooLong`] where more parts were sealed than there were to be.
    pub fn tag<'a>(
        mut self,
        parts: impl IntoIterator<Item = (&'a str, &'a [u8]), IntoIter: Clone>,
    ) -> Result<[u8; RECORD_TAG_LENGTH], SealError> {
        let list = self.key.list(parts)?;
        let stream = self.streams.next().ok_or(SealError::ValueTooLong)?;
        let nonce = stream.nonce;
        let mut tag = [0; TAG_LENGTH];
        self.key.cipher.seal_by(stream, &list, &mut [], &mut tag)?;
        Ok(RecordKey::joined_tag(&nonce, &tag))
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, streams: _ } = self;
        write!(f, "Batch({})", key.label())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;
    use crate::{Padding, RandomSource, RecordIdentity, SubjectKey};

    fn key(padding: Padding) -> RecordKey {
        let mut random = RandomSource::from_seed(&[7; 32]);
        let identity = RecordIdentity { tenant: "north", subject: "5f1c", kind: "Condition", id: "a7", version: 3 };
        let key = SubjectKey::generate(&mut random).new_record_key(&identity, &mut random);
        key.expect("a short identity").padded(padding)
    }

    fn padding() -> impl Strategy<Value = Padding> {
        let blocks = (1_u32..40).prop_map(|block| Padding::Blocks(NonZeroU32::new(block).expect("not zero")));
        prop_oneof![Just(Padding::Off), Just(Padding::Proportional), blocks]
    }

    proptest! {
        /// From one random source, in batches and one by one, come the same bytes.
        #[test]
        fn a_batch_is_what_it_would_be_one_by_one(
            lengths in prop::collection::vec(prop_oneof![0_usize..300, 990_usize..1100], 0..9),
            padding in padding(),
        ) {
            let key = key(padding);
            let names: Vec<_> = (0..lengths.len()).map(|number| format!("part {number}")).collect();
            let plains: Vec<Vec<u8>> = lengths.iter().map(|length| (0..*length).map(|at| at as u8).collect()).collect();
            let values = || names.iter().zip(&plains).map(|(name, plain)| (Part { name, value_type: "bytes" }, plain));
            let mut random = RandomSource::from_seed(&[8; 32]);
            let one_by_one: Vec<_> =
                values().map(|(part, plain)| (part.name, key.seal(part, plain, &mut random).expect("sealed"))).collect();
            let tag = key.tag(one_by_one.iter().map(|(name, sealed)| (*name, &sealed[..])), &mut random);

            let mut batch = key.batch(lengths, &mut RandomSource::from_seed(&[8; 32])).expect("ready");
            for ((part, plain), (_, expected)) in values().zip(&one_by_one) {
                let mut sealed = b"before".to_vec();
                batch.seal_onto(part, plain, &mut sealed).expect("sealed");
                prop_assert_eq!(&sealed[6..], expected);
            }
            prop_assert_eq!(batch.tag(one_by_one.iter().map(|(name, sealed)| (*name, &sealed[..]))), tag);
        }
    }

    #[test]
    fn what_was_not_made_ready_is_refused() {
        const PART: Part<'_> = Part { name: "Clinical", value_type: "text" };
        let key = key(Padding::Off);
        let mut random = RandomSource::from_seed(&[8; 32]);
        for long in [3, 1009] {
            let mut batch = key.batch([long], &mut random).expect("ready");
            let mut sealed = b"before".to_vec();
            assert_eq!(batch.seal_onto(PART, &vec![7; long + 1], &mut sealed), Err(SealError::ValueTooLong));
            assert_eq!(sealed, b"before");
        }
        let mut batch = key.batch([3], &mut random).expect("ready");
        let mut sealed = Vec::new();
        batch.seal_onto(PART, b"abc", &mut sealed).expect("sealed");
        assert_eq!(key.open(PART, &sealed).expect("opened").expose(), b"abc");
        // The last of what was made ready serves one value more, or the tag; not both.
        batch.seal_onto(PART, b"", &mut Vec::new()).expect("sealed");
        assert_eq!(batch.seal_onto(PART, b"", &mut Vec::new()), Err(SealError::ValueTooLong));
        assert_eq!(batch.tag([(PART.name, &sealed[..])]), Err(SealError::ValueTooLong));
    }

    #[test]
    fn no_two_values_have_one_nonce() {
        let key = key(Padding::Off);
        let mut random = RandomSource::from_seed(&[8; 32]);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..50 {
            let mut batch = key.batch([5; 20], &mut random).expect("ready");
            for _ in 0..20 {
                let mut sealed = Vec::new();
                batch.seal_onto(Part { name: "a", value_type: "text" }, b"value", &mut sealed).expect("sealed");
                assert!(seen.insert(sealed[22..34].to_vec()));
            }
            let tag = batch.tag([]).expect("tagged");
            assert!(seen.insert(tag[..12].to_vec()));
        }
    }
}
