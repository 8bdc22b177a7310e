//! The compiled form of rules: for each value of each condition, the rules it satisfies, as bits.
//!
//! The rules that apply to a case are then the intersection of a few words, with nothing to build per request.

use chartroom_record::ClassSet;

use super::declared::MOST_NAMES;
use super::dimension::Dimension;
use super::document::Rules;
use super::rule::{Rule, UNLABELLED};
use crate::bits::ones;
use crate::label::LabelSet;
use crate::{Facts, Obligations, Request};

/// The rules of a policy, in blocks of 64, in their order.
#[derive(Default)]
pub(crate) struct Tables {
    /// The dimensions that any rule asks about, each with its first row.
    asked: Vec<(Dimension, usize)>,
    blocks: Vec<Block>,
}

/// The rules that apply to a request and facts.
pub(crate) struct Matches<'t> {
    tables: &'t Tables,
    /// Bits of the roles held.
    roles: u64,
    /// The row in each dimension that is asked about.
    rows: [u16; Dimension::ALL.len()],
}

/// A rule that applies: its number, what it does, and whether it speaks of elements only.
#[derive(Clone, Copy)]
pub(crate) struct Applying {
    pub(crate) rule: u16,
    pub(crate) classes: ClassSet,
    obligations: Obligations,
    pub(crate) in_part: bool,
}

/// The locks on a record: one for each label, or the one of records without a label.
pub(crate) fn locks(labels: LabelSet) -> impl Iterator<Item = usize> {
    let unlabelled = u64::from(labels.is_empty()) << UNLABELLED;
    ones(labels.bits() | unlabelled)
}

impl Tables {
    pub(crate) fn of(rules: &Rules) -> Self {
        let mut first = 0;
        let mut asked = Vec::new();
        for dimension in Dimension::ALL {
            let size = dimension.size(rules);
            if rules.rules.iter().any(|rule| (0..size).any(|value| !rule.admits(dimension, value))) {
                asked.push((dimension, first));
                first += size;
            }
        }
        let blocks = rules.rules.chunks(64).map(|chunk| Block::of(chunk, rules, &asked, first)).collect();
        Self { asked, blocks }
    }

    /// The rules that apply to a request and facts, by their compiled form.
    pub(crate) fn matches(&self, rules: &Rules, request: &Request, facts: &Facts) -> Matches<'_> {
        let mut rows = [0; Dimension::ALL.len()];
        for (row, (dimension, first)) in rows.iter_mut().zip(&self.asked) {
            *row = (first + dimension.number(rules, request, facts)) as u16;
        }
        Matches { tables: self, roles: rules.held(&request.roles), rows }
    }
}

impl Matches<'_> {
    /// The classes that permits open behind this lock: whole, and in part.
    pub(crate) fn opened(&self, lock: usize) -> (ClassSet, ClassSet) {
        united(self.permits(lock))
    }

    /// The classes that refusals shut on a record with these labels: whole, and in part.
    pub(crate) fn shut(&self, labels: LabelSet) -> (ClassSet, ClassSet) {
        united(self.refusals(labels))
    }

    /// The permits that apply and hold the key to this lock.
    pub(crate) fn permits(&self, lock: usize) -> impl Iterator<Item = Applying> {
        self.each(move |block| block.permits & row(&block.labels, lock))
    }

    /// The refusals that apply to a record with these labels.
    pub(crate) fn refusals(&self, labels: LabelSet) -> impl Iterator<Item = Applying> {
        self.each(move |block| !block.permits & block.labelled(labels))
    }

    /// What the permits that opened something oblige to.
    pub(crate) fn obligations(&self, labels: LabelSet, opened: ClassSet) -> Obligations {
        let obliging = self.each(move |block| block.obliging & block.labelled(labels));
        let opening = obliging.filter(|permit| !permit.classes.intersection(opened).is_empty());
        opening.fold(Obligations::NONE, |all, permit| all.union(permit.obligations))
    }

    /// Those of the selected rules that apply.
    fn each(&self, select: impl Fn(&Block) -> u64) -> impl Iterator<Item = Applying> {
        self.tables.blocks.iter().enumerate().flat_map(move |(number, block)| {
            ones(self.applying(block, select(block))).map(move |slot| {
                let (classes, obligations) = block.grants.get(slot).copied().unwrap_or_default();
                let in_part = block.in_part & (1 << slot) != 0;
                Applying { rule: (number * 64 + slot) as u16, classes, obligations, in_part }
            })
        })
    }

    /// Those of the selected rules of a block whose conditions hold, labels aside.
    fn applying(&self, block: &Block, selected: u64) -> u64 {
        if selected == 0 {
            return 0;
        }
        let roles = ones(self.roles).fold(block.everyone, |rules, role| rules | row(&block.roles, role));
        let asked = self.rows.iter().take(self.tables.asked.len());
        asked.fold(selected & roles, |rules, number| rules & row(&block.rows, usize::from(*number)))
    }
}

