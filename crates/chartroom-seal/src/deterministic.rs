//! Values that are sealed to the same bytes each time, for columns that must be compared or joined without being read.
//!
//! ```
//! use chartroom_seal::deterministic::{Deterministic, Field};
//! # use chartroom_seal::{RandomSource, SubjectKey};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[1; 32]);
//! let key = SubjectKey::generate(&mut random); // the house's own, wrapped in a context of its own
//! // Some 200,000 different numbers are expected.
//! let field = Field::new("record number", 200_000)?.keyed("north-clinic", &key)?;
//! let stored: Deterministic<String> = field.seal(&"77120943".to_owned())?;
//! assert_eq!(stored, field.seal(&"77120943".to_owned())?);
//! assert_eq!(field.open(&stored)?.expose(), "77120943");
//! # Ok(())
//! # }
//! ```
//!
//! The algorithm is AES-256-SIV (RFC 5297), under a key that belongs to one field of one house. It takes no nonce, so there is none to
//! be used twice, and no limit by nonces.
//!
//! # What it gives away
//!
//! - Whoever reads the database sees which rows of a field have equal values, so how often each value occurs; and how long each is.
//!   Where values are few, or some much more frequent than others, that names them: a field with fewer than
//!   [`LEAST_VALUES`] different values is refused, as [`even_values`](crate::index::even_values) counts them. Names
//!   and birth dates are better found by a [blind index](crate::index), whose tokens several values share.
//! - A value may be moved from row to row, where it opens as what it is: it is bound to its field, house and key, and not to a record.
//! - Under the house's key, equal values are equal for all patients, and the destruction of a patient's key does not reach them: delete
//!   the rows. Under a patient's key, values are equal within that patient's records only, and go with the key.
//! - Another version of the key gives other bytes. Until all rows are sealed anew, search under both.
//!
//! A [`Deterministic`] value is a type of its own, comparable and hashable; a [`Sealed`](crate::Sealed) one is neither, and neither
//! opens as the other:
//!
//! ```compile_fail
//! fn same(one: &chartroom_seal::Sealed<String>, other: &chartroom_seal::Sealed<String>) -> bool {
//!     one == other
//! }
//! ```

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use aes_siv::KeyInit as _;
use aes_siv::siv::Aes256Siv;
use zeroize::Zeroizing;

use crate::envelope::{self, HEADER_LENGTH, Suite};
use crate::reader::Reader;
use crate::{Exposed, KeyLabel, OpenError, SealError, Sealable, SubjectKey, place};

pub use crate::index::LEAST_VALUES;

const KEY: &[u8] = b"chartroom deterministic key";
/// The synthetic initialisation vector, which is the tag as well.
const VECTOR_LENGTH: usize = 16;

/// A field whose values are sealed to the same bytes each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    name: Box<str>,
}

impl Field {
    /// A field of this name, of which so many different, about equally frequent values are expected.
    ///
    /// # Errors
    ///
    /// [`SealError::TooFewValues`] below [`LEAST_VALUES`].
    pub fn new(name: &str, distinct: u64) -> Result<Self, SealError> {
        if distinct < LEAST_VALUES { Err(SealError::TooFewValues) } else { Ok(Self { name: name.into() }) }
    }

    /// The name of the field.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The field under a key of the house, or of one patient.
    ///
    /// # Errors
    ///
    /// [`SealError::PlaceTooLong`] where the name of the house or of the field is longer than 65,535 bytes.
    pub fn keyed(&self, tenant: &str, key: &SubjectKey) -> Result<KeyedField, SealError> {
        let header = envelope::header(Suite::Deterministic, key.label);
        let mut context = header.to_vec();
        place::append(&mut context, tenant)?;
        place::append(&mut context, &self.name)?;
        let mut secret = Box::new(Zeroizing::new([[0; 32]; 2]));
        key.deriver.fill(KEY, &context, &mut secret);
        Ok(KeyedField { label: key.label, header, secret })
    }
}

/// A field under its key.
pub struct KeyedField {
    label: KeyLabel,
    header: [u8; HEADER_LENGTH],
    secret: Box<Zeroizing<[[u8; 32]; 2]>>,
}

