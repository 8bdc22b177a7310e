//! `$translate`: a code of one system as a code of another.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use serde_json::Value;

use super::concept_map::{Group, Pair, Relationship, Unmapped};
use super::issue::{IssueKind, Refusal};
use super::publication::split_canonical;
use super::validate::Coding;
use super::{Catalog, ConceptMap, message};

/// What a code is in another system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Translation {
    /// The codes that it is mapped to.
    pub matches: Vec<Match>,
}

/// One code that another is mapped to.
#[derive(Clone, PartialEq)]
pub struct Match {
    /// The code that it is mapped to.
    pub target: Coding,
    /// The code that it is mapped from.
    pub source: Coding,
    /// How they relate.
    pub relationship: Relationship,
    /// What else must be so for that to hold: each is a FHIR `dependsOn`. Nobody has looked whether it is.
    pub conditions: Vec<Value>,
    /// What else the code means in the other system: each is a FHIR `product`.
    pub products: Vec<Value>,
    /// The canonical of the map that says so.
    pub map: String,
}

/// What a translation starts from, and in which direction it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the source of the maps to their target.
    Forward,
    /// From the target of the maps back to their source.
    Reverse,
}

impl Translation {
    /// Whether there is a code that it is mapped to and related with, whatever else is so.
    pub fn is_found(&self) -> bool {
        let holds = |found: &Match| found.relationship != Relationship::NotRelated && found.conditions.is_empty();
        self.matches.iter().any(holds)
    }
}

impl Catalog {
    /// What the maps make of a coding. A map may be named by its URL or `url|version`; else the latest version of each map is asked that
    /// goes to the other system, in the order of their URLs.
    ///
    /// # Errors
    ///
    /// If the coding has no system, or a map that is named is not known, be it by the request or by another map.
    pub fn translate(
        &self,
        from: &Coding,
        direction: Direction,
        other_system: Option<&str>,
        map: Option<&str>,
    ) -> Result<Translation, Refusal> {
        if from.system.is_none() {
            return Err(message::plain(IssueKind::Invalid, "A code without a system cannot be translated").into());
        }
        let mut waiting: VecDeque<&ConceptMap> = match map {
            Some(canonical) => self.named_maps(canonical)?.into(),
            None => self.current_maps().collect(),
        };
        let mut translation = Translation::default();
        // Maps name further maps for what they do not map themselves. Each is asked once.
        let mut asked = HashSet::new();
        while let Some(map) = waiting.pop_front() {
            if !asked.insert(std::ptr::from_ref(map)) {
                continue;
            }
            for group in map.groups.iter().filter(|group| group.is_asked(from, direction, other_system)) {
                let found = group.pairs.iter().filter_map(|pair| group.matched(pair, from, direction, map));
                translation.matches.extend(found);
                if direction == Direction::Forward && !group.says(from) {
                    match &group.unmapped {
                        Some(Unmapped::Other(canonical)) => waiting.extend(self.named_maps(canonical)?),
                        unmapped => translation.matches.extend(group.unmapped(unmapped.as_ref(), from, map)),
                    }
                }
            }
        }
        Ok(translation)
    }

    fn named_maps(&self, canonical: &str) -> Result<Vec<&ConceptMap>, Refusal> {
        let (url, version) = split_canonical(canonical);
        match self.maps_named(url, version) {
            found if found.is_empty() => {
                let text = format!("A definition for the concept map '{canonical}' could not be found");
                Err(message::plain(IssueKind::NotFound, text).into())
            }
            found => Ok(found),
        }
    }
}

impl Group {
    /// Whether it maps between the system of a coding and the other one.
    fn is_asked(&self, from: &Coding, direction: Direction, other_system: Option<&str>) -> bool {
        let (own, other) = match direction {
            Direction::Forward => (&self.source, &self.target),
            Direction::Reverse => (&self.target, &self.source),
        };
        *own == from.system && other_system.is_none_or(|asked| other.as_deref() == Some(asked))
    }

    /// Whether it says itself what becomes of a code, be it that there is no counterpart.
    fn says(&self, from: &Coding) -> bool {
        let is_it = |source: &String| Some(source) == from.code.as_ref();
        self.pairs.iter().any(|pair| is_it(&pair.source))
            || from.code.iter().any(|code| self.without_map.contains(code))
    }

    fn unmapped(&self, unmapped: Option<&Unmapped>, from: &Coding, map: &ConceptMap) -> Option<Match> {
        let (code, display, relationship) = match unmapped? {
            Unmapped::Same => (from.code.clone(), from.display.clone(), Relationship::Equivalent),
            Unmapped::Fixed { code, display, relationship } => (Some(code.clone()), display.clone(), *relationship),
            Unmapped::Other(_) => return None,
        };
        let target = Coding { system: self.target.clone(), version: None, code, display };
        let (conditions, products) = (Vec::new(), Vec::new());
        let map = map.publication.canonical();
        Some(Match { target, source: from.clone(), relationship, conditions, products, map })
    }

    fn matched(&self, pair: &Pair, from: &Coding, direction: Direction, map: &ConceptMap) -> Option<Match> {
        let own = match direction {
            Direction::Forward => Some(&pair.source),
            Direction::Reverse => pair.target.as_ref(),
        };
        (own.is_some() && own == from.code.as_ref()).then(|| Match {
            target: Coding {
                system: self.target.clone(),
                version: None,
                code: pair.target.clone(),
                display: pair.display.clone(),
            },
            source: Coding { system: self.source.clone(), code: Some(pair.source.clone()), ..Coding::default() },
            relationship: pair.relationship,
            conditions: pair.conditions.clone(),
            products: pair.products.clone(),
            map: map.publication.canonical(),
        })
    }
}

