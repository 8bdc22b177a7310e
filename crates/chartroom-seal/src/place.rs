//! Where a value belongs: the associated data that is sealed with it.

use std::fmt;

use crate::envelope::{self, HEADER_LENGTH, Suite};
use crate::hazmat::BEGINNING_LENGTH;
use crate::{KeyLabel, SealError};

/// Which version of which record. Identifiers here should be random ones that never change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RecordIdentity<'a> {
    /// The house that keeps the record.
    pub tenant: &'a str,
    /// The patient whose key seals it.
    pub subject: &'a str,
    /// The kind of record, such as the name of its resource type.
    pub kind: &'a str,
    /// The record.
    pub id: &'a str,
    /// The version of the record, from 1.
    pub version: u64,
}

impl fmt::Debug for RecordIdentity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant: _, subject: _, kind, id: _, version } = self;
        f.debug_struct("RecordIdentity").field("kind", kind).field("version", version).finish_non_exhaustive()
    }
}

/// Which part of a record, and how its bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The part's name, such as a class of information or a path; unique in its record.
    pub name: &'a str,
    /// What the bytes are, such as `json`.
    pub value_type: &'a str,
}

/// A salt, and behind it the place of a record version, component by component. The record's secret is derived with both.
///
/// The key's label is no part of it: it stands in the header of whatever is sealed, and is authenticated there.
pub(crate) fn of_record(salt: &[u8; 32], identity: &RecordIdentity<'_>) -> Result<Vec<u8>, SealError> {
    let RecordIdentity { tenant, subject, kind, id, version } = identity;
    let mut place = Vec::with_capacity(192);
    place.extend_from_slice(salt);
    for component in [tenant, subject, kind, id] {
        append(&mut place, component)?;
    }
    place.extend_from_slice(&version.to_be_bytes());
    Ok(place)
}

/// What the associated data of every part that is sealed alike begins with: the header, and the commitment.
///
/// The commitment stands for the place of the record: it is derived from that place, the salt and the subject key, and as hard to
/// match as a SHA-256 hash. At 32 bytes it costs less to authenticate, in every part, than the identifiers themselves.
#[derive(Clone, Copy)]
pub(crate) struct Beginning([u8; HEADER_LENGTH + 32]);

impl Beginning {
    pub(crate) fn new(suite: Suite, key: KeyLabel, commitment: &[u8; 32]) -> Self {
        let mut bytes = [0; HEADER_LENGTH + 32];
        let (header_at, commitment_at) = bytes.split_at_mut(HEADER_LENGTH);
        header_at.copy_from_slice(&envelope::header(suite, key));
        commitment_at.copy_from_slice(commitment);
        Self(bytes)
    }

    pub(crate) fn header(&self) -> &[u8; HEADER_LENGTH] {
        self.0.first_chunk().unwrap_or(&[0; HEADER_LENGTH])
    }

    /// As much of it as are whole blocks of the cipher.
    pub(crate) fn blocks(&self) -> &[u8; BEGINNING_LENGTH] {
        self.0.first_chunk().unwrap_or(&[0; BEGINNING_LENGTH])
    }

    /// Shows the associated data of one part to `seal`, for as long as that takes.
    #[inline]
    pub(crate) fn of_part<T>(&self, part: Part<'_>, seal: impl FnOnce(&[u8]) -> T) -> Result<T, SealError> {
        let Part { name, value_type } = part;
        let (name_length, type_length) = (length_of(name)?, length_of(value_type)?);
        let pieces = [&name_length, name.as_bytes(), &type_length, value_type.as_bytes()];
        let length = self.0.len() + pieces.iter().map(|piece| piece.len()).sum::<usize>();
        let mut short = [0; SHORT];
        match short.get_mut(..length) {
            Some(place) => {
                let [name_length, name, type_length, value_type] = pieces;
                let rest = put(place, &self.0);
                let rest = put(rest, name_length);
                let rest = put(rest, name);
                let rest = put(rest, type_length);
                put(rest, value_type);
                Ok(seal(place))
            }
            None => Ok(seal(&[&self.0, &pieces.concat()[..]].concat())),
        }
    }
}

/// The place of a stream with this header, as a part of a record: as of any other part.
pub(crate) fn of_stream(header: &[u8], commitment: &[u8; 32], part: Part<'_>) -> Result<Vec<u8>, SealError> {
    let mut place = [header, commitment].concat();
    append(&mut place, part.name)?;
    append(&mut place, part.value_type)?;
    Ok(place)
}

/// Writes a piece at the front, and gives what is behind it. Inlined, so that pieces of a known length are copied without a call.
#[inline(always)]
fn put<'p>(place: &'p mut [u8], piece: &[u8]) -> &'p mut [u8] {
    let (here, behind) = place.split_at_mut(piece.len());
    copy_piece(here, piece);
    behind
}

