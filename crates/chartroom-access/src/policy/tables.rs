//! The compiled form of rules: for each value of each condition, the rules it satisfies, as bits.
//!
//! The rules that apply to a case are then the intersection of a few words, with nothing to build per request.

use chartroom_record::ClassSet;

use super::document::{Label, MOST_ROLES, Rules};
use super::{Rule, RuleEffect};
use crate::bits::ones;
use crate::label::{LabelSet, Sensitivity};
use crate::{Action, Confidentiality, Facts, Glass, Obligations, Purpose, Relationship, Request, ResourceType};

/// The row of records without a label; each label has the row of its number.
pub(crate) const UNLABELLED: usize = Sensitivity::COUNT;

/// The rules of a policy, in blocks of 64, in their order.
#[derive(Default)]
pub(crate) struct Tables(Vec<Block>);

/// A request and facts, as row numbers.
pub(crate) struct Case {
    roles: u64,
    action: usize,
    purpose: usize,
    resource_type: usize,
    relationship: usize,
    confidentiality: usize,
    own: bool,
    pub(crate) glass: Glass,
}

impl Case {
    pub(crate) fn of(rules: &Rules, request: &Request, facts: &Facts) -> Self {
        let role = |name| rules.role(name).map_or(0, |index| 1 << index);
        Self {
            roles: request.roles.iter().fold(0, |bits, name| bits | role(name)),
            action: request.action as usize,
            purpose: request.purpose as usize,
            resource_type: facts.resource_type.index(),
            relationship: request.relationship as usize,
            confidentiality: facts.confidentiality as usize,
            own: facts.originator.as_ref() == Some(&request.actor),
            glass: Glass::of(request, facts),
        }
    }
}

/// The locks on a record: one for each label, or the one of records without a label.
pub(crate) fn locks(labels: LabelSet) -> impl Iterator<Item = usize> {
    let unlabelled = u64::from(labels.is_empty()) << UNLABELLED;
    ones(u64::from(labels.bits()) | unlabelled)
}

impl Tables {
    pub(crate) fn of(rules: &Rules) -> Self {
        Self(rules.rules.chunks(64).map(|chunk| Block::of(chunk, rules)).collect())
    }

    /// The permits that apply and hold the key to this lock: their numbers and classes.
    pub(crate) fn permits(&self, case: &Case, lock: usize) -> impl Iterator<Item = (u16, ClassSet)> {
        self.each(move |block| block.applying(case) & block.permits & row(&block.labels, lock))
    }

    /// The refusals that apply to a record with these labels: their numbers and classes.
    pub(crate) fn refusals(&self, case: &Case, labels: LabelSet) -> impl Iterator<Item = (u16, ClassSet)> {
        self.each(move |block| block.applying(case) & !block.permits & block.labelled(labels))
    }

    /// What the permits that opened something oblige to.
    pub(crate) fn obligations(&self, case: &Case, labels: LabelSet, permitted: ClassSet) -> Obligations {
        let mut obligations = Obligations::NONE;
        for block in &self.0 {
            for slot in ones(block.applying(case) & block.obliging & block.labelled(labels)) {
                let (classes, duties) = block.grants.get(slot).copied().unwrap_or_default();
                if !classes.intersection(permitted).is_empty() {
                    obligations = obligations.union(duties);
                }
            }
        }
        obligations
    }

    fn each(&self, select: impl Fn(&Block) -> u64) -> impl Iterator<Item = (u16, ClassSet)> {
        self.0.iter().enumerate().flat_map(move |(number, block)| {
            ones(select(block)).map(move |slot| {
                let classes = block.grants.get(slot).map_or(ClassSet::NONE, |(classes, _)| *classes);
                ((number * 64 + slot) as u16, classes)
            })
        })
    }
}

/// Up to 64 rules. In every row, bit *n* is set where the rule in slot *n* admits the value of that row.
struct Block {
    roles: [u64; MOST_ROLES],
    everyone: u64,
    actions: [u64; Action::COUNT],
    purposes: [u64; Purpose::COUNT],
    types: [u64; ResourceType::COUNT],
    relationships: [u64; Relationship::COUNT],
    labels: [u64; UNLABELLED + 1],
    confidentiality: [u64; Confidentiality::COUNT],
    own: [u64; 2],
    broken: [u64; 2],
    permits: u64,
    obliging: u64,
    grants: Vec<(ClassSet, Obligations)>,
}

