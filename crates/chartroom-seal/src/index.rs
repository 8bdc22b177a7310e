//! Searching without reading: keyed, cut-off hashes of values that stay sealed.
//!
//! Beside a sealed value stands a short token, made of the value under a key. Who has the key can ask the database for the rows with the
//! token of what they look for; who has only the database sees tokens. A token is cut so short that several values share it: what comes
//! back is opened and compared, and what does not fit is dropped.
//!
//! ```
//! use chartroom_seal::index::{BlindIndex, Form};
//! # use chartroom_seal::{RandomSource, SubjectKey};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[1; 32]);
//! // Some 50,000 different pairs of family name and birth date are expected.
//! let index = BlindIndex::new("name-and-birth-date", &[Form::Text, Form::Digits], 50_000, 14)?;
//! let key = SubjectKey::generate(&mut random); // the house's own, wrapped in a context of its own
//! let keyed = index.keyed("north-clinic", &key, &[])?;
//! let stored = keyed.token(&["Núñez", "1970-05-01"])?;
//!
//! // After a rotation both keys are searched, until all rows have the new one.
//! let next = key.successor(&mut random)?;
//! let keyed = index.keyed("north-clinic", &next, &[&key])?;
//! assert!(keyed.search(&["NUNEZ", "1970-05-01"])?.contains(&stored));
//! assert!(keyed.needs_renewal(&stored));
//! # Ok(())
//! # }
//! ```
//!
//! # What an index gives away
//!
//! Whoever reads the database sees which rows of one index share a token, so how often each token stands there. Names and dates are
//! guessed from that where some are much more frequent than others; hence the rule for the length of a token below, and the refusal of
//! fields with few values. No index is safe for a sex, a yes or no, a test result; nor, alone, for a diagnosis. Put such a field into an
//! index together with one that has many values, or into none.
//!
//! - A [`Form::Phonetic`] token says of two names that they sound alike, and has less than 7,000 values for all names there are.
//! - A [`Form::Prefix`] token says of two names that they begin alike. Prefixes of several lengths side by side let a reader of the
//!   database build a tree of all names, and letter frequencies then name its branches: use one length, of three letters or more.
//! - Indexes of different names or tenants share nothing: from the token in one, nothing follows for another.
//! - The key of an index is the house's, not the patient's. Where a patient's key is destroyed, the patient's tokens must be deleted too.
//!
//! # The length of a token
//!
//! For N bits and X different values, 2^N must be above the square root of X, so that searches stay short, and below X/2, so that values
//! share tokens. X counts values that are about equally frequent; [`even_values`] finds it for those that are not.

mod form;

use std::fmt;
use std::ops::RangeInclusive;

use hmac::Mac as _;

use crate::derive::{self, Mac};
use crate::{KeyLabel, SubjectKey, place};

pub use form::Form;

/// A field with fewer different values than this is not indexed.
pub const LEAST_VALUES: u64 = 1024;

/// The version of the forms: how values are brought into them. Another version gives other tokens.
const FORMS_VERSION: u8 = 1;
const KEY: &[u8] = b"chartroom index key";
/// The longest token, in bits.
const MOST_BITS: u8 = 32;

/// What an index is over, and how long its tokens are. It is part of every token: none of it can change without a new name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlindIndex {
    name: Box<str>,
    forms: Box<[Form]>,
    bits: u8,
}

/// Why there is no such index, or no such token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The field has too few different values for any token to hide one.
    #[error("a field with fewer than {LEAST_VALUES} different values is not indexed")]
    TooFewValues,
    /// The tokens would be too short to search by, or so long that they tell the values.
    #[error("tokens for that many values must have {least} to {most} bits")]
    Bits {
        /// The shortest token that the rule allows, in bits.
        least: u8,
        /// The longest, in bits.
        most: u8,
    },
    /// An index is over at least one value, and every token is of as many values as the index has forms.
    #[error("not as many values as the index has forms")]
    Values,
    /// In its form the value is empty. All such values would share a token, so they have none.
    #[error("value {number} is empty in the form of the index")]
    Empty {
        /// Which of the values, from 1.
        number: usize,
    },
    /// A value, the name of the index or that of the house is longer than 65,535 bytes.
    #[error("a value or name is longer than 65535 bytes")]
    TooLong,
}

