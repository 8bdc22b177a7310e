//! SNOMED CT, loaded: its concepts with their terms, the closure of `is a`, the attributes that define concepts, and the reference sets.
//!
//! A [`Snapshot`] is what a release says; the reader in `import` takes it from the release files. [`SnomedCt`] is that snapshot made
//! ready to be asked: by [`SnomedCt::subsumes`], by a [`Constraint`](crate::ecl::Constraint) of the expression constraint language, or,
//! with the feature `fhir`, as a code system of a `Catalog`.
//!
//! ```
//! use chartroom_codes::snomed::{Concept, Snapshot, SnomedCt};
//!
//! let concept = |id| Concept { id, ..Concept::default() };
//! let snapshot = Snapshot {
//!     concepts: vec![concept(64572001), concept(73211009)],
//!     is_a: vec![(73211009, 64572001)],
//!     ..Snapshot::default()
//! };
//! let snomed = SnomedCt::new("http://snomed.info/sct/900000000000207008/version/20250201", snapshot)?;
//! assert!(snomed.subsumes(64572001, 73211009));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! SNOMED CT is licensed: the release is always the user's own.

mod expression;
mod normal;
#[cfg(test)]
pub(crate) mod sample;
mod scan;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::hierarchy::{Cycle, Hierarchy};
use crate::table::{Release, Row, Validity};

pub use self::expression::{Expression, InvalidExpression, Value};
pub(crate) use self::normal::Defined;
pub(crate) use self::scan::Scan;

/// Above every reference set.
pub(crate) const REFERENCE_SET: u64 = 900_000_000_000_455_006;

/// What a release of SNOMED CT says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every concept, once.
    pub concepts: Vec<Concept>,
    /// The active terms of concepts.
    pub terms: Vec<Term>,
    /// Each active `is a` relationship: the more specific concept and the more general one.
    pub is_a: Vec<(u64, u64)>,
    /// Every other active relationship between concepts.
    pub attributes: Vec<Attribute>,
    /// Each active member of a reference set that is a concept: the set and the member.
    pub members: Vec<(u64, u64)>,
}

/// A concept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concept {
    /// Its identifier.
    pub id: u64,
    /// The first day on which it was inactive, if it is.
    pub ended: Option<NaiveDate>,
    /// The module that it belongs to.
    pub module: u64,
    /// Whether its attributes say all that it is, so that whatever has them is a kind of it.
    pub is_defined: bool,
    /// The concepts that take its place.
    pub replaced_by: Vec<u64>,
}

/// A term of a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The concept.
    pub concept: u64,
    /// Whether it is the fully specified name, which ends in its semantic tag in parentheses. Else it is a synonym.
    pub is_full_name: bool,
    /// Whether it is the preferred one of its kind in the language that was read.
    pub is_preferred: bool,
    /// Its language.
    pub language: Box<str>,
    /// Its text.
    pub text: Box<str>,
}

/// A relationship that defines a concept, such as that the finding site of hepatitis is the liver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attribute {
    /// The concept that it defines.
    pub source: u64,
    /// Its role group; those of group 0 stand each alone.
    pub group: u32,
    /// What the relationship is.
    pub kind: u64,
    /// Its value.
    pub destination: u64,
}

/// Why a snapshot cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSnapshot {
    /// A concept stands twice.
    #[error("concept {concept} stands twice")]
    Twice {
        /// The concept.
        concept: u64,
    },
    /// A term or a relationship names a concept that is not there.
    #[error("concept {concept} is named, and is not there")]
    Missing {
        /// The concept.
        concept: u64,
    },
    /// The hierarchy leads in a circle.
    #[error(transparent)]
    Cycle(#[from] Cycle),
    /// More concepts than can be counted.
    #[error("too many concepts")]
    TooLarge,
}

/// A release of SNOMED CT, ready to be asked. Cloning it is cheap, and threads can share it.
#[derive(Clone)]
pub struct SnomedCt(Arc<Content>);

struct Content {
    version: String,
    /// Ascending by identifier.
    concepts: Vec<Concept>,
    /// By concept; of each the preferred synonym first.
    terms: Vec<Term>,
    hierarchy: Hierarchy,
    /// By source and group.
    attributes: Vec<Attribute>,
    /// The same, by destination.
    incoming: Vec<Attribute>,
    /// By reference set and member.
    members: Vec<(u64, u64)>,
    /// The same, by member and reference set.
    sets: Vec<(u64, u64)>,
}

impl Snapshot {
    /// The concepts as a release to compile a table of: codes, titles, and the days on which concepts ended.
    pub fn release(&self) -> Release {
        let mut best: Vec<&Term> = self.terms.iter().collect();
        best.sort_by_key(|term| (term.concept, term.rank()));
        best.dedup_by_key(|term| term.concept);
        let title = |id: u64| {
            let at = best.binary_search_by_key(&id, |term| term.concept).ok();
            at.and_then(|at| best.get(at)).map(|term| term.text.to_string()).unwrap_or_default()
        };
        let mut release = Release::default();
        for concept in &self.concepts {
            let code = concept.id.to_string();
            if let Some(ended) = concept.ended {
                let replaced_by = concept.replaced_by.iter().map(u64::to_string).collect();
                release.validity.push(Validity { code: code.clone(), from: None, until: Some(ended), replaced_by });
            }
            release.rows.push(Row { code, selectable: true, title: title(concept.id) });
        }
        release
    }
}