impl Block {
    fn of(rules: &[Rule], all: &Rules) -> Self {
        let mut block = Self {
            roles: [0; MOST_ROLES],
            everyone: 0,
            actions: [0; Action::COUNT],
            purposes: [0; Purpose::COUNT],
            types: [0; ResourceType::COUNT],
            relationships: [0; Relationship::COUNT],
            labels: [0; UNLABELLED + 1],
            confidentiality: [0; Confidentiality::COUNT],
            own: [0; 2],
            broken: [0; 2],
            permits: 0,
            obliging: 0,
            grants: rules.iter().map(|rule| (rule.classes, rule.obligations)).collect(),
        };
        for (slot, rule) in rules.iter().enumerate() {
            block.put(1 << slot, rule, all);
        }
        block
    }

    /// Enters one rule into every row that it admits.
    fn put(&mut self, bit: u64, rule: &Rule, all: &Rules) {
        let when = &rule.when;
        let permit = rule.effect == RuleEffect::Permit;
        fill(&mut self.roles, bit, |role| {
            let covers = all.roles.get(role).map_or(0, |role| role.covers);
            when.roles.is_some_and(|named| named & covers != 0)
        });
        if when.roles.is_none() && !permit {
            self.everyone |= bit;
        }
        fill(&mut self.actions, bit, |row| lists(&when.actions, |action| *action as usize == row));
        fill(&mut self.purposes, bit, |row| lists(&when.purposes, |purpose| *purpose as usize == row));
        fill(&mut self.relationships, bit, |row| lists(&when.relationships, |value| *value as usize == row));
        fill(&mut self.types, bit, |row| match &when.types {
            // A type that nobody knows is for refusals only.
            None => !permit || row != ResourceType::UNKNOWN.index(),
            Some(types) => types.iter().any(|kind| kind.index() == row),
        });
        fill(&mut self.labels, bit, |row| match &when.labels {
            // A permit without labels is about records without labels.
            None => !permit || row == UNLABELLED,
            Some(labels) => labels.iter().any(|label| lock_of(*label) == row),
        });
        fill(&mut self.confidentiality, bit, |row| match &when.confidentiality {
            None => !permit || row <= Confidentiality::Normal as usize,
            Some(levels) => levels.iter().any(|level| admits(*level, row, permit)),
        });
        fill(&mut self.own, bit, |own| when.originator.is_none_or(|wanted| usize::from(wanted) == own));
        fill(&mut self.broken, bit, |broken| when.break_glass.is_none_or(|wanted| usize::from(wanted) == broken));
        if permit {
            self.permits |= bit;
        }
        if !rule.obligations.is_empty() {
            self.obliging |= bit;
        }
    }

    /// The rules whose conditions hold, labels aside.
    fn applying(&self, case: &Case) -> u64 {
        let roles = ones(case.roles).fold(self.everyone, |rules, role| rules | row(&self.roles, role));
        roles
            & row(&self.actions, case.action)
            & row(&self.purposes, case.purpose)
            & row(&self.types, case.resource_type)
            & row(&self.relationships, case.relationship)
            & row(&self.confidentiality, case.confidentiality)
            & row(&self.own, usize::from(case.own))
            & row(&self.broken, usize::from(case.glass == Glass::Broken))
    }

    /// The rules that admit any of the locks.
    fn labelled(&self, labels: LabelSet) -> u64 {
        locks(labels).fold(0, |rules, lock| rules | row(&self.labels, lock))
    }
}

fn fill(rows: &mut [u64], bit: u64, admits: impl Fn(usize) -> bool) {
    for (value, row) in rows.iter_mut().enumerate() {
        if admits(value) {
            *row |= bit;
        }
    }
}

fn lists<T>(values: &Option<Vec<T>>, is: impl Fn(&T) -> bool) -> bool {
    values.as_ref().is_none_or(|values| values.iter().any(is))
}

fn lock_of(label: Label) -> usize {
    match label {
        Label::Unlabelled => UNLABELLED,
        Label::Labelled(label) => label as usize,
    }
}

/// Whether a rule that names this level admits the level of this row. A level that nobody knows counts as very restricted,
/// and a refusal that reaches anything restricted reaches it too.
fn admits(level: Confidentiality, row: usize, permit: bool) -> bool {
    let unknown = row == Confidentiality::Unknown as usize;
    level as usize == row
        || unknown && level == Confidentiality::VeryRestricted
        || unknown && !permit && level == Confidentiality::Restricted
}

fn row(rows: &[u64], value: usize) -> u64 {
    rows.get(value).copied().unwrap_or(0)
}