/// Copies as many bytes. A short piece, as names are, goes in two words that may overlap, without a call.
#[inline(always)]
fn copy_piece(to: &mut [u8], piece: &[u8]) {
    match piece.len() {
        4..8 => copy_ends::<4>(to, piece),
        8..=16 => copy_ends::<8>(to, piece),
        _ => to.copy_from_slice(piece),
    }
}

#[inline(always)]
fn copy_ends<const N: usize>(to: &mut [u8], piece: &[u8]) {
    if let (Some(to), Some(first)) = (to.first_chunk_mut::<N>(), piece.first_chunk()) {
        *to = *first;
    }
    if let (Some(to), Some(last)) = (to.last_chunk_mut::<N>(), piece.last_chunk()) {
        *to = *last;
    }
}

/// Associated data up to this length, which is nearly all, is put together without an allocation.
const SHORT: usize = 160;

/// Appends a component behind its length, so that no two different lists of components give the same bytes.
pub(crate) fn append(place: &mut Vec<u8>, component: &str) -> Result<(), SealError> {
    place.extend_from_slice(&length_of(component)?);
    place.extend_from_slice(component.as_bytes());
    Ok(())
}

fn length_of(component: &str) -> Result<[u8; 2], SealError> {
    u16::try_from(component.len()).map(u16::to_be_bytes).map_err(|_| SealError::PlaceTooLong)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::envelope::HEADER_LENGTH;

    fn beginning(header: &[u8; HEADER_LENGTH], commitment: &[u8; 32]) -> Beginning {
        Beginning([&header[..], commitment].concat().try_into().expect("a header and a commitment"))
    }

    #[test]
    fn a_long_place_is_put_together_like_a_short_one() {
        for length in [0, 1, 97, 98, 99, 300] {
            let name = "n".repeat(length);
            let expected = [&[7; HEADER_LENGTH][..], &[9; 32], &[0, 0], &[0, 4], b"json"].concat();
            let part = Part { name: &name, value_type: "json" };
            let mut expected = expected;
            expected.splice(54..56, (length as u16).to_be_bytes().into_iter().chain(name.bytes()));
            assert_eq!(beginning(&[7; HEADER_LENGTH], &[9; 32]).of_part(part, <[u8]>::to_vec), Ok(expected.clone()));
            assert_eq!(of_stream(&[7; HEADER_LENGTH], &[9; 32], part), Ok(expected));
        }
    }

    /// Short texts over few letters, so that different places often look alike when run together.
    fn component() -> impl Strategy<Value = String> {
        "[ab\u{0}\u{1}]{0,3}"
    }

    type Place = ([String; 6], u64);

    fn place() -> impl Strategy<Value = Place> {
        (std::array::from_fn(|_| component()), 0_u64..3)
    }

    fn encode((components, version): &Place) -> Vec<u8> {
        let [tenant, subject, kind, id, name, value_type] = components.each_ref().map(String::as_str);
        let identity = RecordIdentity { tenant, subject, kind, id, version: *version };
        let record = of_record(&[0; 32], &identity).expect("short components");
        let part = Part { name, value_type };
        let part = beginning(&[0; HEADER_LENGTH], &[0; 32]).of_part(part, <[u8]>::to_vec).expect("short components");
        [record, part].concat()
    }

    proptest! {
        #[test]
        fn different_places_have_different_bytes(one in place(), other in place()) {
            prop_assert_eq!(one == other, encode(&one) == encode(&other));
        }

        #[test]
        fn moving_a_letter_between_components_changes_the_bytes(one in place(), from in 0_usize..5) {
            let mut other = one.clone();
            let (Some(letter), components) = (other.0[from].pop(), &mut other.0) else { return Ok(()) };
            components[from + 1].insert(0, letter);
            prop_assert_ne!(encode(&one), encode(&other));
        }
    }

    #[test]
    fn a_component_too_long_is_refused() {
        let (longest, longer) = ("a".repeat(65_535), "a".repeat(65_536));
        let beginning = beginning(&[0; HEADER_LENGTH], &[0; 32]);
        let length = |name| beginning.of_part(Part { name, value_type: "json" }, <[u8]>::len);
        assert_eq!(length(&longest), Ok(54 + 2 + 65_535 + 2 + 4));
        assert_eq!(length(&longer), Err(SealError::PlaceTooLong));
    }

    #[test]
    fn an_identity_prints_no_identifier() {
        let identity = RecordIdentity { tenant: "north", subject: "Adler", kind: "Patient", id: "a7", version: 2 };
        assert_eq!(format!("{identity:?}"), r#"RecordIdentity { kind: "Patient", version: 2, .. }"#);
    }
}
