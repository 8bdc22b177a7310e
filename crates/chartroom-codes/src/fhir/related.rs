//! `$related`: how the codes of one value set relate to those of another.

use std::collections::BTreeSet;

use super::issue::Refusal;
use super::value_set::Selection;
use super::{Catalog, Contains, Options, ValueSet};

/// How the codes of one value set relate to those of another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relation {
    /// The word for it.
    pub kind: RelationKind,
    /// Whether the codes had to be listed. Often the definitions tell.
    pub is_expanded: bool,
    /// The codes that both have, where codes were compared one by one.
    pub common: Vec<String>,
    /// The codes that only the first has.
    pub missing: Vec<String>,
    /// The codes that only the second has.
    pub extra: Vec<String>,
    /// Why nothing can be said, where that is so.
    pub reason: Option<String>,
}

/// The ways in which two value sets relate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RelationKind {
    /// Both have the same codes.
    Same,
    /// Neither has a code.
    Empty,
    /// The second has all codes of the first, and more.
    Subset,
    /// The first has all codes of the second, and more.
    Superset,
    /// They have codes in common, and each has others.
    Overlapping,
    /// They have no code in common.
    Disjoint,
    /// It cannot be told.
    #[default]
    Indeterminate,
}

impl RelationKind {
    /// The code that `$related` answers with.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Empty => "empty",
            Self::Subset => "subset",
            Self::Superset => "superset",
            Self::Overlapping => "overlapping",
            Self::Disjoint => "disjoint",
            Self::Indeterminate => "indeterminate",
        }
    }

    /// What two sets are to each other.
    fn between<T: Ord>(this: &BTreeSet<T>, other: &BTreeSet<T>) -> Self {
        if this.is_empty() && other.is_empty() {
            Self::Empty
        } else if this == other {
            Self::Same
        } else if this.is_subset(other) {
            Self::Subset
        } else if this.is_superset(other) {
            Self::Superset
        } else if this.is_disjoint(other) {
            Self::Disjoint
        } else {
            Self::Overlapping
        }
    }
}

impl Catalog {
    /// How the codes of one value set relate to those of another. Both may be resources that the catalog does not hold.
    pub fn related(&self, this: &ValueSet, other: &ValueSet, options: &Options) -> Relation {
        let by_definition = self.related_by_definition(this, other, options);
        by_definition.unwrap_or_else(|| self.related_by_codes(this, other, options))
    }

    /// What the definitions alone tell, if they do.
    fn related_by_definition(&self, this: &ValueSet, other: &ValueSet, options: &Options) -> Option<Relation> {
        if !tells_all(this) || !tells_all(other) {
            return None;
        }
        let (these, others) = (Definition::of(this), Definition::of(other));
        if these == others && enumerated(this).is_none() {
            return Some(Relation { kind: RelationKind::Same, ..Relation::default() });
        }
        if this.excludes_inactive() || other.excludes_inactive() {
            return None;
        }
        if let (Some(these), Some(others)) = (enumerated(this), enumerated(other)) {
            return Some(Relation::of_codes(&these, &others));
        }
        let kind = if is_whole_systems(this) && is_whole_systems(other) {
            Some(RelationKind::between(&these.include, &others.include))
        } else {
            self.related_branches(this, other, options)
        };
        kind.map(|kind| Relation { kind, ..Relation::default() })
    }

    /// Two value sets of one branch of a hierarchy each: the hierarchy tells.
    fn related_branches(&self, this: &ValueSet, other: &ValueSet, options: &Options) -> Option<RelationKind> {
        let ((url, version, a), (other_url, other_version, b)) = (branch(this)?, branch(other)?);
        if url != other_url {
            return Some(RelationKind::Disjoint);
        }
        let system = self.system(url, options.version(url, version), &[]).filter(|_| version == other_version)?;
        let (a, b) = (system.locate(a)?, system.locate(b)?);
        let has_one_way_up = system.all().all(|at| system.parents(at).len() < 2);
        match (system.is_a(a, b), system.is_a(b, a)) {
            (true, _) => Some(RelationKind::Subset),
            (_, true) => Some(RelationKind::Superset),
            // A concept with two parents may stand under both.
            _ => has_one_way_up.then_some(RelationKind::Disjoint),
        }
    }

    fn related_by_codes(&self, this: &ValueSet, other: &ValueSet, options: &Options) -> Relation {
        let (these, others) = match (self.codes_of(this, options), self.codes_of(other, options)) {
            (Ok(these), Ok(others)) => (these, others),
            (Err(refusal), _) | (_, Err(refusal)) => {
                return Relation { is_expanded: true, reason: Some(refusal.0.text), ..Relation::default() };
            }
        };
        let relation = Relation { is_expanded: true, ..Relation::of_codes(&these, &others) };
        match relation.kind {
            // Of equal sets, the codes are no news.
            RelationKind::Same => Relation { common: Vec::new(), ..relation },
            _ => relation,
        }
    }

    fn codes_of(&self, set: &ValueSet, options: &Options) -> Result<BTreeSet<(String, String)>, Refusal> {
        let flat = Options { exclude_nested: Some(true), ..options.clone() };
        let key = |code: Contains| (code.system, code.code);
        Ok(self.expand_set(set, &flat)?.contains.into_iter().map(key).collect())
    }
}

impl Relation {
    fn of_codes(these: &BTreeSet<(String, String)>, others: &BTreeSet<(String, String)>) -> Self {
        let codes = |keys: Vec<&(String, String)>| keys.into_iter().map(|(_, code)| code.clone()).collect();
        Self {
            kind: RelationKind::between(these, others),
            common: codes(these.intersection(others).collect()),
            missing: codes(these.difference(others).collect()),
            extra: codes(others.difference(these).collect()),
            ..Self::default()
        }
    }
}

