//! Every kind of case that policies can tell apart.
//!
//! The vocabulary is finite, and values that satisfy the same rules need looking at only once. What is left is gone through, and
//! a branch that cannot matter is left out.
//!
//! One label at a time is enough: a class that is open in a record with several labels is open in a record with any one of
//! them. And roles one or two at a time are: a permit needs one role, and a refusal that stands against it one more.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::scene::{Aspect, Scene, Setting};
use crate::Roles;
use crate::policy::{Rule, Rules};

/// Rules, by the bits of their numbers.
pub(super) type Bits = Vec<u64>;

/// The cases of one or two policies.
pub(super) struct Space<'a> {
    /// The rules of all policies, one policy after the other.
    rules: Vec<&'a Rule>,
    policies: Vec<&'a Rules>,
    axes: Vec<Vec<Kind>>,
}

/// A setting, and the rules that it satisfies. It stands for all settings that satisfy the same.
struct Kind {
    setting: Setting,
    rules: Bits,
}

impl<'a> Space<'a> {
    /// The cases in which `admits` holds for every setting.
    pub(super) fn new(policies: &[&'a Rules], admits: impl Fn(&Setting) -> bool) -> Self {
        let rules = policies.iter().flat_map(|policy| &policy.rules).collect();
        let mut space = Self { rules, policies: policies.to_vec(), axes: Vec::new() };
        let mut axes: Vec<_> = Aspect::all().map(|aspect| space.axis(aspect, &admits)).collect();
        axes.sort_by_key(Vec::len);
        space.axes = axes;
        space
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = (usize, &'a Rule)> {
        self.rules.iter().copied().enumerate()
    }

    pub(super) fn rule(&self, number: usize) -> Option<&'a Rule> {
        self.rules.get(number).copied()
    }

    /// The settings of one aspect, one for each set of rules that they satisfy.
    fn axis(&self, aspect: Aspect, admits: &impl Fn(&Setting) -> bool) -> Vec<Kind> {
        let mut seen = BTreeSet::new();
        let settings = aspect.settings(&self.policies).into_iter().filter(admits);
        let kinds = settings.map(|setting| Kind { rules: self.satisfied(&setting), setting });
        kinds.filter(|kind| seen.insert(kind.rules.clone())).collect()
    }

    /// The rules that a setting satisfies.
    fn satisfied(&self, setting: &Setting) -> Bits {
        let scene = Scene::default().with(setting);
        let each = self.policies.iter().flat_map(|policy| {
            let number = scene.number(setting, policy);
            policy.rules.iter().map(move |rule| setting.satisfies(rule, number))
        });
        bits(each)
    }

    /// The rules that hold for someone with these roles.
    pub(super) fn holding(&self, roles: &[&str]) -> Bits {
        let roles: Roles = roles.iter().copied().collect();
        let each = self.policies.iter().flat_map(|policy| {
            let covers = policy.covered(&roles);
            policy.rules.iter().map(move |rule| rule.holds_for(covers))
        });
        bits(each)
    }

    /// Goes through all kinds of cases for someone with these roles, as long as `matters` holds for the rules that may still apply.
    pub(super) fn visit<B>(
        &self,
        roles: &[&str],
        matters: impl Fn(&Bits) -> bool,
        mut case: impl FnMut(&Bits, &dyn Fn() -> Option<Scene>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let mut chosen = Vec::with_capacity(self.axes.len());
        self.descend(&self.holding(roles), roles, &mut chosen, &matters, &mut case)
    }

    fn descend<'s, B>(
        &'s self,
        rules: &Bits,
        roles: &[&str],
        chosen: &mut Vec<&'s Setting>,
        matters: &impl Fn(&Bits) -> bool,
        case: &mut impl FnMut(&Bits, &dyn Fn() -> Option<Scene>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        if !matters(rules) {
            return ControlFlow::Continue(());
        }
        let Some(axis) = self.axes.get(chosen.len()) else {
            return case(rules, &|| Scene::of(roles, chosen));
        };
        for kind in axis {
            chosen.push(&kind.setting);
            let result = self.descend(&both(rules, &kind.rules), roles, chosen, matters, case);
            chosen.pop();
            result?;
        }
        ControlFlow::Continue(())
    }
}

fn bits(each: impl Iterator<Item = bool>) -> Bits {
    let mut bits = Bits::new();
    for (number, holds) in each.enumerate() {
        if number % 64 == 0 {
            bits.push(0);
        }
        if let Some(last) = bits.last_mut() {
            *last |= u64::from(holds) << (number % 64);
        }
    }
    bits
}

/// The rules with these numbers.
pub(super) fn mask(count: usize, holds: impl Fn(usize) -> bool) -> Bits {
    bits((0..count).map(holds))
}

fn both(one: &Bits, other: &Bits) -> Bits {
    one.iter().zip(other).map(|(one, other)| one & other).collect()
}

pub(super) fn meet(one: &Bits, other: &Bits) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

/// The numbers of the rules.
pub(super) fn numbers(bits: &Bits) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(word, bits)| crate::bits::ones(*bits).map(move |bit| word * 64 + bit))
}
