//! SNOMED CT's expression constraint language (ECL), version 2.2: which concepts are meant, said in one line.
//!
//! ```
//! use chartroom_codes::ecl::Constraint;
//! # use chartroom_codes::snomed::{Attribute, Concept, Snapshot, SnomedCt};
//! # let concept = |id| Concept { id, ..Concept::default() };
//! # let snapshot = Snapshot {
//! #     concepts: [64572001, 128241005, 10200004, 363698007, 73211009].map(concept).to_vec(),
//! #     is_a: vec![(128241005, 64572001), (73211009, 64572001)],
//! #     attributes: vec![Attribute { source: 128241005, group: 1, kind: 363698007, destination: 10200004 }],
//! #     ..Snapshot::default()
//! # };
//! # let snomed = SnomedCt::new("http://snomed.info/sct/900000000000207008/version/20250201", snapshot)?;
//!
//! // Diseases whose finding site is the liver or a part of it.
//! let constraint: Constraint = "< 64572001 |Disease| : 363698007 |Finding site| = << 10200004".parse()?;
//! let liver = constraint.on(&snomed)?;
//! assert!(liver.contains(128241005)?);
//! assert!(!liver.contains(73211009)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Membership is asked of one concept and never lists the others. What cannot be told is an error, never a no: a constraint on
//! a concept that is not there, on reference sets of which one has no members loaded, on numbers and texts.
//!
//! # What is read
//!
//! The brief syntax, comments included: hierarchy (`<`, `<<`, `<!`, `<<!`, `>`, `>>`, `>!`, `>>!`, `!!>`, `!!<`), `^`, `*`, `AND`, `OR`,
//! `MINUS`, `,`, refinements with groups, cardinalities, `R` and `!=`, and dotted attributes. Filters in double braces, the history
//! supplement and alternate identifiers are refused by name. A relationship outside of role groups counts as a group of its own.

mod evaluate;
mod parse;

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use crate::snomed::{Expression, SnomedCt};
use evaluate::{Evaluation, Subject};

/// A constraint, well formed.
#[derive(Clone, PartialEq, Eq)]
pub struct Constraint {
    text: Box<str>,
    node: Node,
}

/// A constraint that a release can judge.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'s> {
    node: &'s Node,
    snomed: &'s SnomedCt,
}

/// A text that is no constraint, and where that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at character {at}")]
pub struct InvalidConstraint {
    /// The place in the text, in bytes from 0.
    pub at: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

/// Why a constraint that is well formed cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEvaluable {
    /// It names a concept that the release does not have.
    #[error("the release does not have the concept {concept} that the constraint names")]
    UnknownConcept {
        /// The concept.
        concept: u64,
    },
    /// It asks for members of a reference set whose members are not loaded.
    #[error("the members of the reference set {set} are not loaded")]
    MembersNotLoaded {
        /// The reference set.
        set: u64,
    },
    /// It compares numbers or texts, which are not loaded.
    #[error("values that are no concepts are not loaded")]
    ConcreteValues,
    /// The place of an expression among concepts, which only a classifier knows.
    #[error("where the expression stands among the concepts is not known")]
    ExpressionPlace,
    /// It takes more steps than anyone waits for.
    #[error("the constraint is too costly to judge")]
    TooCostly,
}

/// The tree of a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Any,
    Concept(u64),
    MemberOf(Box<Node>),
    Related(Relation, Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Minus(Box<Node>, Box<Node>),
    Refined(Box<Node>, Box<Refinement>),
    /// The values of an attribute of concepts.
    Dotted(Box<Node>, Box<Node>),
}

/// Where a concept must stand to those that a constraint names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Descendant,
    DescendantOrSelf,
    Child,
    ChildOrSelf,
    Ancestor,
    AncestorOrSelf,
    Parent,
    ParentOrSelf,
    /// Of those named, the ones with none of them above.
    Top,
    /// Of those named, the ones with none of them below.
    Bottom,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Refinement {
    And(Vec<Refinement>),
    Or(Vec<Refinement>),
    Attribute(Test),
    Group(Cardinality, Box<Refinement>),
}

/// How often an attribute must stand.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    cardinality: Cardinality,
    is_reversed: bool,
    name: Node,
    /// Whether the value must be one that the constraint does not name.
    is_negated: bool,
    value: Wanted,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    Concepts(Node),
    /// A number, a text or a truth value.
    Concrete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cardinality {
    least: usize,
    most: Option<usize>,
}

impl Constraint {
    /// The constraint as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Makes the constraint ready to be judged by a release.
    ///
    /// # Errors
    ///
    /// If the release cannot judge it, whatever is asked.
    pub fn on<'s>(&'s self, snomed: &'s SnomedCt) -> Result<Bound<'s>, NotEvaluable> {
        evaluate::check(&self.node, snomed)?;
        Ok(self.checked_on(snomed))
    }