impl BlindIndex {
    /// An index with this name, over one value for each form, of which `distinct` different ones (or combinations) are expected, with
    /// tokens of this many bits. Where the forms can tell fewer apart, such as the beginnings of names, the fewer count.
    ///
    /// # Errors
    ///
    /// [`IndexError::TooFewValues`], [`IndexError::Bits`] against the rule, or [`IndexError::Values`] without a form.
    pub fn new(name: &str, forms: &[Form], distinct: u64, bits: u8) -> Result<Self, IndexError> {
        if forms.is_empty() {
            return Err(IndexError::Values);
        }
        let told_apart = forms.iter().fold(1_u64, |values, form| values.saturating_mul(form.values()));
        let allowed = bits_for(distinct.min(told_apart))?;
        if !allowed.contains(&bits) {
            return Err(IndexError::Bits { least: *allowed.start(), most: *allowed.end() });
        }
        Ok(Self { name: name.into(), forms: forms.into(), bits })
    }

    /// The name of the index.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The forms of its values, in their order.
    pub const fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// How long its tokens are, in bits.
    pub const fn bits(&self) -> u8 {
        self.bits
    }

    /// The index under the house's current key. Under the previous ones it is only searched.
    ///
    /// # Errors
    ///
    /// [`IndexError::TooLong`] for a name of a house or index that is too long.
    pub fn keyed(
        &self,
        tenant: &str,
        current: &SubjectKey,
        previous: &[&SubjectKey],
    ) -> Result<KeyedIndex, IndexError> {
        let previous = previous.iter().map(|key| self.code(tenant, key)).collect::<Result<_, _>>()?;
        let current = self.code(tenant, current)?;
        Ok(KeyedIndex { forms: self.forms.clone(), bits: self.bits, current, previous })
    }

    /// The code that all tokens of this index begin with.
    fn code(&self, tenant: &str, key: &SubjectKey) -> Result<(u32, Mac), IndexError> {
        let KeyLabel { version, .. } = key.label;
        let mut context = Vec::new();
        key.label.encode(&mut context);
        for component in [tenant, &self.name] {
            place::append(&mut context, component).map_err(|_| IndexError::TooLong)?;
        }
        context.extend([FORMS_VERSION, self.bits]);
        context.extend(self.forms.iter().flat_map(|form| form.code()));
        Ok((version, derive::mac(&key.deriver.derive(KEY, &context))))
    }
}

/// How long the tokens for so many different values may be, in bits: 2^N above the square root of the number, and below half of it.
///
/// # Errors
///
/// [`IndexError::TooFewValues`] below [`LEAST_VALUES`].
pub fn bits_for(distinct: u64) -> Result<RangeInclusive<u8>, IndexError> {
    if distinct < LEAST_VALUES {
        return Err(IndexError::TooFewValues);
    }
    let long_enough = |bits: &u8| 1_u128 << (2 * u32::from(*bits)) > u128::from(distinct);
    let short_enough = |bits: &u8| 1_u64 << (u32::from(*bits) + 1) < distinct;
    // Of 1,024 values and more, some length is always both.
    let least = (0..MOST_BITS).find(long_enough).unwrap_or(MOST_BITS);
    let most = (least..=MOST_BITS).rev().find(short_enough).unwrap_or(least);
    Ok(least..=most)
}

/// How many equally frequent values hide as well as values that occur this often: one divided by the chance that two rows have the same
/// value. Of two sexes that is two; of a thousand family names of a town, perhaps two hundred.
pub fn even_values(counts: impl IntoIterator<Item = u64>) -> u64 {
    let (rows, pairs) = counts.into_iter().fold((0.0, 0.0), |(rows, pairs), count| {
        let count = count as f64;
        (rows + count, pairs + count * count)
    });
    if pairs > 0.0 { (rows * rows / pairs) as u64 } else { 0 }
}

/// An index under its keys: makes the tokens to store and those to search for.
pub struct KeyedIndex {
    forms: Box<[Form]>,
    bits: u8,
    current: (u32, Mac),
    previous: Box<[(u32, Mac)]>,
}

impl KeyedIndex {
    /// The token to store for these values, one for each form of the index.
    ///
    /// # Errors
    ///
    /// [`IndexError::Values`], [`IndexError::Empty`] or [`IndexError::TooLong`].
    pub fn token(&self, values: &[&str]) -> Result<IndexToken, IndexError> {
        Ok(self.token_under(&self.current, &self.in_form(values)?))
    }

    /// The tokens under which rows with these values may stand: that of the current key first, then those of the previous ones.
    ///
    /// # Errors
    ///
    /// As [`token`](Self::token).
    pub fn search(&self, values: &[&str]) -> Result<Vec<IndexToken>, IndexError> {
        let input = self.in_form(values)?;
        let keys = std::iter::once(&self.current).chain(&self.previous);
        Ok(keys.map(|key| self.token_under(key, &input)).collect())
    }

    /// What tokens are made by now.
    pub const fn version(&self) -> IndexVersion {
        IndexVersion { forms: FORMS_VERSION, key: self.current.0 }
    }