impl KeyedField {
    /// Seals a value: equal values of a type to equal bytes.
    ///
    /// # Errors
    ///
    /// [`SealError::ValueTooLong`].
    pub fn seal<T: Sealable>(&self, value: &T) -> Result<Deterministic<T>, SealError> {
        let plain = value.to_plain();
        let mut bytes = Vec::with_capacity(HEADER_LENGTH + VECTOR_LENGTH + plain.len());
        bytes.extend_from_slice(&self.header);
        bytes.extend_from_slice(&[0; VECTOR_LENGTH]);
        bytes.extend_from_slice(&plain);
        let (_, body) = bytes.split_at_mut(HEADER_LENGTH);
        let (vector_at, ciphertext) = body.split_at_mut(VECTOR_LENGTH);
        let associated = [&self.header[..], T::VALUE_TYPE.as_bytes()];
        let vector = self.cipher().encrypt_inout_detached(associated, ciphertext.into());
        vector_at.copy_from_slice(&vector.map_err(|_| SealError::ValueTooLong)?);
        Ok(Deterministic { key: self.label, bytes, value: PhantomData })
    }

    /// Opens what [`seal`](Self::seal) made of a value of this type.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownKey`] where it names another key; [`OpenError::Unauthentic`] unless field, house, type and every byte are
    /// those that were sealed; [`OpenError::NotOfItsType`] where `T` refuses the bytes it was given.
    pub fn open<T: Sealable>(&self, sealed: &Deterministic<T>) -> Result<Exposed<T>, OpenError> {
        if sealed.key != self.label {
            return Err(OpenError::UnknownKey(sealed.key));
        }
        let (header, body) = sealed.bytes.split_at_checked(HEADER_LENGTH).ok_or(OpenError::Malformed)?;
        let (vector, ciphertext) = body.split_first_chunk::<VECTOR_LENGTH>().ok_or(OpenError::Malformed)?;
        let mut plain = Zeroizing::new(ciphertext.to_vec());
        let associated = [header, T::VALUE_TYPE.as_bytes()];
        let opened = self.cipher().decrypt_inout_detached(associated, plain.as_mut_slice().into(), vector.into());
        opened.map_err(|_| OpenError::Unauthentic)?;
        T::from_plain(&plain).map(Exposed::new).ok_or(OpenError::NotOfItsType)
    }

    fn cipher(&self) -> Aes256Siv {
        // Two keys of 256 bits.
        let mut key = Zeroizing::new([0; 64]);
        key.copy_from_slice(self.secret.as_flattened());
        Aes256Siv::new((&*key).into())
    }
}

impl fmt::Debug for KeyedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, header: _, secret: _ } = self;
        write!(f, "KeyedField(key {label})")
    }
}

/// A value of type `T` that was sealed to the bytes to which every equal value of its field is sealed. What that gives away,
/// [the module](self) says.
///
/// With the feature `serde` it serializes as [`Sealed`](crate::Sealed) does.
pub struct Deterministic<T> {
    key: KeyLabel,
    bytes: Vec<u8>,
    value: PhantomData<fn() -> T>,
}

impl<T> Deterministic<T> {
    /// A sealed value that was stored as bytes.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownVersion`], [`OpenError::UnknownSuite`] or [`OpenError::Malformed`] where the bytes are not of this format.
    /// Whether they are authentic, only opening tells.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, OpenError> {
        let mut reader = Reader::new(&bytes);
        let (_, key) = envelope::read_header(&mut reader, &[Suite::Deterministic])?;
        if reader.rest().len() < VECTOR_LENGTH {
            return Err(OpenError::Malformed);
        }
        Ok(Self { key, bytes, value: PhantomData })
    }

    /// The bytes to store, and to compare.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The key it is sealed under.
    pub const fn key(&self) -> KeyLabel {
        self.key
    }
}

impl<T> Clone for Deterministic<T> {
    fn clone(&self) -> Self {
        Self { key: self.key, bytes: self.bytes.clone(), value: PhantomData }
    }
}

impl<T> PartialEq for Deterministic<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<T> Eq for Deterministic<T> {}

impl<T> Hash for Deterministic<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes.hash(state);
    }
}

