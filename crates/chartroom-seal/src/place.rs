//! Where a value belongs: the associated data that is sealed with it.

use std::fmt;

use crate::envelope::{self, Suite};
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

/// Shows the associated data of one part to `seal`, for as long as that takes.
///
/// The commitment stands for the place of the record: it is derived from that place, the salt and the subject key, and as hard to
/// match as a SHA-256 hash. At 32 bytes it costs less to authenticate, in every part, than the identifiers themselves.
#[inline]
pub(crate) fn of_part<T>(
    header: &[u8],
    commitment: &[u8; 32],
    part: Part<'_>,
    seal: impl FnOnce(&[u8]) -> T,
) -> Result<T, SealError> {
    let Part { name, value_type } = part;
    let (name_length, type_length) = (length_of(name)?, length_of(value_type)?);
    let pieces = [header, commitment, &name_length, name.as_bytes(), &type_length, value_type.as_bytes()];
    let length = pieces.iter().map(|piece| piece.len()).sum();
    let mut short = [0; SHORT];
    match short.get_mut(..length) {
        Some(place) => {
            let [header, commitment, name_length, name, type_length, value_type] = pieces;
            let rest = put(place, header);
            let rest = put(rest, commitment);
            let rest = put(rest, name_length);
            let rest = put(rest, name);
            let rest = put(rest, type_length);
            put(rest, value_type);
            Ok(seal(place))
        }
        None => Ok(seal(&pieces.concat())),
    }
}

/// Writes a piece at the front, and gives what is behind it. Inlined, so that pieces of a known length are copied without a call.
#[inline(always)]
fn put<'p>(place: &'p mut [u8], piece: &[u8]) -> &'p mut [u8] {
    let (here, behind) = place.split_at_mut(piece.len());
    here.copy_from_slice(piece);
    behind
}

/// What the associated data of nearly every part of a record begins with: as much of the header and the commitment as are whole
/// blocks of the cipher.
pub(crate) fn beginning(suite: Suite, key: KeyLabel, commitment: &[u8; 32]) -> [u8; BEGINNING_LENGTH] {
    let mut beginning = [0; BEGINNING_LENGTH];
    let both = envelope::header(suite, key).into_iter().chain(*commitment);
    beginning.iter_mut().zip(both).for_each(|(to, from)| *to = from);
    beginning
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

    #[test]
    fn a_long_place_is_put_together_like_a_short_one() {
        for length in [0, 1, 97, 98, 99, 300] {
            let name = "n".repeat(length);
            let expected = [&[7; HEADER_LENGTH][..], &[9; 32], &[0, 0], &[0, 4], b"json"].concat();
            let place =
                of_part(&[7; HEADER_LENGTH], &[9; 32], Part { name: &name, value_type: "json" }, <[u8]>::to_vec);
            let mut expected = expected;
            expected.splice(54..56, (length as u16).to_be_bytes().into_iter().chain(name.bytes()));
            assert_eq!(place, Ok(expected));
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
        let part = of_part(&[0; HEADER_LENGTH], &[0; 32], part, <[u8]>::to_vec).expect("short components");
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
        let length = |name| of_part(&[0; HEADER_LENGTH], &[0; 32], Part { name, value_type: "json" }, <[u8]>::len);
        assert_eq!(length(&longest), Ok(54 + 2 + 65_535 + 2 + 4));
        assert_eq!(length(&longer), Err(SealError::PlaceTooLong));
    }

    #[test]
    fn an_identity_prints_no_identifier() {
        let identity = RecordIdentity { tenant: "north", subject: "Adler", kind: "Patient", id: "a7", version: 2 };
        assert_eq!(format!("{identity:?}"), r#"RecordIdentity { kind: "Patient", version: 2, .. }"#);
    }
}