    /// Whether a stored token was made under another key than the current one, or by other forms.
    pub const fn needs_renewal(&self, token: &IndexToken) -> bool {
        token.forms_version != FORMS_VERSION || token.key_version != self.current.0
    }

    /// The values in their forms, each behind its length.
    fn in_form(&self, values: &[&str]) -> Result<Vec<u8>, IndexError> {
        if values.len() != self.forms.len() {
            return Err(IndexError::Values);
        }
        let mut input = Vec::with_capacity(64);
        for ((form, value), number) in self.forms.iter().zip(values).zip(1..) {
            let value = form.of(value);
            if value.is_empty() {
                return Err(IndexError::Empty { number });
            }
            place::append(&mut input, &value).map_err(|_| IndexError::TooLong)?;
        }
        Ok(input)
    }

    fn token_under(&self, (key_version, code): &(u32, Mac), input: &[u8]) -> IndexToken {
        let hash: [u8; 32] = code.clone().chain_update(input).finalize().into_bytes().into();
        let value = hash.first_chunk().copied().map_or(0, u32::from_be_bytes);
        let value = value >> (MOST_BITS - self.bits);
        IndexToken { forms_version: FORMS_VERSION, key_version: *key_version, value }
    }
}

/// What a token was made by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexVersion {
    /// The version of the forms: how values are brought into them.
    pub forms: u8,
    /// The version of the key.
    pub key: u32,
}

/// A token, to be stored beside the sealed value and compared with others of its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexToken {
    forms_version: u8,
    key_version: u32,
    value: u32,
}

impl IndexToken {
    /// Length of the encoded token in bytes.
    pub const LENGTH: usize = 9;

    /// What it was made by.
    pub const fn version(self) -> IndexVersion {
        IndexVersion { forms: self.forms_version, key: self.key_version }
    }

    /// The value: some bits of a keyed hash.
    pub const fn value(self) -> u32 {
        self.value
    }

    /// Version of the forms, version of the key, value.
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let [a, b, c, d] = self.key_version.to_be_bytes();
        let [e, f, g, h] = self.value.to_be_bytes();
        [self.forms_version, a, b, c, d, e, f, g, h]
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        let [forms_version, a, b, c, d, e, f, g, h] = bytes;
        let (key_version, value) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        Self { forms_version, key_version, value }
    }
}

