//! What the policy must know about a record: derived when it is sealed, and sealed with it.

use chartroom_access::label::{LabelSet, LabelSets, SecurityLabel};
use chartroom_access::{Confidentiality, Facts, ResourceType};
use chartroom_record::{Class, ClassSet, Resource, part};
use chartroom_seal::Part;

use crate::VaultError;
use crate::record::Bytes;

/// The sealed part. Its name is no class, so no decision ever grants it.
pub(crate) const PART: Part<'_> = Part { name: "facts", value_type: "facts" };

const FORMAT: u8 = 1;

/// Classes whose codes tell about someone's health. Where no label set covers one of them, the record is closed.
const TELLING: ClassSet =
    ClassSet::of(&[Class::Clinical, Class::Narrative, Class::Attachment, Class::Biometric, Class::Unclassified]);

/// Takes a record apart by class, and derives its facts by the codes on the way and by its security labels.
pub(crate) fn split(resource: &Resource, sets: &LabelSets, originator: &str) -> (Facts, Vec<part::Part>) {
    let mut labels = LabelSet::NONE;
    let parts = part::split_with_codings(resource, |system, code, class| {
        let of_code = if TELLING.contains(class) { sets.judge(system, code) } else { sets.of(system, code) };
        labels = labels.union(of_code);
    });
    let classes = parts.iter().map(|part| part.class).collect();
    let mut facts = Facts::new(ResourceType::of(resource.type_name()), classes);
    facts.labels = labels;
    resource.for_each_security_label(|system, code| facts.mark(SecurityLabel::of(system, code)));
    facts.originator = (!originator.is_empty()).then(|| originator.into());
    (facts, parts)
}

/// `format 1 | labels 4 | confidentiality 1 | originator`, numbers big-endian.
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
    facts.labels = LabelSet::from_bits(u32::from_be_bytes(reader.array()?));
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
    use chartroom_access::label::Sensitivity;

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
        assert!(from_bytes(&[2, 0, 0, 0, 0, b'N'], empty()).is_err());
        assert_eq!(from_bytes(&[1, 0, 0, 0, 0, b'x'], empty()).unwrap().confidentiality, Confidentiality::Unknown);
    }
}