impl fmt::Debug for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self { target, source, relationship, conditions: _, products: _, map } = self;
        let mut shown = f.debug_struct("Match");
        shown.field("target", target).field("source", source).field("relationship", relationship);
        shown.field("map", map).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixture::catalog;
    use super::*;

    fn map() -> Catalog {
        catalog(&[json!({
            "resourceType": "ConceptMap", "url": "urn:map", "version": "1", "group": [{
                "source": "urn:letters", "target": "urn:numbers",
                "element": [
                    { "code": "A", "target": [{ "code": "1", "equivalence": "wider" }] },
                    { "code": "B", "target": [{ "code": "2", "relationship": "not-related-to" }] }
                ],
                "unmapped": { "mode": "fixed", "code": "0", "relationship": "related-to" }
            }]
        })])
    }

    fn forward(code: &str) -> Translation {
        map().translate(&Coding::new("urn:letters", code), Direction::Forward, Some("urn:numbers"), None).unwrap()
    }

    #[test]
    fn r4_and_r5_words_are_read_alike() {
        let found = forward("A");
        assert_eq!(found.matches[0].target.code.as_deref(), Some("1"));
        assert_eq!(found.matches[0].relationship, Relationship::Narrower);
        assert!(found.is_found() && !forward("B").is_found());
    }

    #[test]
    fn what_is_not_mapped_falls_to_the_fixed_code() {
        let found = forward("Z");
        assert_eq!(found.matches.iter().map(|it| it.target.code.as_deref()).collect::<Vec<_>>(), [Some("0")]);
    }

    #[test]
    fn backwards_tells_the_source() {
        let one = Coding::new("urn:numbers", "1");
        let found = map().translate(&one, Direction::Reverse, Some("urn:letters"), Some("urn:map")).unwrap();
        assert_eq!(found.matches[0].source.code.as_deref(), Some("A"));
        assert_eq!(found.matches[0].map, "urn:map|1");
    }

    /// A map of letters to numbers with these elements and what becomes of the rest.
    fn letters_to_numbers(url: &str, version: &str, element: Value, unmapped: Value) -> Value {
        json!({ "resourceType": "ConceptMap", "url": url, "version": version, "group": [{
            "source": "urn:letters", "target": "urn:numbers", "element": element, "unmapped": unmapped }] })
    }

    fn targets(translation: &Translation) -> Vec<&str> {
        translation.matches.iter().filter_map(|found| found.target.code.as_deref()).collect()
    }

    fn ask(catalog: &Catalog, map: Option<&str>, code: &str) -> Result<Translation, Refusal> {
        catalog.translate(&Coding::new("urn:letters", code), Direction::Forward, None, map)
    }

    #[test]
    fn what_holds_on_a_condition_is_not_found_without_it() {
        let condition = json!([{ "attribute": "urn:laterality", "valueCode": "left" }]);
        let element = json!([
            { "code": "A", "target": [{ "code": "1", "relationship": "equivalent", "dependsOn": condition }] },
            { "code": "B", "noMap": true }
        ]);
        let fixed = json!({ "mode": "fixed", "code": "0", "relationship": "equivalent" });
        let catalog = catalog(&[letters_to_numbers("urn:map", "1", element, fixed)]);
        let found = ask(&catalog, None, "A").unwrap();
        assert!(!found.is_found() && found.matches[0].conditions.len() == 1);
        assert_eq!(ask(&catalog, None, "B"), Ok(Translation::default()), "it is said to have no counterpart");
        assert!(!format!("{found:?}").contains("left"));
    }

    #[test]
    fn the_latest_version_of_each_map_answers_in_order() {
        let element =
            |target: &str| json!([{ "code": "A", "target": [{ "code": target, "relationship": "equivalent" }] }]);
        let map = |url: &str, version: &str, target: &str| letters_to_numbers(url, version, element(target), json!({}));
        let catalog = catalog(&[map("urn:b", "1", "old"), map("urn:b", "2", "new"), map("urn:a", "1", "first")]);
        assert_eq!(targets(&ask(&catalog, None, "A").unwrap()), ["first", "new"]);
        assert_eq!(targets(&ask(&catalog, Some("urn:b"), "A").unwrap()), ["new"]);
        assert_eq!(targets(&ask(&catalog, Some("urn:b|1"), "A").unwrap()), ["old"]);
    }

    #[test]
    fn what_is_not_known_is_an_error_and_no_empty_answer() {
        let other = |url: &str| json!({ "mode": "other-map", "otherMap": url });
        let catalog = catalog(&[letters_to_numbers("urn:map", "1", json!([]), other("urn:not-there"))]);
        assert!(ask(&catalog, Some("urn:unknown"), "A").is_err());
        assert!(ask(&catalog, Some("urn:map|9"), "A").is_err());
        assert!(ask(&catalog, None, "A").is_err(), "the other map is not there");
        let without_system = Coding { system: None, ..Coding::new("", "A") };
        assert!(catalog.translate(&without_system, Direction::Forward, None, None).is_err());
    }

    #[test]
    fn maps_that_name_each_other_are_asked_once() {
        let other = |url: &str| json!({ "mode": "other-map", "otherMap": url });
        let group = |at: usize| json!({ "source": "urn:letters", "target": "urn:numbers", "unmapped": other(&format!("urn:{at}")) });
        let many: Vec<Value> = (0..20).map(group).collect();
        let map = |at: usize| json!({ "resourceType": "ConceptMap", "url": format!("urn:{at}"), "group": many });
        let maps: Vec<Value> = (0..20).map(map).collect();
        assert_eq!(ask(&catalog(&maps), Some("urn:0"), "A"), Ok(Translation::default()));
    }
}
