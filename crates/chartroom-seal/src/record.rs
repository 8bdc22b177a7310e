//! The key of one record version, and what it seals.

use std::fmt;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::derive::{Deriver, one_step};
use crate::envelope::{self, Envelope, HEADER_LENGTH, Suite};
use crate::hazmat::{Aes256Gcm, NONCE_LENGTH, TAG_LENGTH};
use crate::nonces::Nonces;
use crate::padding;
use crate::place::{self, Beginning};
use crate::secret::Secret;
use crate::{Exposed, KeyLabel, OpenError, Padding, Part, RecordIdentity, SealError, Sealable, Sealed};

/// Length of the tag over a record's list of parts, in bytes.
pub const RECORD_TAG_LENGTH: usize = NONCE_LENGTH + TAG_LENGTH;

/// Room for the list of as many parts as most records have.
const LIST_LENGTH: usize = 512;

const RECORD: &[u8] = b"chartroom record key";
const STREAM: &[u8] = b"chartroom stream key";
/// What the secret of a record stands for.
const SEALING: &[u8] = b"sealing key";
const COMMITMENT: &[u8] = b"commitment";
const STREAMS: &[u8] = b"stream secret";

/// What is needed, beside the subject key, to make a record key again. It stands in clear beside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derivation {
    /// Random, new for each record version.
    pub salt: [u8; 32],
    /// Tells the right key from any other before anything is opened with it.
    pub commitment: [u8; 32],
}

impl Derivation {
    /// Length of the encoded derivation in bytes.
    pub const LENGTH: usize = 64;

    /// The salt, then the commitment.
    pub fn to_bytes(&self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        let (salt, commitment) = bytes.split_at_mut(self.salt.len());
        salt.copy_from_slice(&self.salt);
        commitment.copy_from_slice(&self.commitment);
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] unless there are 64 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpenError> {
        let (salt, rest) = bytes.split_first_chunk().ok_or(OpenError::Malformed)?;
        let commitment = rest.try_into().map_err(|_| OpenError::Malformed)?;
        Ok(Self { salt: *salt, commitment })
    }
}

/// The key of one version of one record. It seals the record's parts, opens them, and tags their list.
///
/// From [`new_record_key`](crate::SubjectKey::new_record_key) for a new record version, or from
/// [`record_key`](crate::SubjectKey::record_key), which checks the commitment first.
pub struct RecordKey {
    label: KeyLabel,
    derivation: Derivation,
    pub(crate) cipher: Aes256Gcm,
    /// What the cipher's key and the commitment are derived from, and the secret of streams where there are any.
    secret: Secret,
    pub(crate) padding: Padding,
    /// What the place of everything it seals begins with.
    beginning: Beginning,
    pub(crate) nonces: Nonces,
}

impl RecordKey {
    pub(crate) fn derive(
        label: KeyLabel,
        subject: &Deriver,
        identity: &RecordIdentity<'_>,
        salt: [u8; 32],
    ) -> Result<Self, SealError> {
        let secret = subject.derive(RECORD, &place::of_record(&salt, identity)?);
        let (mut sealing, mut commitment) = (Zeroizing::new([0; 32]), [0; 32]);
        one_step(&secret, SEALING, &mut sealing);
        one_step(&secret, COMMITMENT, &mut commitment);
        let padding = Padding::Off;
        let beginning = Beginning::new(padding.suite(), label, &commitment);
        let cipher = Aes256Gcm::new(&sealing).expecting(beginning.blocks());
        let (derivation, nonces) = (Derivation { salt, commitment }, Nonces::none_used());
        Ok(Self { label, derivation, cipher, secret, padding, beginning, nonces })
    }

    pub(crate) fn check_commitment(&self, stored: &Derivation) -> Result<(), OpenError> {
        let same = self.derivation.commitment.ct_eq(&stored.commitment);
        if same.into() { Ok(()) } else { Err(OpenError::Unauthentic) }
    }

    /// Name and version of the subject key that this key comes from.
    pub const fn label(&self) -> KeyLabel {
        self.label
    }

    /// What must be stored beside the record to open it again.
    pub const fn derivation(&self) -> Derivation {
        self.derivation
    }

