//! Judges concepts and expressions by a constraint, one at a time.

use std::cell::Cell;

use super::{Node, NotEvaluable, Refinement, Relation, STEPS, Test, Wanted};
use crate::snomed::{Attribute, Defined, Expression, SnomedCt, Value};

/// One question on its way.
pub(super) struct Evaluation<'s> {
    snomed: &'s SnomedCt,
    /// How many steps are left. Constraints nested in one another can ask for more than anyone can wait for.
    steps: Cell<u64>,
}

/// What is judged.
#[derive(Clone, Copy)]
pub(super) enum Subject<'e> {
    Concept(u64),
    /// An expression that is not just a concept.
    Expression(&'e Expression),
}

/// What a subject has, in groups, and the attributes of other concepts that lead to it.
struct Attributes<'a> {
    groups: &'a [Vec<(u64, Value)>],
    incoming: &'a [Attribute],
}

type Judged = Result<bool, NotEvaluable>;

/// Looks for what the release cannot judge, whatever is asked.
pub(super) fn check(node: &Node, snomed: &SnomedCt) -> Result<(), NotEvaluable> {
    match node {
        Node::Any => Ok(()),
        Node::Concept(concept) => match snomed.concept(*concept) {
            Some(_) => Ok(()),
            None => Err(NotEvaluable::UnknownConcept { concept: *concept }),
        },
        Node::MemberOf(set) => match **set {
            Node::Concept(set) if snomed.concept(set).is_some() && !snomed.knows_members(set) => {
                Err(NotEvaluable::MembersNotLoaded { set })
            }
            Node::Concept(_) => check(set, snomed),
            _ => check(set, snomed).and_then(|()| check_members(set, snomed)),
        },
        Node::Related(_, inner) => check(inner, snomed),
        Node::And(all) | Node::Or(all) => all.iter().try_for_each(|node| check(node, snomed)),
        Node::Minus(one, other) | Node::Dotted(one, other) => check(one, snomed).and_then(|()| check(other, snomed)),
        Node::Refined(focus, refinement) => check(focus, snomed).and_then(|()| check_refinement(refinement, snomed)),
    }
}

/// Of sets that a constraint describes, each must have its members loaded, or there may be more members than those that are found.
fn check_members(sets: &Node, snomed: &SnomedCt) -> Result<(), NotEvaluable> {
    let evaluation = Evaluation::new(snomed, STEPS);
    for set in snomed.sets_without_members() {
        if evaluation.holds(sets, Subject::Concept(set))? {
            return Err(NotEvaluable::MembersNotLoaded { set });
        }
    }
    Ok(())
}

fn check_refinement(refinement: &Refinement, snomed: &SnomedCt) -> Result<(), NotEvaluable> {
    match refinement {
        Refinement::And(all) | Refinement::Or(all) => all.iter().try_for_each(|part| check_refinement(part, snomed)),
        Refinement::Group(_, inner) => check_refinement(inner, snomed),
        Refinement::Attribute(test) => match &test.value {
            Wanted::Concepts(value) => check(&test.name, snomed).and_then(|()| check(value, snomed)),
            Wanted::Concrete => Err(NotEvaluable::ConcreteValues),
        },
    }
}

impl<'s> Evaluation<'s> {
    pub(super) fn new(snomed: &'s SnomedCt, steps: u64) -> Self {
        Self { snomed, steps: Cell::new(steps) }
    }

    /// How many steps are left.
    pub(super) fn left(&self) -> u64 {
        self.steps.get()
    }

    fn charge(&self, steps: usize) -> Result<(), NotEvaluable> {
        let left = u64::try_from(steps).ok().and_then(|steps| self.left().checked_sub(steps));
        self.steps.set(left.ok_or(NotEvaluable::TooCostly)?);
        Ok(())
    }

