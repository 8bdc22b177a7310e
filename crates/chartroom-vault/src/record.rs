//! A sealed record and its bytes.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use chartroom_record::{Class, ClassSet};
use chartroom_seal::{Batch, Derivation, KeyLabel, Part, RECORD_TAG_LENGTH, RecordIdentity, RecordKey, SealError};
use rand_core::CryptoRng;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::{VaultError, facts};

/// The first byte of the format that this version writes.
const FORMAT: u8 = 1;

/// A record's id in the vault: random, and so it says nothing about the record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(Uuid);

impl RecordId {
    pub(crate) fn random(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// The sixteen bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl FromStr for RecordId {
    type Err = VaultError;

    /// Reads an id as it is displayed, and as the trail has it.
    fn from_str(text: &str) -> Result<Self, VaultError> {
        let id = Uuid::try_parse(text).ok().filter(|id| id.to_string() == text);
        id.map(Self).ok_or(VaultError::Malformed { at: 0 })
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordId({self})")
    }
}

/// One version of a record, sealed part by part: one part for each class of information, and one for what the policy must know.
///
/// Its bytes are laid down in `FORMAT.md` of this crate.
#[derive(Clone)]
pub struct SealedRecord {
    pub(crate) id: RecordId,
    pub(crate) version: u64,
    pub(crate) patient: RecordId,
    pub(crate) resource_type: Box<str>,
    pub(crate) derivation: Derivation,
    parts: Vec<PartAt>,
    /// All of it, as it is stored.
    bytes: Vec<u8>,
}

/// Where a part stands in the bytes of its record.
#[derive(Clone)]
struct PartAt {
    /// Unless it is the part of something else, or of a class that a later version knows.
    class: Option<Class>,
    name: Range<usize>,
    sealed: Range<usize>,
}

impl SealedRecord {
    /// The record's id.
    pub const fn id(&self) -> RecordId {
        self.id
    }

    /// The version, from 1.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The token of the patient whose key seals it.
    pub const fn patient(&self) -> RecordId {
        self.patient
    }

    /// The resource type, such as `Condition`.
    pub fn resource_type(&self) -> &str {
        &self.resource_type
    }

    /// Name and version of the patient's key that it is sealed under.
    ///
    /// # Errors
    /// The part that says so is missing or is no sealed value.
    pub fn key(&self) -> Result<KeyLabel, VaultError> {
        let sealed = self.part(facts::PART.name).ok_or(VaultError::NotARecord)?;
        Ok(KeyLabel::of_sealed(sealed)?)
    }

    /// The classes of information that it has parts of.
    pub fn classes(&self) -> ClassSet {
        self.parts.iter().filter_map(|part| part.class).collect()
    }

    pub(crate) fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts().find(|(known, _)| *known == name).map(|(_, sealed)| sealed)
    }

    /// The parts, each with its name, in the order of their names.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&str, &[u8])> + Clone {
        self.parts.iter().map(|part| (self.name(part), self.sealed(part)))
    }

    /// The parts, each with its class where it has one.
    pub(crate) fn classed(&self) -> impl Iterator<Item = (Option<Class>, &[u8])> {
        self.parts.iter().map(|part| (part.class, self.sealed(part)))
    }

    fn name(&self, part: &PartAt) -> &str {
        let other = || std::str::from_utf8(self.bytes.get(part.name.clone())?).ok();
        part.class.map(Class::name).or_else(other).unwrap_or_default()
    }

    fn sealed(&self, part: &PartAt) -> &[u8] {
        self.bytes.get(part.sealed.clone()).unwrap_or_default()
    }

    /// Refuses unless the parts are those that were sealed, all of them, under this key.
    pub(crate) fn verify(&self, key: &RecordKey) -> Result<(), VaultError> {
        let tag = self.bytes.last_chunk::<RECORD_TAG_LENGTH>().ok_or(VaultError::NotARecord)?;
        Ok(key.verify_tag(self.parts(), tag)?)
    }

    /// The record as bytes, for a store.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// Reads the bytes of a record. Whether they are genuine shows when it is opened.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] with the place, for anything but just the bytes of one record of a known format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let mut reader = Bytes { bytes, at: 0 };
        if reader.byte()? != FORMAT {
            return Err(VaultError::Malformed { at: 0 });
        }
        let id = RecordId::from_bytes(reader.array()?);
        let version = u64::from_be_bytes(reader.array()?);
        let patient = RecordId::from_bytes(reader.array()?);
        let resource_type = reader.short()?;
        let derivation = Derivation { salt: reader.array()?, commitment: reader.array()? };
        let count = reader.byte()?;
        let mut parts = Vec::with_capacity(count.into());
        let mut last = "";
        for _ in 0..count {
            let at = reader.at;
            let name = reader.short()?;
            if last >= name {
                return Err(VaultError::Malformed { at });
            }
            last = name;
            let class = name.parse().ok();
            let name = at + 1..reader.at;
            let length = usize::try_from(u32::from_be_bytes(reader.array()?)).unwrap_or(usize::MAX);
            let start = reader.at;
            reader.take(length)?;
            parts.push(PartAt { class, name, sealed: start..reader.at });
        }
        reader.take(RECORD_TAG_LENGTH)?;
        reader.end()?;
        let resource_type = resource_type.into();
        Ok(Self { id, version, patient, resource_type, derivation, parts, bytes: bytes.to_vec() })
    }
}

