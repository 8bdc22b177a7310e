//! The filters of a value set: FHIR's `filter-operator`.

use regex::{Regex, RegexBuilder};

use super::issue::Issue;
use super::message;
use super::source::{OwnTest, Place};
use super::system::System;
use super::value_set::Filter;

/// A filter made ready for one system.
pub(super) enum Condition<'f> {
    /// One that every system understands.
    Common { subject: Subject, test: Test<'f> },
    /// One that the system understands in its own way.
    Own(OwnTest<'f>),
}

/// What a filter looks at.
#[derive(Debug)]
pub(super) enum Subject {
    Code,
    Display,
    Parent,
    Child,
    Property(String),
}

#[derive(Debug)]
pub(super) enum Test<'f> {
    /// The concept or one under it.
    IsA(Option<Place<'f>>),
    /// One under the concept, at any depth.
    Under(Option<Place<'f>>),
    /// Directly under the concept.
    ChildOf(Option<Place<'f>>),
    /// Under the concept, with none under it.
    LeafOf(Option<Place<'f>>),
    /// The concept or one above it.
    Above(Option<Place<'f>>),
    /// Neither the concept nor one under it.
    IsNotA(Option<Place<'f>>),
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists(bool),
    Matches(Regex),
}

/// The most memory that a compiled pattern may take. Matching takes time in proportion to the text, whatever the pattern.
const PATTERN_LIMIT: usize = 1 << 20;

impl<'f> Condition<'f> {
    /// Makes a filter ready, or tells why the system cannot apply it.
    pub(super) fn new(filter: &'f Filter, system: &System<'f>) -> Result<Self, Issue> {
        let Filter { property, op, value } = filter;
        let Some(value) = value else { return Err(message::filter_without_value(system.url(), property, op)) };
        if let Some(own) = system.source.own_test(filter) {
            return own.map(Self::Own);
        }
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
        Ok(Self::Common { subject, test })
    }

    /// Whether a concept passes all of them, or why that cannot be told.
    pub(super) fn all_hold(conditions: &[Self], system: &System<'_>, at: Place<'_>) -> Result<bool, Issue> {
        conditions.iter().try_fold(true, |holds, condition| Ok(holds && condition.holds(system, at)?))
    }

    /// Whether a concept passes, or why that cannot be told.
    pub(super) fn holds(&self, system: &System<'_>, at: Place<'_>) -> Result<bool, Issue> {
        let (subject, test) = match self {
            Self::Common { subject, test } => (subject, test),
            Self::Own(test) => return test(at),
        };
        let values = || subject.values(system, at);
        Ok(match test {
            Test::IsA(of) => of.is_some_and(|of| system.is_a(at, of)),
            Test::Under(of) => of.is_some_and(|of| at != of && system.is_a(at, of)),
            Test::ChildOf(of) => of.is_some_and(|of| system.parents(at).contains(&of)),
            Test::LeafOf(of) => of.is_some_and(|of| system.is_a(at, of)) && system.children(at).is_empty(),
            Test::Above(of) => of.is_some_and(|of| system.is_a(of, at)),
            Test::IsNotA(of) => of.is_some_and(|of| !system.is_a(at, of)),
            Test::In(listed) => values().iter().any(|value| listed.contains(value)),
            Test::NotIn(listed) => !values().iter().any(|value| listed.contains(value)),
            Test::Exists(wanted) => values().is_empty() != *wanted,
            Test::Matches(pattern) => values().iter().any(|value| pattern.is_match(value)),
        })
    }
}

impl Subject {
    fn new(property: &str, system: &System<'_>) -> Option<Self> {
        match property {
            "concept" | "code" => Some(Self::Code),
            "display" => Some(Self::Display),
            "parent" => Some(Self::Parent),
            "child" => Some(Self::Child),
            other => system.knows_property(other).then(|| Self::Property(other.to_owned())),
        }
    }

    fn values(&self, system: &System<'_>, at: Place<'_>) -> Vec<String> {
        let codes =
            |places: Vec<Place<'static>>| places.into_iter().map(|at| system.source.code(at).into_owned()).collect();
        match self {
            Self::Code => vec![system.source.code(at).into_owned()],
            Self::Display => system
                .source
                .terms(at)
                .into_iter()
                .filter(|term| term.is_display)
                .map(|term| term.value.into_owned())
                .take(1)
                .collect(),
            Self::Parent => codes(system.parents(at)),
            Self::Child => codes(system.children(at)),
            Self::Property(code) => system.values(at, code),
        }
    }
}

impl System<'_> {
    /// The values of a property of a concept, as texts.
    fn values(&self, at: Place<'_>, code: &str) -> Vec<String> {
        let properties = self.properties(at).into_iter().filter(|(property, _)| property.code == code);
        properties.map(|(property, _)| super::json::primitive(&property.value)).collect()
    }
}

impl<'f> Test<'f> {
    fn in_hierarchy(op: &str, of: Option<Place<'f>>) -> Option<Self> {
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