    pub(super) fn holds(&self, node: &Node, subject: Subject<'_>) -> Judged {
        self.charge(1)?;
        match (node, subject) {
            (Node::Any, Subject::Concept(concept)) => Ok(self.snomed.is_active(concept)),
            (Node::Any, Subject::Expression(_)) => Ok(true),
            (Node::Concept(named), Subject::Concept(concept)) => Ok(*named == concept),
            (Node::MemberOf(sets), Subject::Concept(concept)) => self.is_member(sets, concept),
            (Node::Dotted(focus, name), Subject::Concept(concept)) => self.is_value_of(focus, name, concept),
            (Node::Concept(_) | Node::MemberOf(_) | Node::Dotted(..), Subject::Expression(_)) => Ok(false),
            (Node::Related(relation, inner), Subject::Concept(concept)) => self.is_related(*relation, inner, concept),
            (Node::Related(relation, inner), Subject::Expression(expression)) => {
                self.is_expression_related(*relation, inner, expression)
            }
            (Node::And(all), _) => all_of(all, |node| self.holds(node, subject)),
            (Node::Or(all), _) => any_of(all, |node| self.holds(node, subject)),
            (Node::Minus(one, other), _) => Ok(self.holds(one, subject)? && !self.holds(other, subject)?),
            (Node::Refined(focus, refinement), _) => {
                Ok(self.holds(focus, subject)? && self.has_attributes(refinement, subject)?)
            }
        }
    }

    fn is_concept(&self, node: &Node, concept: u64) -> Judged {
        self.holds(node, Subject::Concept(concept))
    }

    fn is_member(&self, sets: &Node, concept: u64) -> Judged {
        match sets {
            Node::Concept(set) => Ok(self.snomed.is_member(*set, concept)),
            _ => any_of(self.snomed.sets_of(concept), |set| self.is_concept(sets, set)),
        }
    }

    fn is_value_of(&self, focus: &Node, name: &Node, concept: u64) -> Judged {
        any_of(self.snomed.incoming(concept), |attribute| {
            Ok(self.is_concept(name, attribute.kind)? && self.is_concept(focus, attribute.source)?)
        })
    }

    fn is_related(&self, relation: Relation, inner: &Node, concept: u64) -> Judged {
        let hierarchy = self.snomed.hierarchy();
        if let Node::Concept(named) = *inner {
            let is_above = || named != concept && hierarchy.subsumes(named, concept);
            let is_below = || named != concept && hierarchy.subsumes(concept, named);
            let is_parent_of = |above, below| hierarchy.parents(below).any(|parent| parent == above);
            return Ok(match relation {
                Relation::Descendant => is_above(),
                Relation::DescendantOrSelf => named == concept || is_above(),
                Relation::Child => is_parent_of(named, concept),
                Relation::ChildOrSelf => named == concept || is_parent_of(named, concept),
                Relation::Ancestor => is_below(),
                Relation::AncestorOrSelf => named == concept || is_below(),
                Relation::Parent => is_parent_of(concept, named),
                Relation::ParentOrSelf => named == concept || is_parent_of(concept, named),
                Relation::Top | Relation::Bottom => named == concept,
            });
        }
        let itself = || self.is_concept(inner, concept);
        let above = || any_of(hierarchy.ancestors(concept), |above| self.is_concept(inner, above));
        let below = || any_of(hierarchy.below(concept), |below| self.is_concept(inner, below));
        let parent = || any_of(hierarchy.parents(concept), |parent| self.is_concept(inner, parent));
        let child = || any_of(hierarchy.children(concept), |child| self.is_concept(inner, child));
        match relation {
            Relation::Descendant => above(),
            Relation::DescendantOrSelf => Ok(itself()? || above()?),
            Relation::Child => parent(),
            Relation::ChildOrSelf => Ok(itself()? || parent()?),
            Relation::Ancestor => below(),
            Relation::AncestorOrSelf => Ok(itself()? || below()?),
            Relation::Parent => child(),
            Relation::ParentOrSelf => Ok(itself()? || child()?),
            Relation::Top => Ok(itself()? && !above()?),
            Relation::Bottom => Ok(itself()? && !below()?),
        }
    }