    /// As [`on`](Self::on), of a constraint that was found good for the release before.
    pub(crate) fn checked_on<'s>(&'s self, snomed: &'s SnomedCt) -> Bound<'s> {
        Bound { node: &self.node, snomed }
    }
}

impl FromStr for Constraint {
    type Err = InvalidConstraint;

    fn from_str(text: &str) -> Result<Self, InvalidConstraint> {
        Ok(Self { node: parse::constraint(text)?, text: text.into() })
    }
}

/// The most steps that one question may take, and a list.
const STEPS: u64 = 1_000_000;
const STEPS_OF_A_LIST: u64 = 50_000_000;

impl Bound<'_> {
    /// Whether a concept satisfies the constraint.
    ///
    /// # Errors
    ///
    /// [`NotEvaluable::TooCostly`].
    pub fn contains(&self, concept: u64) -> Result<bool, NotEvaluable> {
        Evaluation::new(self.snomed, STEPS).holds(self.node, Subject::Concept(concept))
    }

    /// Whether what an expression describes satisfies the constraint.
    ///
    /// # Errors
    ///
    /// If that needs to know where the expression stands among the concepts, as that its parents are such and such.
    pub fn contains_expression(&self, expression: &Expression) -> Result<bool, NotEvaluable> {
        Evaluation::new(self.snomed, STEPS).holds(self.node, Subject::of(expression))
    }

    /// Every concept that satisfies the constraint, ascending.
    ///
    /// # Errors
    ///
    /// [`NotEvaluable::TooCostly`].
    pub fn concepts(&self) -> Result<Vec<u64>, NotEvaluable> {
        let budget = Budget::default();
        let mut found = Vec::new();
        for concept in self.snomed.concepts() {
            if self.contains_within(&budget, concept.id)? {
                found.push(concept.id);
            }
        }
        Ok(found)
    }

    /// As [`contains`](Self::contains), one question of many.
    pub(crate) fn contains_within(&self, budget: &Budget, concept: u64) -> Result<bool, NotEvaluable> {
        let allowed = budget.0.get().min(STEPS);
        let evaluation = Evaluation::new(self.snomed, allowed);
        let judged = evaluation.holds(self.node, Subject::Concept(concept));
        budget.0.set(budget.0.get() - (allowed - evaluation.left()));
        judged
    }
}

/// The steps that many questions of one list may take together.
#[derive(Debug)]
pub(crate) struct Budget(Cell<u64>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(STEPS_OF_A_LIST))
    }
}

impl Cardinality {
    const SOME: Self = Self { least: 1, most: None };

    fn allows(self, count: usize) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }
}

