//! A small invented release for the unit tests: ailments of lamps. Its concepts are numbered, and have identifiers of an example
//! namespace with right check digits.

use super::{Attribute, Concept, REFERENCE_SET, Snapshot, SnomedCt, Term};
use crate::identifier::SnomedId;

pub(crate) const VERSION: &str = "http://snomed.info/sct/9999999/version/20260101";

/// Concepts by number, their terms, and the numbers of those that they are kinds of.
const CONCEPTS: [(u64, &str, &[u64]); 21] = [
    (1, "Thing", &[]),
    (2, "Ailment", &[1]),
    (3, "Part", &[1]),
    (4, "Lamp", &[3]),
    (5, "Bulb", &[4]),
    (6, "Wick", &[4]),
    (7, "Base", &[3]),
    (8, "Look", &[1]),
    (9, "Crack", &[8]),
    (10, "Site", &[1]),
    (11, "Look of it", &[1]),
    (20, "Lamp ailment", &[2]),
    (21, "Cracked bulb", &[20]),
    (22, "Ailment of bulb and base", &[20]),
    (23, "Ailment of bulb and wick", &[20]),
    (24, "Base ailment", &[2]),
    (30, "Lamp trouble", &[]),
    (31, "Set of ailments", &[]),
    (32, "Set without members", &[]),
    (33, "Cracked base bulb", &[21, 24]),
    (34, "Broken lamp", &[20]),
];

/// The concept that an attribute defines, its role group, its name and its value.
const ATTRIBUTES: [(u64, u32, u64, u64); 10] = [
    (20, 0, 10, 4),
    (21, 1, 10, 5),
    (21, 1, 11, 9),
    (22, 1, 10, 5),
    (22, 2, 10, 7),
    (23, 1, 10, 5),
    (23, 2, 10, 6),
    (24, 0, 10, 7),
    (34, 1, 10, 4),
    (34, 1, 11, 9),
];

/// The identifier of a numbered concept.
pub(crate) fn id(number: u64) -> u64 {
    let lead = ((number * 10_000_000 + 9_999_999) * 100 + 10) * 10;
    (lead..lead + 10).find(|id| id.to_string().parse::<SnomedId>().is_ok()).unwrap()
}

/// The number of a concept.
pub(crate) fn number(id: u64) -> u64 {
    id / 10_000_000_000
}

/// A text in which `$7` stands for the identifier of concept 7.
pub(crate) fn text(template: &str) -> String {
    let mut parts = template.split('$');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find(|character: char| !character.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        text += &id(number.parse().unwrap()).to_string();
        text += rest;
    }
    text
}

/// Concept 30 has ended, 31 and 32 are reference sets, and 20 and 34 are defined by their attributes.
pub(crate) fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot::default();
    let ended = |number| (number == 30).then(|| "2025-01-01".parse().unwrap());
    let concept = |number| Concept {
        id: id(number),
        ended: ended(number),
        module: id(1),
        is_defined: matches!(number, 20 | 34),
        replaced_by: if number == 30 { vec![id(34)] } else { Vec::new() },
    };
    for (number, term, parents) in CONCEPTS {
        snapshot.concepts.push(concept(number));
        snapshot.is_a.extend(parents.iter().map(|parent| (id(number), id(*parent))));
        for (text, is_full_name) in [(format!("{term} (sample)"), true), (term.to_owned(), false)] {
            let (language, text) = ("en".into(), text.into());
            snapshot.terms.push(Term { concept: id(number), is_full_name, is_preferred: true, language, text });
        }
    }
    snapshot.concepts.push(Concept { id: REFERENCE_SET, ..Concept::default() });
    snapshot.is_a.extend([31, 32].map(|set| (id(set), REFERENCE_SET)));
    snapshot.members.extend([21, 24, 30].map(|member| (id(31), id(member))));
    snapshot.attributes.extend(ATTRIBUTES.map(|(source, group, kind, destination)| Attribute {
        source: id(source),
        group,
        kind: id(kind),
        destination: id(destination),
    }));
    snapshot
}

pub(crate) fn snomed() -> SnomedCt {
    SnomedCt::new(VERSION, snapshot()).unwrap()
}
