//! The invariants that R4 states for the typed resources and their data types, by their official keys.
//!
//! Each is one small function of the element that it is stated on; each file holds the tables of one subject. Three are
//! not here. `ele-1` (an element has a value or children) is reported as [`IssueCode::Empty`]. `dom-6` (a resource
//! should have a narrative) is advice to authors, and no defect of a record. Those that need more than the element are
//! next door: `ref-1` with the references, `dom-2` to `dom-5` with the contained resources, `bdl-…` with the bundles,
//! `txt-1` and `txt-2` with the narratives. A test compares the keys with the official definitions.
//!
//! [`IssueCode::Empty`]: crate::IssueCode::Empty

mod access;
mod care;
mod codes;
mod datatype;
mod exchange;
mod medication;
mod people;
mod quantity;
mod questionnaire;
mod work;

use crate::datatype::{CodeableConcept, Coding};
use crate::element::{Element, Node};
use crate::issue::Severity;
use crate::primitive::{Code, CodeSet};

/// One invariant.
pub(super) struct Invariant {
    /// The official key, such as `per-1`.
    pub(super) key: &'static str,
    /// How bad a breach is.
    pub(super) severity: Severity,
    /// What is wrong where it does not hold.
    pub(super) breach: &'static str,
    /// Whether it holds.
    pub(super) holds: fn(&dyn Element) -> bool,
}

/// The invariants stated on one type.
pub(super) struct Stated {
    /// The FHIR name of the type, as in its facts; for a kind of quantity the name of that, such as `Age`.
    on: &'static str,
    invariants: &'static [Invariant],
}

/// The invariants stated on the type of this name.
pub(super) fn of_type(name: &str) -> &'static [Invariant] {
    let stated = TABLES.iter().flat_map(|table| table.iter()).find(|stated| stated.on == name);
    stated.map_or(&[], |stated| stated.invariants)
}

/// The keys of the invariants that the check knows of a type or a path, such as `Period`, `Patient.contact` or
/// `Narrative.div`, each with the severity of a breach. Those of every resource that can contain others are stated on
/// `DomainResource`.
///
/// ```
/// let keys: Vec<_> = chartroom_record::invariants_of("Period").map(|(key, _)| key).collect();
/// assert_eq!(keys, ["per-1"]);
/// ```
pub fn invariants_of(type_name: &str) -> impl Iterator<Item = (&'static str, Severity)> {
    let elsewhere = ELSEWHERE.iter().find(|(on, _)| *on == type_name).map_or(&[][..], |(_, keys)| keys);
    let here = of_type(type_name).iter().map(|invariant| (invariant.key, invariant.severity));
    here.chain(elsewhere.iter().map(|key| (*key, Severity::Error)))
}

/// Invariants that need more than the element that they are stated on, and so are checked by the modules next door.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("DomainResource", &["dom-2", "dom-3", "dom-4", "dom-5"]),
    ("Reference", &["ref-1"]),
    ("Narrative.div", &["txt-1", "txt-2"]),
    ("Bundle", &["bdl-1", "bdl-2", "bdl-3", "bdl-4", "bdl-7", "bdl-9", "bdl-10", "bdl-11", "bdl-12"]),
    ("Bundle.entry", &["bdl-5", "bdl-8"]),
];

const TABLES: &[&[Stated]] = &[
    datatype::STATED,
    quantity::STATED,
    people::STATED,
    care::STATED,
    medication::STATED,
    questionnaire::STATED,
    work::STATED,
    access::STATED,
    exchange::STATED,
    codes::STATED,
];

/// Defines the invariants of a subject: the FHIR name of the type, its structure, then severity, key, breach and rule.
macro_rules! invariants {
    ($($on:literal $type:ty {
        $($severity:ident $key:literal $breach:literal: |$it:ident| $holds:expr;)+
    })+) => {
        pub(super) const STATED: &[$crate::check::invariant::Stated] = &[$(
            $crate::check::invariant::Stated {
                on: $on,
                invariants: &[$(
                    $crate::check::invariant::Invariant {
                        key: $key,
                        severity: $crate::issue::Severity::$severity,
                        breach: $breach,
                        holds: |element| {
                            let element = (element as &dyn std::any::Any).downcast_ref::<$type>();
                            element.is_none_or(|$it| $holds)
                        },
                    },
                )+],
            },
        )+];
    };
}
use invariants;

