//! What the policy must know about a record: derived when it is sealed, and sealed with it.

use chartroom_access::label::LabelSet;
use chartroom_access::{Confidentiality, Facts};
use chartroom_seal::Part;

use crate::VaultError;
use crate::record::Bytes;

/// The sealed part. Its name is no class, so no decision ever grants it.
pub(crate) const PART: Part<'_> = Part { name: "facts", value_type: "facts" };

const FORMAT: u8 = 2;

/// `format 2 | labels 8 | confidentiality 1 | originator`, numbers big-endian.
pub(crate) fn to_bytes(facts: &Facts) -> Vec<u8> {
    let mut out = vec![FORMAT];
    out.extend_from_slice(&facts.labels.bits().to_be_bytes());
    out.push(level(facts.confidentiality));
    out.extend_from_slice(facts.originator.as_deref().unwrap_or_default().as_bytes());
    out
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
    let originator = reader.take(bytes.len() - reader.at)?;
    let originator = std::str::from_utf8(originator).map_err(|_| VaultError::Malformed { at: reader.at })?;
    facts.originator = (!originator.is_empty()).then(|| originator.into());
    Ok(facts)
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
        facts.originator = Some("dr-7".into());
        let read = from_bytes(&to_bytes(&facts), empty()).unwrap();
        assert_eq!(
            (read.labels, read.confidentiality, read.originator),
            (facts.labels, facts.confidentiality, facts.originator.clone())
        );
        facts.confidentiality = Confidentiality::Unknown;
        assert_eq!(from_bytes(&to_bytes(&facts), empty()).unwrap().confidentiality, Confidentiality::Unknown);
        assert!(from_bytes(&[1, 0, 0, 0, 0, b'N'], empty()).is_err());
        assert_eq!(
            from_bytes(&[2, 0, 0, 0, 0, 0, 0, 0, 0, b'x'], empty()).unwrap().confidentiality,
            Confidentiality::Unknown
        );
    }
}