impl fmt::Debug for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Constraint({})", self.text)
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snomed::sample::{id, number, snomed, text};

    /// The numbers of the concepts that satisfy a constraint.
    fn found(template: &str) -> Result<Vec<u64>, NotEvaluable> {
        let (constraint, snomed): (Constraint, _) = (text(template).parse().unwrap(), snomed());
        let bound = constraint.on(&snomed)?;
        let found = bound.concepts()?;
        for concept in snomed.concepts() {
            assert_eq!(bound.contains(concept.id), Ok(found.contains(&concept.id)), "{template}");
        }
        Ok(found.into_iter().map(number).collect())
    }

    fn finds(template: &str, expected: &[u64]) {
        assert_eq!(found(template).as_deref(), Ok(expected), "{template}");
    }

    #[test]
    fn the_hierarchy_up_and_down() {
        finds("$5", &[5]);
        finds("< $4", &[5, 6]);
        finds("<< $4", &[4, 5, 6]);
        finds("<! $3", &[4, 7]);
        finds("<<! $3", &[3, 4, 7]);
        finds("> $5", &[1, 3, 4]);
        finds(">> $5", &[1, 3, 4, 5]);
        finds(">! $33", &[21, 24]);
        finds(">>! $33", &[21, 24, 33]);
        finds("< ($20 OR $24)", &[21, 22, 23, 33, 34]);
        finds("<! (< $2)", &[21, 22, 23, 33, 34]);
        finds(">! (>! $33)", &[2, 20]);
        finds(">> ($5 AND $6)", &[]);
        finds("!!> (< $2)", &[20, 24]);
        finds("!!< (<< $20)", &[22, 23, 33, 34]);
    }

    #[test]
    fn connectives_and_members() {
        finds("<< $21 OR << $4", &[4, 5, 6, 21, 33]);
        finds("<< $20 AND << $24", &[33]);
        finds("< $2 MINUS << $20", &[24]);
        finds("<< $2 MINUS << $2", &[]);
        finds("^ $31", &[21, 24, 30]);
        finds("^ ($31 OR $30)", &[21, 24, 30]);
        finds("< ^ $31", &[33]);
        finds("^ $20", &[]);
        finds("$30", &[30]);
        assert!(!found("*").unwrap().contains(&30), "it is not active");
    }

    #[test]
    fn refinements_groups_and_cardinalities() {
        finds("< $2 : $10 = << $4", &[20, 21, 22, 23, 34]);
        finds("< $2 : $10 = $4", &[20, 34]);
        finds("< $2 : $10 = *", &[20, 21, 22, 23, 24, 34]);
        finds("< $2 : [0..0] $10 = *", &[33]);
        finds("< $2 : [1..1] $10 = << $4", &[20, 21, 22, 34]);
        finds("< $2 : [2..*] $10 = << $4", &[23]);
        finds("< $2 : [1..1] { $10 = << $4 }", &[20, 21, 22, 34]);
        finds("< $2 : { [1..1] $10 = << $4 }", &[20, 21, 22, 23, 34]);
        finds("< $2 : { $10 = << $4, $11 = $9 }", &[21, 34]);
        finds("< $2 : { $10 = $7 } AND { $10 = $5 }", &[22]);
        finds("< $2 : $10 = $7 OR $11 = $9", &[21, 22, 24, 34]);
        finds("< $2 : $10 != << $4", &[22, 24]);
        finds("< $2 : ($10 OR $11) = ($9 OR $7)", &[21, 22, 24, 34]);
        finds("< $2 : ($11 = $9 OR $10 = $7), $10 = $5", &[21, 22]);
        finds("* : R $10 = < $20", &[4, 5, 6, 7]);
        finds("< $20 . $10", &[4, 5, 6, 7]);
        finds("(< $2 . $11) . $10", &[]);
    }

    #[test]
    fn what_cannot_be_judged_is_an_error_and_no_empty_set() {
        assert_eq!(found("<< $99"), Err(NotEvaluable::UnknownConcept { concept: id(99) }));
        assert_eq!(found("< $2 : $10 = << $99"), Err(NotEvaluable::UnknownConcept { concept: id(99) }));
        assert_eq!(found("$2 OR ^ $32"), Err(NotEvaluable::MembersNotLoaded { set: id(32) }));
        for described in
            ["^ *", "^ ($31 OR $32)", "^ (<< $32)", "< $2 MINUS ^ (< 900000000000455006)", "* : $10 = ^ (<< $32)"]
        {
            assert_eq!(found(described), Err(NotEvaluable::MembersNotLoaded { set: id(32) }), "{described}");
        }
        assert_eq!(found("< $2 : $10 > #3"), Err(NotEvaluable::ConcreteValues));
        let deep = format!("{}$5 AND $6{}", ">(<(".repeat(15), "))".repeat(15));
        let (deep, snomed): (Constraint, _) = (text(&deep).parse().unwrap(), snomed());
        assert_eq!(deep.on(&snomed).unwrap().contains(id(1)), Err(NotEvaluable::TooCostly));
    }

    #[test]
    fn expressions_are_judged_by_what_they_are_made_of() {
        let snomed = snomed();
        let judge = |constraint: &str, expression: &str| {
            let constraint: Constraint = text(constraint).parse().unwrap();
            constraint.on(&snomed).unwrap().contains_expression(&text(expression).parse().unwrap())
        };
        let cracked = "$2 : { $10 = $5, $11 = $9 }";
        for constraint in ["*", "<< $20", "< $2", "< $34", "<< ($20 OR $3)", "* MINUS << $3", "< $2 : $10 = << $4"] {
            assert_eq!(judge(constraint, cracked), Ok(true), "{constraint}");
        }
        for constraint in ["$20", "^ $31", "<< $3", "<! $3", "<< $2 MINUS << $34", "< $2 : { $10 = $7 }", "< $2 . $10"]
        {
            assert_eq!(judge(constraint, cracked), Ok(false), "{constraint}");
        }
        for constraint in ["<! $34", "> $21", "<< ($24 AND $21)"] {
            assert_eq!(judge(constraint, cracked), Err(NotEvaluable::ExpressionPlace), "{constraint}");
        }
        assert_eq!(judge("< $34", "$2 : { $10 = $4, $11 = $9 }"), Ok(false), "it is the same as $34");
        assert_eq!(judge("<< $34", "$2 : { $10 = $4, $11 = $9 }"), Ok(true));
        assert_eq!(judge("$5", "$5 |Bulb|"), Ok(true), "nothing but a concept");
        assert_eq!(
            judge("< $2 : [1..1] $10 = << $4", "$20 : $10 = $5"),
            Ok(true),
            "it says more than what it inherits"
        );
    }
}
