//! What a concept or an expression is defined by, and whether an expression is a kind of a concept.
//!
//! The answer is that of the description logic behind SNOMED CT for definitions by parents and attributes, which is what releases
//! and expressions have. What a release says by axioms alone is not seen.

use std::collections::HashMap;

use super::{Expression, SnomedCt, Value};

/// The attributes of a concept or an expression in role groups. One that stands in no group is a group of its own.
pub(crate) struct Defined {
    pub(crate) groups: Vec<Vec<(u64, Value)>>,
}

impl Defined {
    pub(crate) fn of_concept(snomed: &SnomedCt, concept: u64) -> Self {
        let attributes = snomed.attributes(concept);
        let pair = |attribute: &super::Attribute| (attribute.kind, Value::Concept(attribute.destination));
        let groups = attributes.chunk_by(|one, other| one.group == other.group && one.group > 0);
        Self { groups: groups.map(|group| group.iter().map(pair).collect()).collect() }
    }

    /// The attributes that an expression states, and those that its concepts have, unless a stated one says more.
    pub(crate) fn of_expression(snomed: &SnomedCt, expression: &Expression) -> Self {
        let alone = expression.ungrouped.iter().map(|attribute| vec![attribute.clone()]);
        let mut groups: Vec<_> = alone.chain(expression.groups.iter().cloned()).collect();
        let stated = groups.len();
        for inherited in expression.foci.iter().flat_map(|focus| Self::of_concept(snomed, *focus).groups) {
            let said = groups.iter().take(stated).any(|group| covers(snomed, &inherited, group));
            if !said && !groups.contains(&inherited) {
                groups.push(inherited);
            }
        }
        Self { groups }
    }
}

/// Whether each attribute of the general group has one in the specific group that says as much or more.
fn covers(snomed: &SnomedCt, general: &[(u64, Value)], specific: &[(u64, Value)]) -> bool {
    general.iter().all(|(kind, value)| {
        specific.iter().any(|(other, specific)| snomed.subsumes(*kind, *other) && is_value(snomed, value, specific))
    })
}

fn is_value(snomed: &SnomedCt, general: &Value, specific: &Value) -> bool {
    match (general, specific) {
        (Value::Concept(general), Value::Concept(specific)) => snomed.subsumes(*general, *specific),
        (Value::Concept(general), Value::Expression(specific)) => specific.is_a(snomed, *general),
        _ => general == specific,
    }
}

impl Expression {
    /// Whether what the expression describes is of this kind.
    pub fn is_a(&self, snomed: &SnomedCt, general: u64) -> bool {
        let mut known: HashMap<u64, bool> = HashMap::new();
        let mut defined = None;
        let mut open = vec![general];
        while let Some(&next) = open.last() {
            if !known.contains_key(&next) {
                if self.foci.iter().any(|focus| snomed.subsumes(next, *focus)) {
                    known.insert(next, true);
                } else if !snomed.concept(next).is_some_and(|concept| concept.is_defined) {
                    known.insert(next, false);
                } else {
                    let parents = || snomed.hierarchy().parents(next);
                    let waiting = open.len();
                    open.extend(parents().filter(|parent| !known.contains_key(parent)));
                    if open.len() > waiting {
                        continue;
                    }
                    let of_kind =
                        parents().next().is_some() && parents().all(|parent| known.get(&parent) == Some(&true));
                    let own = defined.get_or_insert_with(|| Defined::of_expression(snomed, self));
                    let mut wanted = Defined::of_concept(snomed, next).groups.into_iter();
                    let has_all = wanted.all(|wanted| own.groups.iter().any(|group| covers(snomed, &wanted, group)));
                    known.insert(next, of_kind && has_all);
                }
            }
            open.pop();
        }
        known.get(&general) == Some(&true)
    }

    /// Whether whatever is of this kind is what the expression describes: a kind that the expression is of is then its own.
    pub(crate) fn says_no_more_than(&self, snomed: &SnomedCt, kind: u64) -> bool {
        let alone = self.ungrouped.iter().map(std::slice::from_ref);
        let mut stated = alone.chain(self.groups.iter().map(Vec::as_slice));
        let own = Defined::of_concept(snomed, kind).groups;
        self.foci.iter().all(|focus| snomed.subsumes(*focus, kind))
            && stated.all(|stated| own.iter().any(|group| covers(snomed, stated, group)))
    }
}
