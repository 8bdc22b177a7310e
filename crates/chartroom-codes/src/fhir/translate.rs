//! `$translate`: a code of one system as a code of another.

use super::concept_map::{Group, Pair, Relationship, Unmapped};
use super::publication::split_canonical;
use super::validate::Coding;
use super::{Catalog, ConceptMap};

/// What a code is in another system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Translation {
    /// The codes that it is mapped to.
    pub matches: Vec<Match>,
}

/// One code that another is mapped to.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The code that it is mapped to.
    pub target: Coding,
    /// The code that it is mapped from.
    pub source: Coding,
    /// How they relate.
    pub relationship: Relationship,
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

/// Maps name further maps for what they do not map themselves. This many in a row are followed.
const LONGEST_CHAIN: usize = 8;

impl Translation {
    /// Whether there is a code that it is mapped to and related with.
    pub fn is_found(&self) -> bool {
        self.matches.iter().any(|found| found.relationship != Relationship::NotRelated)
    }
}

impl Catalog {
    /// What the maps make of a coding. A map may be named by its URL; else all maps are asked that go to the other system.
    pub fn translate(
        &self,
        from: &Coding,
        direction: Direction,
        other_system: Option<&str>,
        map: Option<&str>,
    ) -> Translation {
        let maps: Vec<&ConceptMap> = match map {
            Some(canonical) => {
                let (url, version) = split_canonical(canonical);
                self.concept_map(url, version).into_iter().collect()
            }
            None => self.concept_maps().collect(),
        };
        let mut translation = Translation::default();
        for map in maps {
            self.translate_with(map, from, direction, other_system, LONGEST_CHAIN, &mut translation);
        }
        translation
    }

    fn translate_with(
        &self,
        map: &ConceptMap,
        from: &Coding,
        direction: Direction,
        other_system: Option<&str>,
        chain: usize,
        translation: &mut Translation,
    ) {
        let is_asked = |system: &Option<String>, asked: Option<&str>| asked.is_none() || system.as_deref() == asked;
        for group in &map.groups {
            let (own, other) = match direction {
                Direction::Forward => (&group.source, &group.target),
                Direction::Reverse => (&group.target, &group.source),
            };
            if !is_asked(own, from.system.as_deref()) || !is_asked(other, other_system) {
                continue;
            }
            let found: Vec<Match> =
                group.pairs.iter().filter_map(|pair| group.matched(pair, from, direction, map)).collect();
            let is_listed = group.pairs.iter().any(|pair| Some(&pair.source) == from.code.as_ref());
            if direction == Direction::Forward && !is_listed {
                self.translate_unmapped(map, group, from, other_system, chain, translation);
            }
            translation
                .matches
                .extend(found.into_iter().filter(|found| !translation.matches.contains(found)).collect::<Vec<_>>());
        }
    }

    fn translate_unmapped(
        &self,
        map: &ConceptMap,
        group: &Group,
        from: &Coding,
        other_system: Option<&str>,
        chain: usize,
        translation: &mut Translation,
    ) {
        let target =
            |code: Option<String>, display| Coding { system: group.target.clone(), version: None, code, display };
        let (target, relationship) = match &group.unmapped {
            Some(Unmapped::Same) => (target(from.code.clone(), from.display.clone()), Relationship::Equivalent),
            Some(Unmapped::Fixed { code, display, relationship }) => {
                (target(Some(code.clone()), display.clone()), *relationship)
            }
            Some(Unmapped::Other(canonical)) if chain > 0 => {
                let (url, version) = split_canonical(canonical);
                if let Some(next) = self.concept_map(url, version) {
                    self.translate_with(next, from, Direction::Forward, other_system, chain - 1, translation);
                }
                return;
            }
            _ => return,
        };
        let map = map.publication.canonical();
        translation.matches.push(Match { target, source: from.clone(), relationship, map });
    }
}

impl Group {
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
            map: map.publication.canonical(),
        })
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
        map().translate(&Coding::new("urn:letters", code), Direction::Forward, Some("urn:numbers"), None)
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
        let found = map().translate(&one, Direction::Reverse, Some("urn:letters"), Some("urn:map"));
        assert_eq!(found.matches[0].source.code.as_deref(), Some("A"));
        assert_eq!(found.matches[0].map, "urn:map|1");
    }
}