/// A record in the making: the bytes are written once, each part sealed where it will stand.
pub(crate) struct Sealing<'a> {
    record: SealedRecord,
    key: &'a RecordKey,
    batch: Batch<'a>,
}

impl<'a> Sealing<'a> {
    /// A record with parts of these lengths, of which none is there yet.
    pub(crate) fn new(
        (id, version, patient): (RecordId, u64, RecordId),
        resource_type: &str,
        key: &'a RecordKey,
        lengths: impl Iterator<Item = usize> + Clone,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, VaultError> {
        let (parts, length) = (lengths.clone().count(), lengths.clone().sum::<usize>());
        let batch = key.batch(lengths, rng)?;
        let derivation = key.derivation();
        let mut bytes = Vec::with_capacity(256 + parts * (32 + key.sealed_length(0)) + length);
        bytes.push(FORMAT);
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(patient.as_bytes());
        short(&mut bytes, resource_type)?;
        bytes.extend_from_slice(&derivation.to_bytes());
        bytes.push(u8::try_from(parts).map_err(|_| SealError::ValueTooLong)?);
        let parts = Vec::with_capacity(parts);
        let resource_type = resource_type.into();
        let record = SealedRecord { id, version, patient, resource_type, derivation, parts, bytes };
        Ok(Self { record, key, batch })
    }

    /// Seals the part of a class, or of what has none. The parts come in the order of their names.
    pub(crate) fn add(&mut self, class: Option<Class>, part: Part<'_>, plain: &[u8]) -> Result<(), VaultError> {
        let SealedRecord { parts, bytes, .. } = &mut self.record;
        let name = bytes.len() + 1;
        short(bytes, part.name)?;
        let name = name..bytes.len();
        let length = u32::try_from(self.key.sealed_length(plain.len())).map_err(|_| SealError::ValueTooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        let start = bytes.len();
        self.batch.seal_onto(part, plain, bytes)?;
        parts.push(PartAt { class, name, sealed: start..bytes.len() });
        Ok(())
    }

    /// The record, once all parts are there.
    pub(crate) fn finish(self) -> Result<SealedRecord, VaultError> {
        let Self { mut record, key: _, batch } = self;
        let tag = batch.tag(record.parts())?;
        record.bytes.extend_from_slice(&tag);
        Ok(record)
    }
}

/// Where the part of a class stands among the others: in the order of their names.
pub(crate) const fn rank(class: Class) -> u8 {
    match class {
        Class::Address => 0,
        Class::Administrative => 1,
        Class::Attachment => 2,
        Class::Biometric => 3,
        Class::BirthDate => 4,
        Class::Clinical => 5,
        Class::Contact => 6,
        Class::Demographic => 7,
        Class::DeviceId => 8,
        Class::Financial => 9,
        Class::GovernmentId => 10,
        Class::Identifier => 11,
        Class::InsuranceId => 12,
        Class::Name => 13,
        Class::Narrative => 14,
        Class::Participant => 15,
        Class::Relation => 16,
        Class::ServiceDate => 17,
        Class::Technical => 18,
        Class::Unclassified => 19,
    }
}

/// Two records are the same if their bytes are.
impl PartialEq for SealedRecord {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for SealedRecord {}

impl fmt::Debug for SealedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, version, patient: _, resource_type, derivation: _, parts, bytes: _ } = self;
        let mut out = f.debug_struct("SealedRecord");
        out.field("id", id).field("version", version).field("resource_type", resource_type);
        out.field("parts", &parts.len()).finish_non_exhaustive()
    }
}

/// What a record key is bound to, besides the parts: see [`RecordIdentity`].
pub(crate) struct Identity {
    subject: IdText,
    id: IdText,
}

impl Identity {
    pub(crate) fn new(patient: RecordId, id: RecordId) -> Self {
        Self { subject: IdText::of(patient), id: IdText::of(id) }
    }

    pub(crate) fn of<'a>(&'a self, tenant: &'a str, kind: &'a str, version: u64) -> RecordIdentity<'a> {
        RecordIdentity { tenant, subject: self.subject.as_str(), kind, id: self.id.as_str(), version }
    }
}

/// An id as it is displayed, without an allocation.
pub(crate) struct IdText([u8; Hyphenated::LENGTH]);

