//! What a new policy allows or refuses that the old one did not.

use std::fmt;

use chartroom_record::ClassSet;

use super::Witness;
use super::space::{Bits, Space, both, mask, meet, numbers};
use crate::Policy;

/// Something that another policy decides otherwise.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// What becomes allowed.
    pub gained: ClassSet,
    /// What becomes refused.
    pub lost: ClassSet,
    /// How many kinds of cases change so, for the same roles.
    pub kinds: usize,
    /// One of them.
    pub witness: Witness,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { gained, lost, kinds, witness } = self;
        write!(f, "gained {gained:?}, lost {lost:?} in {kinds} kinds of cases, such as: {witness}")
    }
}

impl Policy {
    /// What a new policy allows or refuses that this one does not: for each role, and for two roles together where they are
    /// needed for it, every pair of what is gained and what is lost, with a witness.
    ///
    /// It is about what is seen; a rule that differs in its obligations or its citation alone makes no change. No change is
    /// listed only where both decide alike in every case.
    pub fn diff(&self, new: &Self) -> Vec<Change> {
        let space = Space::new(&[self.all(), new.all()], |_| true);
        let changed = changed(self, new);
        let refusals = mask(self.rules().len() + new.rules().len(), |number| {
            space.rule(number).is_some_and(|rule| !rule.permits())
        });
        let comparison = Comparison { old: self.rules().len(), refusals: both(&changed, &refusals), changed, space };
        let mut roles: Vec<&str> = self.roles().chain(new.roles()).collect();
        roles.sort_unstable();
        roles.dedup();
        let mut found: Vec<Change> = roles.iter().flat_map(|role| comparison.changes(&[role], &[])).collect();
        let alone = found.clone();
        for (index, one) in roles.iter().enumerate() {
            for other in roles.iter().skip(index + 1).filter(|other| comparison.meet_refusals(one, other)) {
                found.extend(comparison.changes(&[one, other], &alone));
            }
        }
        found
    }
}

/// The rules that only one of two policies has, in the numbers of the space of both.
fn changed(old: &Policy, new: &Policy) -> Bits {
    let (before, after) = (old.meanings(), new.meanings());
    let kept = |number: usize| match number.checked_sub(before.len()) {
        None => before.get(number).is_some_and(|rule| after.contains(rule)),
        Some(number) => after.get(number).is_some_and(|rule| before.contains(rule)),
    };
    mask(before.len() + after.len(), |number| !kept(number))
}

struct Comparison<'a> {
    space: Space<'a>,
    /// How many rules the old policy has.
    old: usize,
    changed: Bits,
    /// Those that changed and withhold.
    refusals: Bits,
}

impl Comparison<'_> {
    /// Whether a refusal changed that holds for one role and not for the other: then both together may show what neither does.
    fn meet_refusals(&self, one: &str, other: &str) -> bool {
        let refusals = |role| both(&self.space.holding(&[role]), &self.refusals);
        refusals(one) != refusals(other)
    }

    /// The changes for someone with these roles, without those that one of the roles shows alone.
    fn changes(&self, roles: &[&str], alone: &[Change]) -> Vec<Change> {
        let mut found: Vec<Change> = Vec::new();
        for cases in self.space.cases(roles, |rules| meet(rules, &self.changed)) {
            let (before, after) = self.open(&cases.rules);
            let (gained, lost) = (after.without(before), before.without(after));
            match found.iter_mut().find(|change| change.gained == gained && change.lost == lost) {
                _ if gained == lost => {}
                Some(change) => change.kinds = change.kinds.saturating_add(cases.kinds),
                None => found.push(Change {
                    gained,
                    lost,
                    kinds: cases.kinds,
                    witness: self.space.scene(roles, &cases).witness(gained.union(lost)),
                }),
            }
        }
        let told = |change: &Change| {
            let same = |other: &&Change| roles.contains(&other.witness.role());
            let of = |side: fn(&Change) -> ClassSet| {
                alone.iter().filter(same).fold(ClassSet::NONE, |all, change| all.union(side(change)))
            };
            change.gained.without(of(|change| change.gained)).is_empty()
                && change.lost.without(of(|change| change.lost)).is_empty()
        };
        found.retain(|change| !told(change));
        found
    }

    /// What the old policy opens, and what the new one does.
    fn open(&self, rules: &Bits) -> (ClassSet, ClassSet) {
        let mut sides = [[ClassSet::NONE; 2]; 2];
        for number in numbers(rules) {
            let Some(rule) = self.space.rule(number) else { continue };
            let [before, after] = &mut sides;
            let [granted, withheld] = if number < self.old { before } else { after };
            let side = if rule.permits() { granted } else { withheld };
            *side = side.union(rule.classes());
        }
        let [before, after] = sides.map(|[granted, withheld]| granted.without(withheld));
        (before, after)
    }
}