/// The classes of which rules speak: whole, and in part.
fn united(rules: impl Iterator<Item = Applying>) -> (ClassSet, ClassSet) {
    rules.fold((ClassSet::NONE, ClassSet::NONE), |(whole, in_part), rule| match rule.in_part {
        false => (whole.union(rule.classes), in_part),
        true => (whole, in_part.union(rule.classes)),
    })
}

/// Up to 64 rules. In every row, bit *n* is set where the rule in slot *n* admits the value of that row.
struct Block {
    roles: [u64; MOST_NAMES],
    everyone: u64,
    rows: Vec<u64>,
    labels: [u64; UNLABELLED + 1],
    permits: u64,
    in_part: u64,
    obliging: u64,
    grants: Vec<(ClassSet, Obligations)>,
}

impl Block {
    fn of(rules: &[Rule], all: &Rules, asked: &[(Dimension, usize)], rows: usize) -> Self {
        let mut block = Self {
            roles: [0; MOST_NAMES],
            everyone: bits(rules, |rule| rule.holds_for(0)),
            rows: vec![0; rows],
            labels: [0; UNLABELLED + 1],
            permits: bits(rules, Rule::permits),
            in_part: bits(rules, |rule| rule.elements.is_some()),
            obliging: bits(rules, |rule| !rule.obligations.is_empty()),
            grants: rules.iter().map(|rule| (rule.classes, rule.obligations)).collect(),
        };
        for (role, row) in block.roles.iter_mut().zip(&all.roles) {
            *role = bits(rules, |rule| rule.holds_for(row.covers));
        }
        for (lock, row) in block.labels.iter_mut().enumerate() {
            *row = bits(rules, |rule| rule.opens(lock));
        }
        for (dimension, first) in asked {
            for (value, row) in block.rows.iter_mut().skip(*first).take(dimension.size(all)).enumerate() {
                *row = bits(rules, |rule| rule.admits(*dimension, value));
            }
        }
        block
    }

    /// The rules that admit any of the locks.
    fn labelled(&self, labels: LabelSet) -> u64 {
        locks(labels).fold(0, |rules, lock| rules | row(&self.labels, lock))
    }
}

/// Bit *n* is set where this holds for the rule in slot *n*.
fn bits(rules: &[Rule], holds: impl Fn(&Rule) -> bool) -> u64 {
    rules.iter().enumerate().fold(0, |bits, (slot, rule)| bits | u64::from(holds(rule)) << slot)
}

fn row(rows: &[u64], value: usize) -> u64 {
    rows.get(value).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Dimension;
    use crate::Policy;

    #[test]
    fn what_no_rule_asks_is_not_in_the_tables() {
        let policy = Policy::from_toml(
            "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.nurse]\ntitle = \"N\"\n[[rule]]\nid = \"a\"\neffect = \"permit\"\n\
             roles = [\"nurse\"]\nactions = [\"read\"]\npurposes = [\"TREAT\"]\nclasses = [\"Name\"]\ncites = \"house\"\n\
             dated = 2026-01-01\n",
        )
        .expect("well formed");
        let asked = policy.0.tables.asked.iter().map(|(dimension, _)| *dimension);
        // Each permit is about types that are known, and what is not restricted.
        let expected = [Dimension::Action, Dimension::Purpose, Dimension::Type, Dimension::Confidentiality];
        assert_eq!(asked.collect::<Vec<_>>(), expected);
    }
}