impl Term {
    /// The preferred synonym first, then the full name, then the rest.
    fn rank(&self) -> u8 {
        match (self.is_full_name, self.is_preferred) {
            (false, true) => 0,
            (true, _) => 1,
            (false, false) => 2,
        }
    }
}

impl SnomedCt {
    /// Loads a snapshot under its version, the URI of an edition and its day, such as
    /// `http://snomed.info/sct/900000000000207008/version/20250201`.
    ///
    /// # Errors
    ///
    /// If concepts stand twice, are named and not there, or are kinds of themselves.
    pub fn new(version: impl Into<String>, snapshot: Snapshot) -> Result<Self, InvalidSnapshot> {
        let Snapshot { mut concepts, mut terms, is_a, mut attributes, mut members } = snapshot;
        u32::try_from(concepts.len()).map_err(|_| InvalidSnapshot::TooLarge)?;
        concepts.sort_by_key(|concept| concept.id);
        let twice =
            concepts.windows(2).find(|pair| pair.first().map(|one| one.id) == pair.last().map(|other| other.id));
        if let Some(concept) = twice.and_then(<[Concept]>::first) {
            return Err(InvalidSnapshot::Twice { concept: concept.id });
        }
        let related = is_a.iter().flat_map(|(specific, general)| [*specific, *general]);
        let defining =
            attributes.iter().flat_map(|attribute| [attribute.source, attribute.kind, attribute.destination]);
        let mut named = related.chain(defining).chain(terms.iter().map(|term| term.concept));
        if let Some(concept) = named.find(|id| find(&concepts, *id).is_none()) {
            return Err(InvalidSnapshot::Missing { concept });
        }
        terms.sort_by_key(|term| (term.concept, term.rank()));
        attributes.sort_unstable();
        attributes.dedup();
        let mut incoming = attributes.clone();
        incoming.sort_unstable_by_key(|attribute| (attribute.destination, attribute.kind, attribute.source));
        members.sort_unstable();
        members.dedup();
        let mut sets: Vec<(u64, u64)> = members.iter().map(|&(set, member)| (member, set)).collect();
        sets.sort_unstable();
        let hierarchy = Hierarchy::new(&is_a)?;
        Ok(Self(Arc::new(Content {
            version: version.into(),
            concepts,
            terms,
            hierarchy,
            attributes,
            incoming,
            members,
            sets,
        })))
    }

    /// The URI of the edition and its day.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// How many concepts there are, inactive ones too.
    pub fn len(&self) -> usize {
        self.0.concepts.len()
    }

    /// Whether there is no concept.
    pub fn is_empty(&self) -> bool {
        self.0.concepts.is_empty()
    }

    /// The concepts, ascending.
    pub fn concepts(&self) -> &[Concept] {
        &self.0.concepts
    }

    /// What is known of a concept.
    pub fn concept(&self, id: u64) -> Option<&Concept> {
        find(&self.0.concepts, id)
    }

    /// Whether a concept is there and active.
    pub fn is_active(&self, id: u64) -> bool {
        self.concept(id).is_some_and(|concept| concept.ended.is_none())
    }

    /// The terms of a concept, the preferred synonym first.
    pub fn terms(&self, id: u64) -> &[Term] {
        slice(&self.0.terms, |term| term.concept, id)
    }

    /// The term to show for a concept.
    pub fn preferred_term(&self, id: u64) -> Option<&str> {
        self.terms(id).first().map(|term| &*term.text)
    }

    /// Whether `specific` is `general` or a kind of it, in constant time.
    pub fn subsumes(&self, general: u64, specific: u64) -> bool {
        self.0.hierarchy.subsumes(general, specific)
    }

    /// The closure of `is a`.
    pub fn hierarchy(&self) -> &Hierarchy {
        &self.0.hierarchy
    }

    /// The relationships that define a concept, by role group.
    pub fn attributes(&self, id: u64) -> &[Attribute] {
        slice(&self.0.attributes, |attribute| attribute.source, id)
    }

    /// The relationships whose value a concept is.
    pub fn incoming(&self, id: u64) -> &[Attribute] {
        slice(&self.0.incoming, |attribute| attribute.destination, id)
    }

    /// Whether a concept is a member of a reference set.
    pub fn is_member(&self, set: u64, member: u64) -> bool {
        self.0.members.binary_search(&(set, member)).is_ok()
    }

