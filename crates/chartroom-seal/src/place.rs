//! Where a value belongs: the associated data that is sealed with it.

use std::fmt;

use crate::envelope::{self, Suite};
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

/// The place of a record version under a key, component by component. The record's keys are derived with it.
pub(crate) fn of_record(key: KeyLabel, identity: &RecordIdentity<'_>) -> Result<Vec<u8>, SealError> {
    let RecordIdentity { tenant, subject, kind, id, version } = identity;
    let mut place = envelope::header(Suite::Value, key).to_vec();
    for component in [tenant, subject, kind, id] {
        append(&mut place, component)?;
    }
    place.extend_from_slice(&version.to_be_bytes());
    Ok(place)
}

/// The associated data of one part.
///
/// The commitment stands for the place of the record: it is derived from that place, the salt and the subject key, and as hard to
/// match as a SHA-256 hash. At 32 bytes it costs less to authenticate, in every part, than the identifiers themselves.
pub(crate) fn of_part(header: &[u8], commitment: &[u8; 32], part: Part<'_>) -> Result<Vec<u8>, SealError> {
    let Part { name, value_type } = part;
    let mut place = Vec::with_capacity(header.len() + commitment.len() + name.len() + value_type.len() + 4);
    place.extend_from_slice(header);
    place.extend_from_slice(commitment);
    append(&mut place, name)?;
    append(&mut place, value_type)?;
    Ok(place)
}

/// Appends a component behind its length, so that no two different lists of components give the same bytes.
pub(crate) fn append(place: &mut Vec<u8>, component: &str) -> Result<(), SealError> {
    let length = u16::try_from(component.len()).map_err(|_| SealError::PlaceTooLong)?;
    place.extend_from_slice(&length.to_be_bytes());
    place.extend_from_slice(component.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::KeyId;
    use crate::envelope::HEADER_LENGTH;

    /// Short texts over few letters, so that different places often look alike when run together.
    fn component() -> impl Strategy<Value = String> {
        "[ab\u{0}\u{1}]{0,3}"
    }

    type Place = ([u8; 2], u32, [String; 6], u64);

    fn place() -> impl Strategy<Value = Place> {
        let components = std::array::from_fn(|_| component());
        (any::<[u8; 2]>(), 0_u32..3, components, 0_u64..3)
    }

    fn encode((id, key_version, components, version): &Place) -> Vec<u8> {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(id);
        let key = KeyLabel { id: KeyId::from_bytes(bytes), version: *key_version };
        let [tenant, subject, kind, id, name, value_type] = components.each_ref().map(String::as_str);
        let identity = RecordIdentity { tenant, subject, kind, id, version: *version };
        let record = of_record(key, &identity).expect("short components");
        let part = of_part(&[0; HEADER_LENGTH], &[0; 32], Part { name, value_type }).expect("short components");
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
            let (Some(letter), components) = (other.2[from].pop(), &mut other.2) else { return Ok(()) };
            components[from + 1].insert(0, letter);
            prop_assert_ne!(encode(&one), encode(&other));
        }
    }

    #[test]
    fn a_component_too_long_is_refused() {
        let (longest, longer) = ("a".repeat(65_535), "a".repeat(65_536));
        let place = |name| of_part(&[0; HEADER_LENGTH], &[0; 32], Part { name, value_type: "json" });
        assert!(place(&longest).is_ok());
        assert_eq!(place(&longer), Err(SealError::PlaceTooLong));
    }

    #[test]
    fn an_identity_prints_no_identifier() {
        let identity = RecordIdentity { tenant: "north", subject: "Adler", kind: "Patient", id: "a7", version: 2 };
        assert_eq!(format!("{identity:?}"), r#"RecordIdentity { kind: "Patient", version: 2, .. }"#);
    }
}
