//! The filters of a value set: FHIR's `filter-operator`.

use std::collections::HashSet;

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

pub(super) enum Test<'f> {
    /// Where a concept stands to a named one.
    Stands(Standing, Place<'f>),
    /// As that, where all that stand so under or above the named one have been gathered.
    StandsAmong(Standing, Place<'f>, HashSet<Place<'static>>),
    /// One of these places.
    At(Vec<Place<'f>>),
    NotAt(Vec<Place<'f>>),
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists(bool),
    Matches(Regex),
}

/// How a concept stands in the hierarchy to one that a filter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The concept or one under it.
    IsA,
    /// One under the concept, at any depth.
    Under,
    /// Directly under the concept.
    ChildOf,
    /// Under the concept, with none under it.
    LeafOf,
    /// The concept or one above it.
    Above,
    /// Neither the concept nor one under it.
    IsNotA,
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
        // What is not known is never taken for nothing: nothing would be left out by it, or all taken in.
        let unknown = || message::filter_on_unknown_code(system.url(), property, op, value);
        let named = |code: &'f str| match system.locate(code) {
            // That a code is one which the system does not have is known.
            None if matches!(subject, Subject::Code) => Ok(None),
            found => found.map(Some).ok_or_else(unknown),
        };
        let places = || listed(value).filter_map(|code| named(code).transpose()).collect::<Result<Vec<_>, Issue>>();
        let is_place = matches!(subject, Subject::Code | Subject::Parent | Subject::Child);
        let test = match op.as_str() {
            "regex" => Test::Matches(pattern(value).ok_or_else(|| message::invalid_regex(property, value))?),
            "=" if is_place => Test::At(named(value)?.into_iter().collect()),
            "=" => Test::In(vec![value.clone()]),
            "in" if is_place => Test::At(places()?),
            "in" => Test::In(listed(value).map(str::to_owned).collect()),
            "not-in" if is_place => Test::NotAt(places()?),
            "not-in" => Test::NotIn(listed(value).map(str::to_owned).collect()),
            "exists" => Test::Exists(value.parse().map_err(|_| not_understood())?),
            hierarchical if matches!(subject, Subject::Code) => {
                let standing = Standing::read(hierarchical).ok_or_else(not_understood)?;
                Test::Stands(standing, system.locate(value).ok_or_else(unknown)?)
            }
            _ => return Err(not_understood()),
        };
        Ok(Self::Common { subject, test })
    }

    /// The same, made ready to look at all concepts of the system: the hierarchy is walked once, and not once for each of them.
    pub(super) fn for_all(self, system: &System<'_>) -> Self {
        match self {
            Self::Common { subject, test: Test::Stands(standing, of) } => {
                let reached = match standing {
                    Standing::ChildOf => None,
                    Standing::Above => system.source.gather_above(of),
                    _ => system.source.gather_under(of),
                };
                let test = match reached {
                    Some(reached) => Test::StandsAmong(standing, of, reached),
                    None => Test::Stands(standing, of),
                };
                Self::Common { subject, test }
            }
            other => other,
        }
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
            Test::Stands(standing, of) => standing.holds(system, at, *of, |below, above| system.is_a(below, above)),
            Test::StandsAmong(standing, of, reached) => standing.holds(system, at, *of, |_, _| is_among(reached, at)),
            Test::At(places) => subject.places(system, at).iter().any(|place| places.contains(place)),
            Test::NotAt(places) => !subject.places(system, at).iter().any(|place| places.contains(place)),
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

    /// The places that it looks at, if it is of that kind.
    fn places<'p>(&self, system: &System<'_>, at: Place<'p>) -> Vec<Place<'p>> {
        match self {
            Self::Code => vec![at],
            Self::Parent => system.parents(at),
            Self::Child => system.children(at),
            Self::Display | Self::Property(_) => Vec::new(),
        }
    }

    fn values(&self, system: &System<'_>, at: Place<'_>) -> Vec<String> {
        match self {
            Self::Display => system
                .source
                .terms(at)
                .into_iter()
                .filter(|term| term.is_display)
                .map(|term| term.value.into_owned())
                .take(1)
                .collect(),
            Self::Property(code) => system.values(at, code),
            _ => {
                let codes = self.places(system, at).into_iter();
                codes.map(|place| system.source.code(place).into_owned()).collect()
            }
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

impl Standing {
    fn read(op: &str) -> Option<Self> {
        Some(match op {
            "is-a" => Self::IsA,
            "descendent-of" | "descendant-of" => Self::Under,
            "child-of" => Self::ChildOf,
            "descendent-leaf" => Self::LeafOf,
            "generalizes" => Self::Above,
            "is-not-a" => Self::IsNotA,
            _ => return None,
        })
    }

    /// Whether a concept stands so to the named one. `is_a` tells whether the first of two stands under the second, or is it.
    fn holds(
        self,
        system: &System<'_>,
        at: Place<'_>,
        of: Place<'_>,
        is_a: impl FnOnce(Place<'_>, Place<'_>) -> bool,
    ) -> bool {
        match self {
            Self::IsA => is_a(at, of),
            Self::Under => at != of && is_a(at, of),
            Self::ChildOf => system.parents(at).contains(&of),
            Self::LeafOf => is_a(at, of) && system.children(at).is_empty(),
            Self::Above => is_a(of, at),
            Self::IsNotA => !is_a(at, of),
        }
    }
}

fn is_among(reached: &HashSet<Place<'static>>, at: Place<'_>) -> bool {
    match at {
        Place::Listed(index) => reached.contains(&Place::Listed(index)),
        Place::Written(_) => false,
    }
}

fn listed(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim)
}

/// FHIR means the whole value by a pattern, not a part of it. It must be a pattern by itself, and not only between the parentheses.
fn pattern(value: &str) -> Option<Regex> {
    RegexBuilder::new(value).size_limit(PATTERN_LIMIT).build().ok()?;
    RegexBuilder::new(&format!("^(?:{value})$")).size_limit(PATTERN_LIMIT).build().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::fixture::{catalog, letters};
    use super::super::{Catalog, Coding, Options};

    /// A value set of all letters but those that pass a filter.
    fn without(property: &str, op: &str, value: &str) -> Catalog {
        let filter = json!([{ "property": property, "op": op, "value": value }]);
        let set = json!({ "resourceType": "ValueSet", "url": "urn:set", "compose": {
            "include": [{ "system": "urn:letters" }], "exclude": [{ "system": "urn:letters", "filter": filter }]
        } });
        catalog(&[letters(), set])
    }

    fn is_in(catalog: &Catalog, code: &str) -> bool {
        let coding = Coding::new("urn:letters", code);
        catalog.validate_code("urn:set", coding, &Options::default()).unwrap().is_valid
    }

    fn codes(catalog: &Catalog, set: &str) -> Vec<String> {
        let flat = Options { exclude_nested: Some(true), ..Options::default() };
        catalog.expand(set, &flat).unwrap().contains.into_iter().map(|code| code.code).collect()
    }

    #[test]
    fn a_filter_on_a_code_that_is_not_there_is_refused() {
        for op in ["is-a", "descendent-of", "child-of", "descendent-leaf", "generalizes", "is-not-a"] {
            let catalog = without("concept", op, "TYPO");
            let coding = Coding::new("urn:letters", "AA");
            assert!(catalog.validate_code("urn:set", coding, &Options::default()).is_err(), "{op}");
            assert!(catalog.expand("urn:set", &Options::default()).is_err(), "{op}");
        }
        for (property, op) in [("parent", "="), ("child", "in"), ("concept", "regex")] {
            let value = if op == "regex" { "A)|(?:.*" } else { "A,TYPO" };
            assert!(without(property, op, value).expand("urn:set", &Options::default()).is_err(), "{property} {op}");
        }
    }

    #[test]
    fn each_way_to_stand_is_the_same_one_by_one_and_in_a_list() {
        for (op, left) in [
            ("is-a", "A AB B C"),
            ("descendent-of", "A AA AB B C"),
            ("child-of", "A AA AB B C"),
            ("descendent-leaf", "A AA AB B C"),
            ("generalizes", "AAA AB B C"),
            ("is-not-a", "AA AAA"),
        ] {
            let catalog = without("concept", op, "AA");
            assert_eq!(codes(&catalog, "urn:set").join(" "), left, "{op}");
            for code in ["A", "AA", "AAA", "AB", "B", "C"] {
                assert_eq!(is_in(&catalog, code), left.split(' ').any(|other| other == code), "{op} {code}");
            }
        }
    }

    #[test]
    fn codes_are_the_same_in_any_case_where_case_does_not_matter() {
        let mut system = letters();
        system["caseSensitive"] = json!(false);
        let set = |url: &str, compose: Value| json!({ "resourceType": "ValueSet", "url": url, "compose": compose });
        let letters = |key: &str, value: Value| json!([{ "system": "urn:letters", key: value }]);
        let named = json!([{ "code": "aA" }]);
        let filter = |op: &str, value: &str| json!([{ "property": "concept", "op": op, "value": value }]);
        let sets = [
            set("urn:named", json!({ "include": letters("concept", named.clone()) })),
            set(
                "urn:others",
                json!({ "include": [{ "system": "urn:letters" }], "exclude": letters("concept", named) }),
            ),
            set("urn:equal", json!({ "include": letters("filter", filter("=", "aa")) })),
            set("urn:unequal", json!({ "include": letters("filter", filter("not-in", "b, aa")) })),
        ];
        let stored = json!({ "resourceType": "ValueSet", "url": "urn:stored",
            "expansion": { "contains": [{ "system": "urn:letters", "code": "AA" }] } });
        let catalog = sets.iter().fold(catalog(&[system, stored]), |catalog, set| catalog.with(set).unwrap());
        for (url, is_in) in [
            ("urn:named", true),
            ("urn:others", false),
            ("urn:equal", true),
            ("urn:unequal", false),
            ("urn:stored", true),
        ] {
            assert_eq!(codes(&catalog, url).contains(&"AA".to_owned()), is_in, "{url}");
            for code in ["AA", "aa", "Aa"] {
                let coding = Coding::new("urn:letters", code);
                let answer = catalog.validate_code(url, coding, &Options::default()).unwrap();
                assert_eq!(answer.is_valid, is_in, "{url} {code}");
                let normalized = answer.normalized_code.as_deref().filter(|_| is_in);
                assert_eq!(normalized, (is_in && code != "AA").then_some("AA"), "{url} {code}");
            }
        }
    }

    #[test]
    fn a_deep_hierarchy_is_walked_once() {
        let under = |at: usize| json!([{ "code": "parent", "valueCode": format!("c{}", at.saturating_sub(1)) }]);
        let concepts = (0..20_000).map(|at| match at {
            0 => json!({ "code": "c0" }),
            at => json!({ "code": format!("c{at}"), "property": under(at) }),
        });
        let system = json!({ "resourceType": "CodeSystem", "url": "urn:chain", "content": "complete",
            "concept": concepts.collect::<Vec<_>>() });
        let filter = |op: &str| json!({ "property": "concept", "op": op, "value": "c9999" });
        let set = |op: &str| {
            json!({ "resourceType": "ValueSet", "url": format!("urn:{op}"), "compose": {
            "include": [{ "system": "urn:chain", "filter": [filter(op)] }] } })
        };
        let catalog = catalog(&[system, set("is-a"), set("generalizes")]);
        let all = Options { limit: Some(20_000), ..Options::default() };
        let total = |url: &str| catalog.expand(url, &all).unwrap().total;
        assert_eq!((total("urn:is-a"), total("urn:generalizes")), (Some(10_001), Some(10_000)));
    }
}