/// Whether a value set defines its codes, and by itself.
fn tells_all(set: &ValueSet) -> bool {
    set.compose.is_some() && set.include().iter().chain(set.exclude()).all(|it| it.value_sets.is_empty())
}

/// A definition in a form that does not depend on order.
#[derive(PartialEq)]
struct Definition {
    excludes_inactive: bool,
    include: BTreeSet<Part>,
    exclude: BTreeSet<Part>,
}

/// A selection: system, version, codes and filters.
type Part = (Option<String>, Option<String>, BTreeSet<String>, BTreeSet<(String, String, Option<String>)>);

impl Definition {
    fn of(set: &ValueSet) -> Self {
        let excludes_inactive = set.excludes_inactive();
        Self {
            excludes_inactive,
            include: set.include().iter().map(part).collect(),
            exclude: set.exclude().iter().map(part).collect(),
        }
    }
}

fn part(selection: &Selection) -> Part {
    let filters = selection.filters.iter().map(|it| (it.property.clone(), it.op.clone(), it.value.clone()));
    let codes = selection.concepts.iter().map(|reference| reference.code.clone());
    (selection.system.clone(), selection.version.clone(), codes.collect(), filters.collect())
}

/// The codes of a value set that names each of them, in no particular version. `None` if it does not.
fn enumerated(set: &ValueSet) -> Option<BTreeSet<(String, String)>> {
    let names_all = |it: &Selection| !it.concepts.is_empty() && it.filters.is_empty() && it.version.is_none();
    if !set.exclude().is_empty() || !set.include().iter().all(names_all) {
        return None;
    }
    let codes = set.include().iter().flat_map(|it| it.concepts.iter().map(move |code| (it.system.clone(), &code.code)));
    Some(codes.map(|(system, code)| (system.unwrap_or_default(), code.clone())).collect())
}

fn is_whole_systems(set: &ValueSet) -> bool {
    set.exclude().is_empty() && set.include().iter().all(|it| it.is_whole_system() && it.version.is_none())
}

/// The system, version and topmost code of a value set that is one branch of a hierarchy.
fn branch(set: &ValueSet) -> Option<(&str, Option<&str>, &str)> {
    let [include] = set.include() else { return None };
    let [filter] = include.filters.as_slice() else { return None };
    let is_branch = filter.op == "is-a" && include.concepts.is_empty() && set.exclude().is_empty();
    is_branch.then_some(())?;
    Some((include.system.as_deref()?, include.version.as_deref(), filter.value.as_deref()?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::fixture::{catalog, letters, value_set};
    use super::*;

    fn related(this: Value, other: Value) -> Relation {
        let sets =
            [value_set("urn:this", this), value_set("urn:other", other)].map(|set| ValueSet::read(&set).unwrap());
        catalog(&[letters()]).related(&sets[0], &sets[1], &Options::default())
    }

    fn under(code: &str) -> Value {
        json!([{ "system": "urn:letters", "filter": [{ "property": "concept", "op": "is-a", "value": code }] }])
    }

    #[test]
    fn a_hierarchy_tells_without_listing() {
        for (this, other, kind) in [
            ("A", "A", RelationKind::Same),
            ("AA", "A", RelationKind::Subset),
            ("A", "AA", RelationKind::Superset),
            ("AA", "AB", RelationKind::Disjoint),
        ] {
            assert_eq!(related(under(this), under(other)), Relation { kind, ..Relation::default() }, "{this} {other}");
        }
    }

    #[test]
    fn codes_are_listed_where_definitions_differ() {
        let named = json!([{ "system": "urn:letters", "concept": [{ "code": "AA" }, { "code": "B" }] }]);
        let found = related(under("AA"), named);
        assert_eq!((found.kind, found.is_expanded), (RelationKind::Overlapping, true));
        assert_eq!(
            (found.common, found.missing, found.extra),
            (vec!["AA".into()], vec!["AAA".into()], vec!["B".into()])
        );
    }

    #[test]
    fn stored_expansions_and_inactive_codes_are_compared_by_their_codes() {
        let stored = |code: &str| {
            json!({ "resourceType": "ValueSet", "url": format!("urn:{code}"),
                "expansion": { "contains": [{ "system": "urn:letters", "code": code }] } })
        };
        let whole = |inactive: bool| {
            json!({ "resourceType": "ValueSet", "url": format!("urn:{inactive}"),
                "compose": { "inactive": inactive, "include": [{ "system": "urn:letters" }] } })
        };
        let named = value_set("urn:named", json!([{ "system": "urn:letters", "concept": [{ "code": "B" }] }]));
        let kind = |this: &Value, other: &Value| {
            let sets = [this, other].map(|set| ValueSet::read(set).unwrap());
            catalog(&[letters()]).related(&sets[0], &sets[1], &Options::default()).kind
        };
        assert_eq!(kind(&stored("A"), &stored("B")), RelationKind::Disjoint);
        assert_eq!(kind(&stored("A"), &stored("A")), RelationKind::Same);
        assert_eq!(kind(&stored("A"), &named), RelationKind::Disjoint);
        assert_eq!(kind(&whole(false), &whole(true)), RelationKind::Subset);
        assert_eq!(kind(&whole(false), &whole(false)), RelationKind::Same);
        assert_eq!(kind(&whole(false), &named), RelationKind::Disjoint);
    }

    #[test]
    fn what_cannot_be_listed_cannot_be_compared() {
        let found = related(json!([{ "system": "urn:unheard-of" }]), under("A"));
        assert_eq!(found.kind, RelationKind::Indeterminate);
        assert!(found.reason.is_some());
    }
}
