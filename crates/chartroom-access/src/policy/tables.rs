//! The compiled form of rules: for each value of each condition, the rules it satisfies, as bits.
//!
//! The rules that apply to a case are then the intersection of a few words, with nothing to build per request.

use chartroom_record::ClassSet;

use super::declared::MOST_NAMES;
use super::dimension::{Case, Dimension};
use super::document::{MOST_RULES, Rules};
use super::rule::{Rule, UNLABELLED};
use crate::Obligations;
use crate::bits::ones;
use crate::label::LabelSet;

/// The rules of a policy, in blocks of 64, in their order.
#[derive(Default)]
pub(crate) struct Tables {
    /// The dimensions that any rule asks about, each with its first row.
    asked: Vec<(Dimension, usize)>,
    blocks: Vec<Block>,
}

/// How many blocks there can be.
const MOST_BLOCKS: usize = MOST_RULES.div_ceil(64);

/// The rules that apply to a case, labels aside: a word for each block.
pub(crate) struct Matches<'t> {
    tables: &'t Tables,
    words: [u64; MOST_BLOCKS],
}

/// A rule that applies: its number, its classes, and whether it speaks of elements only.
#[derive(Clone, Copy)]
pub(crate) struct Applying {
    pub(crate) rule: u16,
    pub(crate) classes: ClassSet,
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

    /// The dimensions that any rule asks about.
    pub(crate) fn asked(&self) -> impl Iterator<Item = Dimension> {
        self.asked.iter().map(|(dimension, _)| *dimension)
    }

    /// The rules that apply to a case, labels aside.
    pub(crate) fn matches(&self, case: &Case) -> Matches<'_> {
        let mut words = [0; MOST_BLOCKS];
        for (word, block) in words.iter_mut().zip(&self.blocks) {
            *word = self.applying(block, case);
        }
        Matches { tables: self, words }
    }

    /// The rules of a block whose conditions hold, labels aside.
    fn applying(&self, block: &Block, case: &Case) -> u64 {
        let roles = ones(case.roles).fold(block.everyone, |rules, role| rules | row(&block.roles, role));
        let asked = self.asked.iter();
        asked.fold(roles, |rules, (dimension, first)| rules & row(&block.rows, first + case.value(*dimension)))
    }
}

impl Matches<'_> {
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
        let mut obligations = Obligations::NONE;
        for (word, block) in self.words.iter().zip(&self.tables.blocks) {
            for slot in ones(word & block.obliging & block.labelled(labels)) {
                let (classes, duties) = block.grants.get(slot).copied().unwrap_or_default();
                if !classes.intersection(opened).is_empty() {
                    obligations = obligations.union(duties);
                }
            }
        }
        obligations
    }

    fn each(&self, select: impl Fn(&Block) -> u64) -> impl Iterator<Item = Applying> {
        self.words.iter().zip(&self.tables.blocks).enumerate().flat_map(move |(number, (word, block))| {
            ones(word & select(block)).map(move |slot| Applying {
                rule: (number * 64 + slot) as u16,
                classes: block.grants.get(slot).map_or(ClassSet::NONE, |(classes, _)| *classes),
                in_part: block.in_part & (1 << slot) != 0,
            })
        })
    }
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
