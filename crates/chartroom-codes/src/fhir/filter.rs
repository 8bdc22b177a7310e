//! The filters of a value set: FHIR's `filter-operator`.

use regex::{Regex, RegexBuilder};

use super::issue::Issue;
use super::message;
use super::system::System;
use super::value_set::Filter;

/// A filter made ready for one system.
#[derive(Debug)]
pub(super) struct Condition {
    subject: Subject,
    test: Test,
}

/// What a filter looks at.
#[derive(Debug)]
enum Subject {
    Code,
    Display,
    Parent,
    Child,
    Property(String),
}

#[derive(Debug)]
enum Test {
    /// The concept or one under it.
    IsA(Option<u32>),
    /// One under the concept, at any depth.
    Under(Option<u32>),
    /// Directly under the concept.
    ChildOf(Option<u32>),
    /// Under the concept, with none under it.
    LeafOf(Option<u32>),
    /// The concept or one above it.
    Above(Option<u32>),
    /// Neither the concept nor one under it.
    IsNotA(Option<u32>),
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists(bool),
    Matches(Regex),
}

/// The most memory that a compiled pattern may take. Matching takes time in proportion to the text, whatever the pattern.
const PATTERN_LIMIT: usize = 1 << 20;

impl Condition {
    /// Makes a filter ready, or tells why the system cannot apply it.
    pub(super) fn new(filter: &Filter, system: &System<'_>) -> Result<Self, Issue> {
        let Filter { property, op, value } = filter;
        let Some(value) = value else { return Err(message::filter_without_value(system.url(), property, op)) };
        let not_understood = || message::filter_not_understood(property, op, value);
        let subject = Subject::new(property, system).ok_or_else(not_understood)?;
        let test = match op.as_str() {
            "regex" => Test::Matches(pattern(value).ok_or_else(|| message::invalid_regex(property, value))?),
            "=" => Test::In(vec![value.clone()]),
            "in" => Test::In(listed(value)),
            "not-in" => Test::NotIn(listed(value)),
            "exists" => Test::Exists(value.parse().map_err(|_| not_understood())?),
            hierarchical if matches!(subject, Subject::Code) => {
                Test::in_hierarchy(hierarchical, system.locate(value)).ok_or_else(not_understood)?
            }
            _ => return Err(not_understood()),
        };
        Ok(Self { subject, test })
    }

    /// Whether a concept passes.
    pub(super) fn holds(&self, system: &System<'_>, at: u32) -> bool {
        let values = || self.subject.values(system, at);
        match &self.test {
            Test::IsA(of) => of.is_some_and(|of| system.is_a(at, of)),
            Test::Under(of) => of.is_some_and(|of| at != of && system.is_a(at, of)),
            Test::ChildOf(of) => of.is_some_and(|of| system.parents(at).any(|parent| parent == of)),
            Test::LeafOf(of) => of.is_some_and(|of| system.is_a(at, of)) && system.children(at).next().is_none(),
            Test::Above(of) => of.is_some_and(|of| system.is_a(of, at)),
            Test::IsNotA(of) => of.is_some_and(|of| !system.is_a(at, of)),
            Test::In(listed) => values().iter().any(|value| listed.contains(value)),
            Test::NotIn(listed) => !values().iter().any(|value| listed.contains(value)),
            Test::Exists(wanted) => values().is_empty() != *wanted,
            Test::Matches(pattern) => values().iter().any(|value| pattern.is_match(value)),
        }
    }
}

impl Subject {
    fn new(property: &str, system: &System<'_>) -> Option<Self> {
        match property {
            "concept" | "code" => Some(Self::Code),
            "display" => Some(Self::Display),
            "parent" => Some(Self::Parent),
            "child" => Some(Self::Child),
            other => knows(system, other).then(|| Self::Property(other.to_owned())),
        }
    }

    fn values(&self, system: &System<'_>, at: u32) -> Vec<String> {
        let codes = |places: &mut dyn Iterator<Item = u32>| places.map(|place| system.code(place).to_owned()).collect();
        match self {
            Self::Code => vec![system.code(at).to_owned()],
            Self::Display => system.concept(at).and_then(|concept| concept.display.clone()).into_iter().collect(),
            Self::Parent => codes(&mut system.parents(at)),
            Self::Child => codes(&mut system.children(at)),
            Self::Property(code) => system.values(at, code),
        }
    }
}

impl System<'_> {
    /// The values of a property of a concept, as texts.
    fn values(&self, at: u32, code: &str) -> Vec<String> {
        let properties = self.properties(at).into_iter().filter(|(property, _)| property.code == code);
        properties.map(|(property, _)| super::json::primitive(&property.value)).collect()
    }
}

/// Whether a property is declared, is a standard one, or is used by any concept.
fn knows(system: &System<'_>, property: &str) -> bool {
    let standard = ["inactive", "status", "notSelectable", "deprecationDate"];
    let used = || system.definition.concepts.iter().any(|concept| concept.values(property).next().is_some());
    let declared = || std::iter::once(system.definition).chain(system.supplements.iter().copied());
    declared().any(|system| system.properties.iter().any(|known| known.code == property))
        || standard.contains(&property)
        || used()
}

impl Test {
    fn in_hierarchy(op: &str, of: Option<u32>) -> Option<Self> {
        Some(match op {
            "is-a" => Self::IsA(of),
            "descendent-of" | "descendant-of" => Self::Under(of),
            "child-of" => Self::ChildOf(of),
            "descendent-leaf" => Self::LeafOf(of),
            "generalizes" => Self::Above(of),
            "is-not-a" => Self::IsNotA(of),
            _ => return None,
        })
    }
}

fn listed(value: &str) -> Vec<String> {
    value.split(',').map(|item| item.trim().to_owned()).collect()
}

/// FHIR means the whole value by a pattern, not a part of it.
fn pattern(value: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{value})$")).size_limit(PATTERN_LIMIT).build().ok()
}