impl IdText {
    pub(crate) fn of(RecordId(id): RecordId) -> Self {
        let mut text = [0; Hyphenated::LENGTH];
        id.hyphenated().encode_lower(&mut text);
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        // Digits and hyphens only.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Text behind its length in one byte.
pub(crate) fn short(out: &mut Vec<u8>, text: &str) -> Result<(), SealError> {
    out.push(u8::try_from(text.len()).map_err(|_| SealError::PlaceTooLong)?);
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// Reads bytes from the front.
pub(crate) struct Bytes<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Bytes<'a> {
    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], VaultError> {
        let malformed = VaultError::Malformed { at: self.at };
        let end = self.at.checked_add(length).ok_or(malformed)?;
        let taken = self.bytes.get(self.at..end).ok_or(malformed)?;
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], VaultError> {
        let malformed = VaultError::Malformed { at: self.at };
        self.take(N)?.try_into().map_err(|_| malformed)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, VaultError> {
        self.array().map(|[byte]| byte)
    }

    /// ASCII behind its length in one byte.
    pub(crate) fn short(&mut self) -> Result<&'a str, VaultError> {
        let at = self.at;
        let length = usize::from(self.byte()?);
        let text = std::str::from_utf8(self.take(length)?).ok().filter(|text| text.is_ascii() && !text.is_empty());
        text.ok_or(VaultError::Malformed { at })
    }

    pub(crate) fn end(&self) -> Result<(), VaultError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(VaultError::Malformed { at: self.at }) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOLDEN: &[u8] = include_bytes!("../golden/record-1.bin");

    /// One edit of some bytes: the kinds of damage and of forgery that keep most of the layout.
    #[derive(Clone, Debug)]
    enum Edit {
        Replace(prop::sample::Index, u8),
        Insert(prop::sample::Index, Vec<u8>),
        Delete(prop::sample::Index, usize),
        Repeat(prop::sample::Index, usize),
        Length(prop::sample::Index, u32),
        Cut(prop::sample::Index),
    }

    fn edit() -> impl Strategy<Value = Edit> {
        let place = any::<prop::sample::Index>;
        let lengths = prop_oneof![Just(0), Just(1), Just(255), Just(u32::MAX), any::<u32>()];
        prop_oneof![
            (place(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
            (place(), prop::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
            (place(), 1_usize..90).prop_map(|(at, length)| Edit::Delete(at, length)),
            (place(), 1_usize..90).prop_map(|(at, length)| Edit::Repeat(at, length)),
            (place(), lengths).prop_map(|(at, length)| Edit::Length(at, length)),
            place().prop_map(Edit::Cut),
        ]
    }

    fn apply(edit: &Edit, bytes: &mut Vec<u8>) {
        let place = |at: &prop::sample::Index, bytes: &Vec<u8>| at.index(bytes.len() + 1);
        match edit {
            Edit::Replace(at, byte) => {
                let at = place(at, bytes);
                bytes.get_mut(at..).and_then(<[u8]>::first_mut).into_iter().for_each(|found| *found = *byte);
            }
            Edit::Insert(at, new) => {
                let at = place(at, bytes);
                bytes.splice(at..at, new.iter().copied());
            }
            Edit::Delete(at, length) => {
                let at = place(at, bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Edit::Repeat(at, length) => {
                let at = place(at, bytes);
                let again: Vec<u8> = bytes.iter().skip(at).take(*length).copied().collect();
                bytes.splice(at..at, again);
            }
            Edit::Length(at, length) => {
                let at = place(at, bytes);
                bytes.iter_mut().skip(at).zip(length.to_be_bytes()).for_each(|(old, new)| *old = new);
            }
            Edit::Cut(at) => bytes.truncate(place(at, bytes)),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Whatever is done to the bytes, they are refused, or they are just the bytes of what was read.
        #[test]
        fn bytes_that_read_are_the_bytes_that_would_be_written(edits in prop::collection::vec(edit(), 1..6)) {
            let mut bytes = GOLDEN.to_vec();
            edits.iter().for_each(|edit| apply(edit, &mut bytes));
            if let Ok(record) = SealedRecord::from_bytes(&bytes) {
                prop_assert_eq!(record.to_bytes(), bytes);
            }
        }

        #[test]
        fn garbage_is_refused_with_a_place_inside_it(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            for bytes in [bytes.clone(), [&[FORMAT], bytes.as_slice()].concat()] {
                if let Err(VaultError::Malformed { at }) = SealedRecord::from_bytes(&bytes) {
                    prop_assert!(at <= bytes.len());
                }
            }
        }
    }

    #[test]
    fn parts_rank_by_their_names() {
        let mut classes = Class::ALL;
        classes.sort_unstable_by_key(|class| class.name());
        assert!(classes.iter().zip(0..).all(|(class, place)| rank(*class) == place));
    }

    #[test]
    fn an_id_reads_as_it_is_written_and_no_other_way() {
        let id = RecordId::from_bytes([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        let other =
            [id.to_string().to_uppercase(), id.to_string().replace('-', ""), format!("{{{id}}}"), String::new()];
        for text in other {
            assert!(text.parse::<RecordId>().is_err(), "{text}");
        }
    }
}
