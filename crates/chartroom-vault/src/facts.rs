//! What the policy must know about a record: derived when it is sealed, and sealed with it.

use chartroom_access::label::LabelSet;
use chartroom_access::{Confidentiality, Facts};
use chartroom_seal::{Part, SealError};

use crate::VaultError;
use crate::record::Bytes;

/// The sealed part. Its name is no class, so no decision ever grants it.
pub(crate) const PART: Part<'_> = Part { name: "facts", value_type: "facts" };

const FORMAT: u8 = 2;

/// As `FORMAT.md` lays it down.
pub(crate) fn to_bytes(facts: &Facts) -> Result<Vec<u8>, VaultError> {
    let mut out = Vec::with_capacity(128);
    out.push(FORMAT);
    out.extend_from_slice(&facts.labels.bits().to_be_bytes());
    out.push(level(facts.confidentiality));
    for known in [&facts.originator, &facts.organization] {
        let known = known.as_deref().unwrap_or_default();
        let length = u32::try_from(known.len()).map_err(|_| SealError::ValueTooLong)?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(known.as_bytes());
    }
    Ok(out)
}

/// The letter of the level; `?` for one that is not known.
fn level(confidentiality: Confidentiality) -> u8 {
    match confidentiality.code().as_bytes() {
        [letter] => *letter,
        _ => b'?',
    }
}

/// Reads the facts of a record of this type with these classes.
pub(crate) fn from_bytes(bytes: &[u8], mut facts: Facts) -> Result<Facts, VaultError> {
    let mut reader = Bytes { bytes, at: 0 };
    if reader.byte()? != FORMAT {
        return Err(VaultError::Malformed { at: 0 });
    }
    facts.labels = LabelSet::from_bits(u64::from_be_bytes(reader.array()?));
    let confidentiality = char::from(reader.byte()?).to_string();
    facts.confidentiality = confidentiality.parse().unwrap_or(Confidentiality::Unknown);
    facts.originator = known(&mut reader)?.map(Into::into);
    facts.organization = known(&mut reader)?.map(Into::into);
    reader.end()?;
    Ok(facts)
}

/// Who is known, behind the length.
fn known<'a>(reader: &mut Bytes<'a>) -> Result<Option<&'a str>, VaultError> {
    let length = usize::try_from(u32::from_be_bytes(reader.array()?)).unwrap_or(usize::MAX);
    let at = reader.at;
    let known = std::str::from_utf8(reader.take(length)?).map_err(|_| VaultError::Malformed { at })?;
    Ok(Some(known).filter(|known| !known.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chartroom_access::ResourceType;
    use chartroom_access::label::Sensitivity;
    use chartroom_record::ClassSet;

    #[test]
    fn the_facts_survive_as_bytes() {
        let empty = || Facts::new(ResourceType::of("Condition"), ClassSet::NONE);
        let mut facts = empty();
        facts.labels = Sensitivity::Hiv.into();
        facts.confidentiality = Confidentiality::Restricted;
        for (originator, organization) in
            [(Some("dr-7"), Some("harbor")), (None, Some("harbor")), (Some("dr-7"), None), (None, None)]
        {
            facts.originator = originator.map(Into::into);
            facts.organization = organization.map(Into::into);
            let bytes = to_bytes(&facts).unwrap();
            let read = from_bytes(&bytes, empty()).unwrap();
            assert_eq!((read.labels, read.confidentiality), (facts.labels, facts.confidentiality));
            assert_eq!((read.originator.as_deref(), read.organization.as_deref()), (originator, organization));
            for end in 0..bytes.len() {
                assert!(from_bytes(&bytes[..end], empty()).is_err(), "cut at {end}");
            }
            assert!(from_bytes(&[&bytes[..], b"x"].concat(), empty()).is_err(), "longer");
        }
        facts.confidentiality = Confidentiality::Unknown;
        let mut bytes = to_bytes(&facts).unwrap();
        assert_eq!(from_bytes(&bytes, empty()).unwrap().confidentiality, Confidentiality::Unknown);
        bytes[9] = b'x';
        assert_eq!(from_bytes(&bytes, empty()).unwrap().confidentiality, Confidentiality::Unknown);
        bytes[0] = 1;
        assert!(from_bytes(&bytes, empty()).is_err(), "another format");
    }
}