impl fmt::Debug for KeyedIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { forms, bits, current: _, previous: _ } = self;
        f.debug_struct("KeyedIndex").field("forms", forms).field("bits", bits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RandomSource;

    fn key() -> SubjectKey {
        SubjectKey::generate(&mut RandomSource::from_seed(&[6; 32]))
    }

    fn index() -> BlindIndex {
        BlindIndex::new("family", &[Form::Text], 100_000, 15).expect("an index")
    }

    fn token(index: &BlindIndex, tenant: &str, key: &SubjectKey, values: &[&str]) -> IndexToken {
        index.keyed(tenant, key, &[]).and_then(|keyed| keyed.token(values)).expect("a token")
    }

    #[test]
    fn the_rule_for_the_length_is_kept() {
        assert_eq!(bits_for(1024), Ok(6..=8));
        assert_eq!(bits_for(100_000), Ok(9..=15));
        assert_eq!(bits_for(u64::MAX), Ok(32..=32));
        let refused = Err(IndexError::Bits { least: 9, most: 15 });
        assert_eq!(BlindIndex::new("family", &[Form::Text], 100_000, 16), refused);
        assert_eq!(BlindIndex::new("family", &[Form::Text], 100_000, 8), refused);
    }

    #[test]
    fn few_values_are_refused() {
        for distinct in [0, 1, 2, 8, 1023] {
            assert_eq!(BlindIndex::new("sex", &[Form::Exact], distinct, 1), Err(IndexError::TooFewValues));
        }
        assert_eq!(even_values([500, 500]), 2);
        assert_eq!(even_values([1; 5000]), 5000);
        assert_eq!(even_values([99_000].into_iter().chain([1; 1000])), 1, "a thousand rare results hide nothing");
        assert_eq!(even_values([]), 0);
    }

    #[test]
    fn a_form_counts_for_what_it_can_tell_apart() {
        let index = |forms: &[Form], distinct, bits| BlindIndex::new("name", forms, distinct, bits).map(drop);
        for few in [&[Form::Prefix(0)][..], &[Form::Prefix(1)], &[Form::Prefix(2)], &[Form::Prefix(0), Form::Prefix(2)]]
        {
            assert_eq!(index(few, 50_000, 8), Err(IndexError::TooFewValues), "{few:?}");
        }
        let refused = |least, most| Err(IndexError::Bits { least, most });
        assert_eq!(index(&[Form::Phonetic], 1_000_000, 18), refused(7, 11));
        assert_eq!(index(&[Form::Phonetic], 1_000_000, 11), Ok(()));
        assert_eq!(index(&[Form::Prefix(3)], 50_000, 14), refused(8, 13));
        assert_eq!(index(&[Form::Prefix(1), Form::Phonetic], 50_000, 14), Ok(()), "several are multiplied");
        assert_eq!(index(&[Form::Prefix(255), Form::Text], 100_000, 15), Ok(()));
        assert_eq!(index(&[Form::Phonetic], 1024, 9), refused(6, 8), "what is expected may be fewer");

        // As many codes as there are, and no more: every first letter, every run of sounds.
        let names = (0..26 * 26 * 26 * 26_u32).map(|number| {
            let letter = |place: u32| char::from(b'a' + (number / 26_u32.pow(place) % 26) as u8);
            [0, 1, 2, 3].map(letter).iter().collect::<String>()
        });
        let codes = names.map(|name| Form::Phonetic.of(&name).into_owned()).collect::<std::collections::HashSet<_>>();
        assert!(codes.len() as u64 <= Form::Phonetic.values(), "{}", codes.len());
    }

    #[test]
    fn a_token_is_for_its_index_house_key_and_values() {
        let (key, other_key) = (key(), SubjectKey::generate(&mut RandomSource::from_seed(&[7; 32])));
        let stored = token(&index(), "north", &key, &["Osei"]);
        assert_eq!(token(&index(), "north", &key, &[" OSEI "]), stored);
        let given = BlindIndex::new("given", &[Form::Text], 100_000, 15).expect("an index");
        let exact = BlindIndex::new("family", &[Form::Exact], 100_000, 15).expect("an index");
        let shorter = BlindIndex::new("family", &[Form::Text], 100_000, 14).expect("an index");
        for other in [
            token(&index(), "north", &key, &["Oseis"]),
            token(&index(), "south", &key, &["Osei"]),
            token(&index(), "north", &other_key, &["Osei"]),
            token(&given, "north", &key, &["Osei"]),
            token(&exact, "north", &key, &["osei"]),
            token(&shorter, "north", &key, &["Osei"]),
        ] {
            assert_ne!(other, stored);
        }
    }

    #[test]
    fn values_of_a_compound_do_not_run_together() {
        let pair = BlindIndex::new("pair", &[Form::Exact, Form::Exact], 100_000, 15).expect("an index");
        let keyed = pair.keyed("north", &key(), &[]).expect("keyed");
        assert_ne!(keyed.token(&["ab", "c"]), keyed.token(&["a", "bc"]));
        assert_eq!(keyed.token(&["ab"]), Err(IndexError::Values));
        assert_eq!(keyed.token(&["ab", ""]), Err(IndexError::Empty { number: 2 }));
        assert_eq!(keyed.token(&["ab", &"c".repeat(65_536)]), Err(IndexError::TooLong));
        assert_eq!(BlindIndex::new("none", &[], 100_000, 15), Err(IndexError::Values));
    }

    #[test]
    fn after_a_rotation_both_keys_are_searched() {
        let (old, mut random) = (key(), RandomSource::from_seed(&[8; 32]));
        let new = old.successor(&mut random).expect("a successor");
        let stored = token(&index(), "north", &old, &["Osei"]);
        let keyed = index().keyed("north", &new, &[&old]).expect("keyed");
        let current = keyed.token(&["Osei"]).expect("a token");
        assert_eq!(keyed.search(&["Osei"]), Ok(vec![current, stored]));
        assert!(keyed.needs_renewal(&stored) && !keyed.needs_renewal(&current));
        assert_eq!((stored.version().key, current.version()), (1, keyed.version()));
    }

    #[test]
    fn several_values_share_a_token() {
        let keyed = index().keyed("north", &key(), &[]).expect("keyed");
        let tokens = (0..100_000).map(|name| keyed.token(&[&format!("name{name}")]).expect("a token"));
        let distinct = tokens.collect::<std::collections::HashSet<_>>().len();
        assert!((25_000..=32_768).contains(&distinct), "{distinct}");
    }

    proptest! {
        #[test]
        fn a_token_comes_back_and_stays_short(value in ".{1,20}", bytes: [u8; 9]) {
            let keyed = index().keyed("north", &key(), &[]).expect("keyed");
            if let Ok(token) = keyed.token(&[&value]) {
                prop_assert!(token.value < 1 << 15);
                prop_assert_eq!(IndexToken::from_bytes(token.to_bytes()), token);
            }
            prop_assert_eq!(IndexToken::from_bytes(bytes).to_bytes(), bytes);
        }
    }
}