impl<T> fmt::Debug for Deterministic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Deterministic(key {}, {} bytes)", self.key, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Part, RandomSource, RecordIdentity, Sealed};

    fn key() -> SubjectKey {
        SubjectKey::generate(&mut RandomSource::from_seed(&[6; 32]))
    }

    fn field(name: &str, tenant: &str, key: &SubjectKey) -> KeyedField {
        Field::new(name, 200_000).and_then(|field| field.keyed(tenant, key)).expect("a field")
    }

    fn number() -> String {
        "77120943".to_owned()
    }

    #[test]
    fn equal_values_have_equal_bytes_and_others_other_ones() {
        let key = key();
        let here = field("number", "north", &key);
        let sealed = here.seal(&number()).expect("sealed");
        assert_eq!(sealed.as_bytes().len(), 22 + 16 + 8);
        assert_eq!(field("number", "north", &key).seal(&number()).expect("sealed"), sealed);
        assert_eq!(here.open(&sealed).expect("opened").expose(), "77120943");
        let other_key = key.successor(&mut RandomSource::from_seed(&[7; 32])).expect("a successor");
        let other_type = here.seal(&number().into_bytes()).expect("sealed").into_bytes();
        let other_value = here.seal(&"77120944".to_owned()).expect("sealed").into_bytes();
        let elsewhere = [("number", "south", &key), ("mrn", "north", &key), ("number", "north", &other_key)];
        let elsewhere = elsewhere.map(|(name, tenant, key)| field(name, tenant, key));
        let others = elsewhere.each_ref().map(|field| field.seal(&number()).expect("sealed").into_bytes());
        for other in others.into_iter().chain([other_type, other_value]) {
            assert_ne!(other[HEADER_LENGTH..], sealed.as_bytes()[HEADER_LENGTH..]);
        }
        let [south, mrn, next] = elsewhere;
        assert_eq!(south.open(&sealed).err(), Some(OpenError::Unauthentic));
        assert_eq!(mrn.open(&sealed).err(), Some(OpenError::Unauthentic));
        assert_eq!(next.open(&sealed).err(), Some(OpenError::UnknownKey(key.label())));
    }

    #[test]
    fn every_bit_counts() {
        let here = field("number", "north", &key());
        let bytes = here.seal(&number()).expect("sealed").into_bytes();
        for (place, bit) in (0..bytes.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut edited = bytes.clone();
            edited[place] ^= 1 << bit;
            let refused = Deterministic::<String>::from_bytes(edited.clone()).and_then(|sealed| here.open(&sealed));
            let refused = refused.expect_err("refused");
            match place {
                0 => assert_eq!(refused, OpenError::UnknownVersion(edited[0])),
                1 => assert_eq!(refused, OpenError::UnknownSuite(edited[1])),
                2..22 => assert!(matches!(refused, OpenError::UnknownKey(_))),
                _ => assert_eq!(refused, OpenError::Unauthentic),
            }
        }
        for length in 0..bytes.len() {
            let refused = Deterministic::<String>::from_bytes(bytes[..length].to_vec());
            let expected = if length < 38 { OpenError::Malformed } else { OpenError::Unauthentic };
            assert_eq!(refused.and_then(|sealed| here.open(&sealed)).err(), Some(expected));
        }
    }

    #[test]
    fn it_is_never_taken_for_what_is_sealed_with_a_nonce() {
        let (key, mut random) = (key(), RandomSource::from_seed(&[8; 32]));
        let bytes = field("number", "north", &key).seal(&number()).expect("sealed").into_bytes();
        assert_eq!(Sealed::<String>::from_bytes(bytes.clone()).err(), Some(OpenError::UnknownSuite(3)));
        let identity = RecordIdentity { tenant: "north", subject: "5f1c", kind: "Patient", id: "a7", version: 1 };
        let record_key = key.new_record_key(&identity, &mut random).expect("a short identity");
        let part = Part { name: "number", value_type: "text" };
        assert_eq!(record_key.open(part, &bytes).err(), Some(OpenError::UnknownSuite(3)));
        let sealed = record_key.seal(part, b"77120943", &mut random).expect("sealed");
        assert_eq!(Deterministic::<String>::from_bytes(sealed).err(), Some(OpenError::UnknownSuite(1)));
    }

    #[test]
    fn few_values_and_wrong_types_are_refused() {
        for distinct in [0, 2, 1023] {
            assert_eq!(Field::new("sex", distinct), Err(SealError::TooFewValues));
        }
        let here = field("number", "north", &key());
        let bytes = here.seal(&vec![0xff]).expect("sealed").into_bytes();
        let mistaken = Deterministic::<String>::from_bytes(bytes).expect("of the format");
        assert_eq!(here.open(&mistaken).err(), Some(OpenError::Unauthentic));
        let long = "a".repeat(65_536);
        assert_eq!(Field::new(&long, 2000).and_then(|f| f.keyed("north", &key())).err(), Some(SealError::PlaceTooLong));
        assert!(!format!("{here:?}").contains("secret"));
    }
}