/// Whether an element has a member, as FHIRPath `exists()`.
trait Has {
    /// Whether the member of this FHIR name (without `[x]`) has a value, or extensions in place of one.
    fn has(&self, name: &str) -> bool;
}

impl<E: Element> Has for E {
    fn has(&self, name: &str) -> bool {
        has(self, name)
    }
}

/// Whether the member of this FHIR name has a value, extensions in place of one, or a value that does not fit.
pub(super) fn has(element: &dyn Element, name: &str) -> bool {
    let elements = element.facts().elements;
    let index = elements.iter().position(|facts| facts.name == name);
    debug_assert!(index.is_some(), "{} has no member {name}", element.facts().name);
    let Some((index, facts)) = index.and_then(|index| Some((index, elements.get(index)?))) else { return false };
    if !matches!(element.member(index).node, Node::Absent) {
        return true;
    }
    let extra = element.extra();
    !extra.is_empty()
        && facts.types.iter().any(|kind| {
            extra.twin(kind.member).is_some_and(|twin| twin.written > 0)
                || extra.unknown().any(|(unknown, _)| unknown == kind.member)
        })
}

/// Whether it is this code.
fn is<S: CodeSet>(code: &Option<Code<S>>, wanted: &str) -> bool {
    code.as_ref().is_some_and(|code| code.as_str() == wanted)
}

/// Whether it is one of these codes.
fn is_one_of<S: CodeSet>(code: &Option<Code<S>>, wanted: &[&str]) -> bool {
    code.as_ref().is_some_and(|code| wanted.contains(&code.as_str()))
}

/// Whether the concept has one of these codes of the system.
fn means(concept: &Option<CodeableConcept>, system: &str, codes: &[&str]) -> bool {
    let mut codings = concept.iter().flat_map(|concept| &concept.coding);
    codings.any(|coding| in_system(coding, system) && is_one_of(&coding.code, codes))
}

fn in_system(coding: &Coding, system: &str) -> bool {
    coding.system.as_deref() == Some(system)
}

/// Whether a name can be the name of a type in a program: FHIRPath `name.matches('[A-Z]([A-Za-z0-9_]){0,254}')`.
pub(super) fn is_computable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.len() <= 255
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{Checks, Issue, IssueCode, Mode, parse};

    /// The keys of the invariants that a record breaks, with their paths.
    pub(in crate::check) fn breaches(json: &str) -> Vec<String> {
        let parsed = parse(json.as_bytes(), Mode::Lenient).unwrap();
        let issues = match parsed.check(&Checks::structure()) {
            Ok(checked) => checked.issues().to_vec(),
            Err(refused) => refused.issues().to_vec(),
        };
        let invariants = issues.iter().filter(|issue| issue.code() == IssueCode::Invariant);
        let key = |issue: &Issue| issue.key().unwrap_or_default().to_owned();
        invariants.map(|issue| format!("{} {}", key(issue), issue.path())).collect()
    }

    #[test]
    fn types_are_listed_once_and_keys_are_unique_in_a_type() {
        let mut types: Vec<_> = TABLES.iter().flat_map(|table| table.iter()).map(|stated| stated.on).collect();
        let count = types.len();
        types.sort_unstable();
        types.dedup();
        assert_eq!(types.len(), count);
        for name in types {
            let mut keys: Vec<_> = of_type(name).iter().map(|invariant| invariant.key).collect();
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{name}");
        }
    }

    #[test]
    fn a_member_that_is_only_extended_is_there() {
        let absent = r#"{"extension":[{"url":"urn:x","valueCode":"unknown"}]}"#;
        let json = format!(r#"{{"resourceType":"Media","content":{{"data":"AAAA","_contentType":{absent}}}}}"#);
        assert!(breaches(&json).is_empty());
        assert_eq!(breaches(r#"{"resourceType":"Media","content":{"data":"AAAA"}}"#), ["att-1 Media.content"]);
    }
}