    fn is_expression_related(&self, relation: Relation, inner: &Node, expression: &Expression) -> Judged {
        let is_down = matches!(relation, Relation::Descendant | Relation::DescendantOrSelf);
        match inner {
            Node::Or(all) if !matches!(relation, Relation::Top | Relation::Bottom) => {
                any_of(all, |node| self.is_expression_related(relation, node, expression))
            }
            Node::Any if is_down => Ok(true),
            Node::Concept(named) => self.is_expression_near(relation, *named, expression),
            _ if is_down => {
                let hierarchy = self.snomed.hierarchy();
                let above = |focus: &u64| hierarchy.ancestors(*focus).chain([*focus]);
                match any_of(expression.foci().iter().flat_map(above), |above| self.is_concept(inner, above)) {
                    // It may be of such a kind by its attributes.
                    Ok(false) => Err(NotEvaluable::ExpressionPlace),
                    judged => judged,
                }
            }
            _ => Err(NotEvaluable::ExpressionPlace),
        }
    }

    fn is_expression_near(&self, relation: Relation, named: u64, expression: &Expression) -> Judged {
        let is_a = expression.is_a(self.snomed, named);
        match relation {
            Relation::DescendantOrSelf => Ok(is_a),
            Relation::Descendant => Ok(is_a && !expression.says_no_more_than(self.snomed, named)),
            Relation::Child | Relation::ChildOrSelf if !is_a => Ok(false),
            _ => Err(NotEvaluable::ExpressionPlace),
        }
    }

    fn has_attributes(&self, refinement: &Refinement, subject: Subject<'_>) -> Judged {
        let (defined, incoming) = match subject {
            Subject::Concept(concept) => (Defined::of_concept(self.snomed, concept), self.snomed.incoming(concept)),
            Subject::Expression(expression) => (Defined::of_expression(self.snomed, expression), &[][..]),
        };
        self.charge(defined.groups.len())?;
        self.refines(refinement, &Attributes { groups: &defined.groups, incoming })
    }

    fn refines(&self, refinement: &Refinement, attributes: &Attributes<'_>) -> Judged {
        match refinement {
            Refinement::And(all) => all_of(all, |part| self.refines(part, attributes)),
            Refinement::Or(all) => any_of(all, |part| self.refines(part, attributes)),
            Refinement::Attribute(test) if test.is_reversed => {
                let passes = |from: &Attribute| self.passes(test, from.kind, &Value::Concept(from.source));
                Ok(test.cardinality.allows(count(attributes.incoming, passes)?))
            }
            Refinement::Attribute(test) => {
                let own = attributes.groups.iter().flatten();
                Ok(test.cardinality.allows(count(own, |(kind, value)| self.passes(test, *kind, value))?))
            }
            Refinement::Group(cardinality, inner) => {
                let alone = |group| Attributes { groups: std::slice::from_ref(group), incoming: &[] };
                Ok(cardinality.allows(count(attributes.groups, |group| self.refines(inner, &alone(group)))?))
            }
        }
    }

    fn passes(&self, test: &Test, kind: u64, value: &Value) -> Judged {
        let Wanted::Concepts(wanted) = &test.value else { return Err(NotEvaluable::ConcreteValues) };
        if !self.is_concept(&test.name, kind)? {
            return Ok(false);
        }
        let is_wanted = match value {
            Value::Concept(concept) => self.is_concept(wanted, *concept)?,
            Value::Expression(inner) => self.holds(wanted, Subject::of(inner))?,
            Value::Concrete(_) => return Err(NotEvaluable::ConcreteValues),
        };
        Ok(is_wanted != test.is_negated)
    }
}

impl<'e> Subject<'e> {
    pub(super) fn of(expression: &'e Expression) -> Self {
        expression.as_concept().map_or(Self::Expression(expression), Self::Concept)
    }
}

/// Whether all hold. One that does not decides, even where another cannot be judged.
fn all_of<T>(items: impl IntoIterator<Item = T>, judge: impl Fn(T) -> Judged) -> Judged {
    any_of(items, |item| judge(item).map(|holds| !holds)).map(|fails| !fails)
}

/// Whether any holds. One that does decides, even where another cannot be judged.
fn any_of<T>(items: impl IntoIterator<Item = T>, judge: impl Fn(T) -> Judged) -> Judged {
    let mut unjudged = Ok(false);
    for item in items {
        match judge(item) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(why) => unjudged = Err(why),
        }
    }
    unjudged
}

fn count<T>(items: impl IntoIterator<Item = T>, judge: impl Fn(T) -> Judged) -> Result<usize, NotEvaluable> {
    items.into_iter().try_fold(0, |count, item| Ok(count + usize::from(judge(item)?)))
}