    /// The same key, which from now on hides the length of what it seals. What it opens, it opens either way.
    #[must_use]
    pub fn padded(mut self, padding: Padding) -> Self {
        if padding.suite() != self.padding.suite() {
            self.beginning = self.beginning(padding.suite());
            self.cipher = self.cipher.expecting(self.beginning.blocks());
        }
        self.padding = padding;
        self
    }

    /// Seals the bytes of one part, with a random nonce.
    ///
    /// # Errors
    ///
    /// [`SealError::PlaceTooLong`] or [`SealError::ValueTooLong`]; [`SealError::KeyUsedUp`] after 2^28 values.
    pub fn seal(
        &self,
        part: Part<'_>,
        plain: &[u8],
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Vec<u8>, SealError> {
        let mut sealed = Vec::with_capacity(self.sealed_length(plain.len()));
        self.seal_onto(part, plain, rng, &mut sealed)?;
        Ok(sealed)
    }

    /// How many bytes a value of this length is once it is sealed.
    pub fn sealed_length(&self, plain: usize) -> usize {
        self.padding.length_of(plain).saturating_add(HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH)
    }

    /// Seals the bytes of one part as [`seal`](Self::seal) does, and appends what it makes of them to others.
    ///
    /// # Errors
    ///
    /// As [`seal`](Self::seal); then there are no more bytes than before.
    pub fn seal_onto(
        &self,
        part: Part<'_>,
        plain: &[u8],
        rng: &mut (impl CryptoRng + ?Sized),
        sealed: &mut Vec<u8>,
    ) -> Result<(), SealError> {
        let mut nonce = [0; NONCE_LENGTH];
        self.nonces.draw(&mut nonce, rng)?;
        self.append(&nonce, part, plain, sealed, |place, buffer, tag| {
            self.cipher.seal_with_tag(&nonce, place, buffer, tag)
        })
    }

    /// Appends the bytes of a sealed value, whatever seals it.
    #[inline]
    pub(crate) fn append(
        &self,
        nonce: &[u8; NONCE_LENGTH],
        part: Part<'_>,
        plain: &[u8],
        sealed: &mut Vec<u8>,
        seal: impl FnOnce(&[u8], &mut [u8], &mut [u8; TAG_LENGTH]) -> Result<(), SealError>,
    ) -> Result<(), SealError> {
        let start = sealed.len();
        sealed.reserve(self.sealed_length(plain.len()));
        sealed.extend_from_slice(self.beginning.header());
        sealed.extend_from_slice(nonce);
        let (ciphertext_at, length) = (sealed.len(), self.padding.length_of(plain.len()));
        sealed.extend_from_slice(plain);
        self.padding.append_to(sealed, length - plain.len());
        sealed.extend_from_slice(&[0; TAG_LENGTH]);
        let (_, behind) = sealed.split_at_mut(ciphertext_at);
        let (ciphertext, tag) = behind.split_last_chunk_mut().ok_or(SealError::ValueTooLong)?;
        let outcome = self.beginning.of_part(part, |place| seal(place, ciphertext, tag)).flatten();
        if outcome.is_err() {
            ciphertext.zeroize();
            sealed.truncate(start);
        }
        outcome
    }

    /// Opens what [`seal`](Self::seal) made of the same part.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unauthentic`] unless record, part, value type and every byte are those that were sealed;
    /// [`OpenError::UnknownKey`], [`OpenError::UnknownVersion`], [`OpenError::UnknownSuite`] or [`OpenError::Malformed`] by
    /// what the header says of itself.
    pub fn open(&self, part: Part<'_>, sealed: &[u8]) -> Result<Exposed<Vec<u8>>, OpenError> {
        let Envelope { suite, key, nonce, ciphertext, tag } = Envelope::parse(sealed)?;
        if key != self.label {
            return Err(OpenError::UnknownKey(key));
        }
        let mut plain = Exposed::bytes(ciphertext.to_vec());
        let beginning = self.beginning(suite);
        let opened = beginning.of_part(part, |place| self.cipher.open_in_place(nonce, place, &mut plain.value, tag));
        // Nothing was ever sealed at a place that cannot be written down.
        opened.map_err(|_| OpenError::Unauthentic)??;
        if suite == Suite::Padded {
            padding::strip(&mut plain.value)?;
        }
        Ok(plain)
    }

    /// Seals a typed value as the part of this name.
    ///
    /// # Errors
    ///
    /// As [`seal`](Self::seal).
    pub fn seal_value<T: Sealable>(
        &self,
        name: &str,
        value: &T,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Sealed<T>, SealError> {
        let part = Part { name, value_type: T::VALUE_TYPE };
        self.seal(part, &value.to_plain(), rng).map(|bytes| Sealed::sealed_under(self.label, bytes))
    }

    /// Opens what [`seal_value`](Self::seal_value) made of the part of this name.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`OpenError::NotOfItsType`] where `T` refuses the bytes it was given.
    pub fn open_value<T: Sealable>(&self, name: &str, sealed: &Sealed<T>) -> Result<Exposed<T>, OpenError> {
        let plain = self.open(Part { name, value_type: T::VALUE_TYPE }, sealed.as_bytes())?;
        T::from_plain(plain.expose()).map(Exposed::new).ok_or(OpenError::NotOfItsType)
    }

    /// The tag over the list of the record's sealed parts, in whatever order they are given.
    ///
    /// It fixes which parts there are and which sealing of each, so that none can be taken out, added or replaced. It reads only
    /// the nonce and tag of each part: a part changed elsewhere does not open.
    ///
    /// # Errors
    ///
    /// [`SealError::DuplicatePart`], [`SealError::NotSealed`], [`SealError::PlaceTooLong`] or [`SealError::KeyUsedUp`].
    pub fn tag<'a>(
        &self,
        parts: impl IntoIterator<Item = (&'a str, &'a [u8]), IntoIter: Clone>,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<[u8; RECORD_TAG_LENGTH], SealError> {
        let list = self.list(parts)?;
        let mut nonce = [0; NONCE_LENGTH];
        self.nonces.draw(&mut nonce, rng)?;
        Ok(Self::joined_tag(&nonce, &self.cipher.seal_in_place(&nonce, &list, &mut [])?))
    }

    pub(crate) fn joined_tag(nonce: &[u8; NONCE_LENGTH], code: &[u8; TAG_LENGTH]) -> [u8; RECORD_TAG_LENGTH] {
        let mut tag = [0; RECORD_TAG_LENGTH];
        let (nonce_at, code_at) = tag.split_at_mut(NONCE_LENGTH);
        nonce_at.copy_from_slice(nonce);
        code_at.copy_from_slice(code);
        tag
    }

    /// Compares the tag over these parts with the stored one, in constant time.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unauthentic`] unless these are the parts, all of them, that were tagged.
    pub fn verify_tag<'a>(
        &self,
        parts: impl IntoIterator<Item = (&'a str, &'a [u8]), IntoIter: Clone>,
        tag: &[u8],
    ) -> Result<(), OpenError> {
        let (nonce, code) = tag.split_first_chunk().ok_or(OpenError::Unauthentic)?;
        let code = code.try_into().map_err(|_| OpenError::Unauthentic)?;
        // A list that could not be tagged never was.
        let list = self.list(parts).map_err(|_| OpenError::Unauthentic)?;
        self.cipher.open_in_place(nonce, &list, &mut [], code)
    }

    /// The key of a stream with this header, as a part of the record.
    pub(crate) fn stream_key(&self, header: &[u8], part: Part<'_>) -> Result<Secret, SealError> {
        let streams = Secret::filled_by(|streams| one_step(&self.secret, STREAMS, streams));
        let place = place::of_stream(header, &self.derivation.commitment, part)?;
        Ok(Deriver::new(&streams).derive(STREAM, &place))
    }

    /// What the place of everything that is sealed by this suite begins with.
    fn beginning(&self, suite: Suite) -> Beginning {
        if suite == self.padding.suite() {
            self.beginning
        } else {
            Beginning::new(suite, self.label, &self.derivation.commitment)
        }
    }

    pub(crate) fn list<'a>(
        &self,
        parts: impl IntoIterator<Item = (&'a str, &'a [u8]), IntoIter: Clone>,
    ) -> Result<Vec<u8>, SealError> {
        let parts = parts.into_iter();
        // They mostly come in this order.
        if parts.clone().is_sorted_by(|(one, _), (next, _)| one < next) {
            return self.list_in_order(parts);
        }
        let mut parts: Vec<_> = parts.collect();
        parts.sort_unstable_by_key(|(name, _)| *name);
        if parts.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other)) {
            return Err(SealError::DuplicatePart);
        }
        self.list_in_order(parts)
    }

    fn list_in_order<'a>(&self, parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Vec<u8>, SealError> {
        let mut list = Vec::with_capacity(LIST_LENGTH);
        list.extend_from_slice(&envelope::header(Suite::List, self.label));
        list.extend_from_slice(&self.derivation.commitment);
        for (name, sealed) in parts {
            let Envelope { nonce, tag, .. } = Envelope::parse(sealed).map_err(|_| SealError::NotSealed)?;
            place::append(&mut list, name)?;
            list.extend_from_slice(nonce);
            list.extend_from_slice(tag);
        }
        Ok(list)
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, derivation: _, cipher: _, secret: _, padding: _, beginning: _, nonces: _ } = self;
        write!(f, "RecordKey({label})")
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;
    use crate::{RandomSource, SubjectKey};

    const IDENTITY: RecordIdentity<'_> =
        RecordIdentity { tenant: "north", subject: "5f1c", kind: "Condition", id: "a7", version: 3 };
    const PART: Part<'_> = Part { name: "Clinical", value_type: "json" };

    fn random() -> RandomSource {
        RandomSource::from_seed(&[7; 32])
    }

    /// A subject key, a record key of it, and the random source behind both.
    fn keys() -> (SubjectKey, RecordKey, RandomSource) {
        let mut random = random();
        let subject = SubjectKey::generate(&mut random);
        let record = subject.new_record_key(&IDENTITY, &mut random).expect("a short identity");
        (subject, record, random)
    }

    /// The record key that someone gets who skips the commitment.
    fn uncommitted(subject: &SubjectKey, identity: &RecordIdentity<'_>, salt: [u8; 32]) -> RecordKey {
        RecordKey::derive(subject.label, &subject.deriver, identity, salt).expect("a short identity")
    }

    fn refusal(key: &RecordKey, part: Part<'_>, sealed: &[u8]) -> OpenError {
        key.open(part, sealed).expect_err("refused")
    }

    /// Every identity that differs from [`IDENTITY`] in one component.
    fn other_identities() -> [RecordIdentity<'static>; 6] {
        [
            RecordIdentity { tenant: "south", ..IDENTITY },
            RecordIdentity { subject: "5f1d", ..IDENTITY },
            RecordIdentity { kind: "Observation", ..IDENTITY },
            RecordIdentity { id: "a8", ..IDENTITY },
            RecordIdentity { version: 2, ..IDENTITY },
            RecordIdentity { version: 4, ..IDENTITY },
        ]
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(plain: Vec<u8>, name: String, value_type: String) {
            let (subject, key, mut random) = keys();
            let part = Part { name: &name, value_type: &value_type };
            let sealed = key.seal(part, &plain, &mut random).expect("sealed");
            prop_assert_eq!(sealed.len(), plain.len() + 50);
            let again = subject.record_key(&IDENTITY, &key.derivation()).expect("the same key");
            let opened = again.open(part, &sealed).expect("opened");
            prop_assert_eq!(opened.expose(), &plain);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let (_, key, _) = keys();
            prop_assert!(key.open(PART, &bytes).is_err());
        }
    }

    #[test]
    fn every_bit_counts() {
        let (_, key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        for (place, bit) in (0..sealed.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut edited = sealed.clone();
            edited[place] ^= 1 << bit;
            let refused = refusal(&key, PART, &edited);
            match place {
                0 => assert_eq!(refused, OpenError::UnknownVersion(edited[0])),
                // Suite 1 with one bit changed is no suite, or that of a stream or of something deterministic.
                1 => assert_eq!(refused, OpenError::UnknownSuite(edited[1])),
                2..22 => assert!(matches!(refused, OpenError::UnknownKey(label) if label != key.label())),
                _ => assert_eq!(refused, OpenError::Unauthentic),
            }
        }
    }

    #[test]
    fn cutting_and_lengthening_are_refused() {
        let (_, key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        for length in 0..50 {
            assert_eq!(refusal(&key, PART, &sealed[..length]), OpenError::Malformed);
        }
        for length in 50..sealed.len() {
            assert_eq!(refusal(&key, PART, &sealed[..length]), OpenError::Unauthentic);
        }
        assert_eq!(refusal(&key, PART, &[&sealed[..], &[0]].concat()), OpenError::Unauthentic);
        assert_eq!(refusal(&key, PART, &[&sealed[..], &sealed[..]].concat()), OpenError::Unauthentic);
    }

    #[test]
    fn a_value_opens_only_in_its_part() {
        let (_, key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        for part in [
            Part { name: "Narrative", ..PART },
            Part { value_type: "text", ..PART },
            Part { name: "Clinica", value_type: "ljson" },
            Part { name: "", value_type: "Clinicaljson" },
        ] {
            assert_eq!(refusal(&key, part, &sealed), OpenError::Unauthentic);
        }
    }

    #[test]
    fn a_value_opens_only_in_its_record() {
        let (subject, key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        for identity in other_identities() {
            let refused = subject.record_key(&identity, &key.derivation()).map(|key| key.label());
            assert_eq!(refused, Err(OpenError::Unauthentic));
            let other = uncommitted(&subject, &identity, key.derivation().salt);
            assert_eq!(refusal(&other, PART, &sealed), OpenError::Unauthentic);
        }
    }

    #[test]
    fn associated_data_alone_binds_header_and_record() {
        let (_, mut key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        let edit = |key: &mut RecordKey, edit: fn(&mut RecordKey)| {
            edit(key);
            key.beginning = Beginning::new(Suite::Value, key.label, &key.derivation.commitment);
        };
        edit(&mut key, |key| key.label.version ^= 1);
        let mut relabelled = sealed.clone();
        relabelled[21] ^= 1;
        assert_eq!(refusal(&key, PART, &relabelled), OpenError::Unauthentic);
        edit(&mut key, |key| key.label.version ^= 1);
        assert!(key.open(PART, &sealed).is_ok());
        edit(&mut key, |key| key.derivation.commitment[0] ^= 1);
        assert_eq!(refusal(&key, PART, &sealed), OpenError::Unauthentic);
    }

    #[test]
    fn every_bit_of_the_derivation_counts() {
        let (subject, key, mut random) = keys();
        let bytes = key.derivation().to_bytes();
        assert_eq!(Derivation::from_bytes(&bytes), Ok(key.derivation()));
        for place in 0..bytes.len() {
            let mut edited = bytes;
            edited[place] ^= 1;
            let edited = Derivation::from_bytes(&edited).expect("of its length");
            let refused = subject.record_key(&IDENTITY, &edited).map(|key| key.label());
            assert_eq!(refused, Err(OpenError::Unauthentic));
        }
        assert_eq!(Derivation::from_bytes(&bytes[..63]), Err(OpenError::Malformed));
        assert_eq!(Derivation::from_bytes(&[&bytes[..], &[0]].concat()), Err(OpenError::Malformed));
        let other = SubjectKey::generate(&mut random);
        assert!(other.record_key(&IDENTITY, &key.derivation()).is_err());
    }

    #[test]
    fn a_place_too_long_is_refused_in_both_directions() {
        let (subject, key, mut random) = keys();
        let long = "a".repeat(65_536);
        let identity = RecordIdentity { id: &long, ..IDENTITY };
        let part = Part { name: &long, ..PART };
        assert_eq!(subject.new_record_key(&identity, &mut random).err(), Some(SealError::PlaceTooLong));
        assert_eq!(subject.record_key(&identity, &key.derivation()).err(), Some(OpenError::Unauthentic));
        assert_eq!(key.seal(part, b"", &mut random), Err(SealError::PlaceTooLong));
        let sealed = key.seal(PART, b"", &mut random).expect("sealed");
        assert_eq!(refusal(&key, part, &sealed), OpenError::Unauthentic);
    }

    #[test]
    fn padding_hides_the_length_and_cannot_be_taken_for_a_value() {
        let (subject, key, mut random) = keys();
        let padded = key.padded(Padding::Blocks(NonZeroU32::new(16).expect("not zero")));
        let [positive, negative] =
            [b"positive", b"negative"].map(|plain| padded.seal(PART, plain, &mut random).expect("sealed"));
        let short = padded.seal(PART, b"", &mut random).expect("sealed");
        assert_eq!((positive.len(), negative.len(), short.len()), (66, 66, 66));
        let key = subject.record_key(&IDENTITY, &padded.derivation()).expect("the same key");
        assert_eq!(key.open(PART, &positive).expect("opened").expose(), b"positive");
        assert_eq!(key.open(PART, &short).expect("opened").expose(), b"");
        for suite in [1, 3, 4] {
            let mut unpadded = positive.clone();
            unpadded[1] = suite;
            assert!(key.open(PART, &unpadded).is_err());
        }
    }

    #[test]
    fn the_tag_is_over_the_parts_in_any_order() {
        let (_, key, mut random) = keys();
        let [one, two, three] = [b"1", b"2", b"3"].map(|plain| key.seal(PART, plain, &mut random).expect("sealed"));
        let tag = key.tag([("A", &one[..]), ("B", &two), ("C", &three)], &mut random).expect("tagged");
        assert_eq!(key.verify_tag([("C", &three[..]), ("A", &one), ("B", &two)], &tag), Ok(()));

        let refused = Err(OpenError::Unauthentic);
        assert_eq!(key.verify_tag([("A", &one[..]), ("B", &two)], &tag), refused, "deleted");
        assert_eq!(key.verify_tag([("A", &two[..]), ("B", &one), ("C", &three)], &tag), refused, "swapped");
        assert_eq!(key.verify_tag([("A", &one[..]), ("B", &two), ("D", &three)], &tag), refused, "renamed");
        assert_eq!(key.verify_tag([("A", &one[..]), ("B", &two), ("C", &two)], &tag), refused, "replaced");
        let added = [("A", &one[..]), ("B", &two), ("C", &three), ("D", &one)];
        assert_eq!(key.verify_tag(added, &tag), refused, "added");
        assert_eq!(key.verify_tag([("A", &one[..]), ("B", &two), ("C", &three)], &tag[..27]), refused, "cut");
        assert_eq!(key.verify_tag([("A", &one[..]), ("B", &two), ("C", &three)], &[]), refused, "cut away");
        assert_eq!(key.verify_tag([], &tag), refused, "emptied");
    }

    #[test]
    fn the_tag_belongs_to_its_record() {
        let (subject, key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        let parts = [("A", &sealed[..])];
        let tag = key.tag(parts, &mut random).expect("tagged");
        for identity in other_identities() {
            let other = uncommitted(&subject, &identity, key.derivation().salt);
            assert_eq!(other.verify_tag(parts, &tag), Err(OpenError::Unauthentic));
        }
        let resalted = subject.new_record_key(&IDENTITY, &mut random).expect("a short identity");
        assert_eq!(resalted.verify_tag(parts, &tag), Err(OpenError::Unauthentic));
    }

    #[test]
    fn lists_that_mean_nothing_are_refused() {
        let (_, key, mut random) = keys();
        let sealed = key.seal(PART, b"asthma", &mut random).expect("sealed");
        assert_eq!(key.tag([("A", &sealed[..]), ("A", &sealed)], &mut random), Err(SealError::DuplicatePart));
        assert_eq!(key.tag([("A", &sealed[..49])], &mut random), Err(SealError::NotSealed));
        assert_eq!(key.verify_tag([("A", &b"clear"[..])], &[0; 32]), Err(OpenError::Unauthentic));
    }

    #[test]
    fn a_record_key_prints_only_its_label() {
        let (_, key, _) = keys();
        assert_eq!(format!("{key:?}"), format!("RecordKey({})", key.label()));
    }
}