    /// The reference sets that a concept is a member of.
    pub fn sets_of(&self, member: u64) -> impl Iterator<Item = u64> + '_ {
        slice(&self.0.sets, |(found, _)| *found, member).iter().map(|(_, set)| *set)
    }

    /// Whether members of a reference set are loaded. Of a concept that is no reference set there are none, and that is known.
    pub(crate) fn knows_members(&self, set: u64) -> bool {
        !slice(&self.0.members, |(set, _)| *set, set).is_empty() || !self.is_reference_set(set)
    }

    /// The reference sets of which no member is loaded.
    pub(crate) fn sets_without_members(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.hierarchy.below(REFERENCE_SET).filter(|set| !self.knows_members(*set))
    }

    /// Whether a concept is a reference set: it stands under that concept, or has members.
    pub fn is_reference_set(&self, id: u64) -> bool {
        let is_under = id != REFERENCE_SET && self.subsumes(REFERENCE_SET, id);
        is_under || !slice(&self.0.members, |(set, _)| *set, id).is_empty()
    }
}

fn find(concepts: &[Concept], id: u64) -> Option<&Concept> {
    concepts.get(concepts.binary_search_by_key(&id, |concept| concept.id).ok()?)
}

/// The run of items with a key, of items that are sorted by it.
fn slice<T>(items: &[T], key: impl Fn(&T) -> u64, wanted: u64) -> &[T] {
    let range: Range<usize> =
        items.partition_point(|item| key(item) < wanted)..items.partition_point(|item| key(item) <= wanted);
    items.get(range).unwrap_or_default()
}

impl fmt::Debug for SnomedCt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SnomedCt");
        shown.field("version", &self.version()).field("concepts", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{VERSION, id, snapshot, snomed, text};
    use super::*;

    #[test]
    fn a_release_answers_for_its_concepts() {
        let snomed = snomed();
        assert_eq!((snomed.version(), snomed.len()), (VERSION, 22));
        assert_eq!(snomed.preferred_term(id(21)), Some("Cracked bulb"));
        assert_eq!(snomed.terms(id(21)).len(), 2);
        assert!(snomed.subsumes(id(2), id(33)) && !snomed.subsumes(id(33), id(2)));
        assert!(snomed.is_active(id(34)) && !snomed.is_active(id(30)) && !snomed.is_active(id(99)));
        assert!(snomed.is_member(id(31), id(21)) && !snomed.is_member(id(31), id(22)));
        assert_eq!(snomed.sets_of(id(24)).collect::<Vec<_>>(), [id(31)]);
        assert_eq!(snapshot().release().validity[0].replaced_by, [id(34).to_string()]);
    }

    #[test]
    fn a_release_with_holes_is_refused() {
        let twice = Snapshot { concepts: vec![Concept { id: 7, ..Concept::default() }; 2], ..Snapshot::default() };
        assert_eq!(SnomedCt::new("v", twice).unwrap_err(), InvalidSnapshot::Twice { concept: 7 });
        let mut hole = snapshot();
        hole.is_a.push((id(21), id(99)));
        assert_eq!(SnomedCt::new("v", hole).unwrap_err(), InvalidSnapshot::Missing { concept: id(99) });
        let mut circle = snapshot();
        circle.is_a.push((id(1), id(21)));
        assert!(matches!(SnomedCt::new("v", circle).unwrap_err(), InvalidSnapshot::Cycle(_)));
    }

    fn is_a(expression: &str, kind: u64) -> bool {
        text(expression).parse::<Expression>().unwrap().is_a(&snomed(), id(kind))
    }

    #[test]
    fn an_expression_is_of_a_kind_by_its_concepts_or_its_attributes() {
        assert!(is_a("$21 : $11 = $9", 20), "by its concept");
        assert!(is_a("$2 : $10 = $5", 20), "a lamp ailment is whatever is an ailment of a lamp");
        assert!(is_a("$2 : { $10 = $5, $11 = $9 }", 34));
        assert!(!is_a("$2 : { $10 = $5 }, { $11 = $9 }", 34), "not in one group");
        assert!(is_a("$24 : { $10 = ($5 : $11 = $9), $11 = $9 }", 34), "by the value of an inner expression");
        assert!(!is_a("$2 : $10 = $7", 20));
        assert!(!is_a("$2 : { $10 = $5, $11 = $9 }", 21), "that one is not defined by its attributes");
    }

    #[test]
    fn an_expression_is_shown_with_its_terms() {
        let snomed = snomed();
        let read: Expression = text("$2+$24 |any| : $11 = $9, { $10 = ($5 : $11 = #2) }").parse().unwrap();
        let shown =
            text("$2|Ailment|+$24|Base ailment|:$11|Look of it|=$9|Crack|,{$10|Site|=($5|Bulb|:$11|Look of it|=#2)}");
        assert_eq!(read.shown(&snomed), shown);
        assert!(read.is_known(&snomed));
        assert!(!text("$2 : $99 = $5").parse::<Expression>().unwrap().is_known(&snomed));
    }
}
