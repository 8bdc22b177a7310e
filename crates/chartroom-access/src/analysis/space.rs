//! Every kind of case that policies can tell apart.
//!
//! The vocabulary is finite, and values that satisfy the same rules need looking at only once. So do cases to which the same rules
//! apply: the values are gone through aspect by aspect, and wherever two ways lead to the same rules, one of them goes on. What
//! bounds the work is then how many different sets of rules may apply at once, and not how many cases there are.
//!
//! One label at a time is enough: a class that is open in a record with several labels is open in a record with any one of
//! them. And roles one or two at a time are: a permit needs one role, and a refusal that stands against it one more.

use std::collections::HashMap;

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

/// Settings of one aspect, and the rules that they satisfy. They stand for all that satisfy the same.
struct Kind {
    settings: Vec<Setting>,
    rules: Bits,
}

/// Cases to which the same rules apply.
pub(super) struct Cases {
    /// These rules.
    pub(super) rules: Bits,
    /// How many kinds of cases there are.
    pub(super) kinds: usize,
    /// The kind chosen of each axis, for one of the cases.
    chosen: Vec<usize>,
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

    /// The settings of one aspect, once for each set of rules that they satisfy.
    fn axis(&self, aspect: Aspect, admits: &impl Fn(&Setting) -> bool) -> Vec<Kind> {
        let mut kinds: Vec<Kind> = Vec::new();
        for settings in aspect.settings(&self.policies) {
            if settings.iter().all(admits) {
                let rules = self.satisfied(&settings);
                if kinds.iter().all(|kind| kind.rules != rules) {
                    kinds.push(Kind { settings, rules });
                }
            }
        }
        kinds
    }

    /// The rules that these settings satisfy.
    fn satisfied(&self, settings: &[Setting]) -> Bits {
        let scene = Scene::default().with_all(settings);
        let each = self.policies.iter().flat_map(|policy| {
            let numbers: Vec<usize> = settings.iter().map(|setting| scene.number(setting, policy)).collect();
            policy.rules.iter().map(move |rule| {
                settings.iter().zip(&numbers).all(|(setting, number)| setting.satisfies(rule, *number))
            })
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

    /// All kinds of cases for someone with these roles in which `matters` holds for the rules that apply: once for each set of
    /// rules. What matters must not come to matter when fewer rules apply.
    pub(super) fn cases(&self, roles: &[&str], matters: impl Fn(&Bits) -> bool) -> Vec<Cases> {
        let all = Cases { rules: self.holding(roles), kinds: 1, chosen: Vec::new() };
        let start = if matters(&all.rules) { vec![all] } else { Vec::new() };
        self.axes.iter().fold(start, |cases, axis| divided(&cases, axis, &matters))
    }

    /// One of these cases, put together.
    pub(super) fn scene(&self, roles: &[&str], cases: &Cases) -> Scene {
        let chosen = self.axes.iter().zip(&cases.chosen).filter_map(|(axis, kind)| axis.get(*kind));
        Scene::of(roles, chosen.flat_map(|kind| &kind.settings))
    }
}

/// The cases divided by one more aspect, and put together where the same rules apply.
fn divided(cases: &[Cases], axis: &[Kind], matters: &impl Fn(&Bits) -> bool) -> Vec<Cases> {
    let mut found: Vec<Cases> = Vec::new();
    let mut places: HashMap<Bits, Option<usize>> = HashMap::new();
    let mut rules = Bits::new();
    for one in cases {
        for (number, kind) in axis.iter().enumerate() {
            rules.clear();
            rules.extend(both_of(&one.rules, &kind.rules));
            match places.get(&rules) {
                Some(None) => {}
                Some(Some(place)) => {
                    if let Some(known) = found.get_mut(*place) {
                        known.kinds = known.kinds.saturating_add(one.kinds);
                    }
                }
                None => {
                    let place = matters(&rules).then_some(found.len());
                    places.insert(rules.clone(), place);
                    if place.is_some() {
                        let chosen = one.chosen.iter().copied().chain([number]).collect();
                        found.push(Cases { rules: rules.clone(), kinds: one.kinds, chosen });
                    }
                }
            }
        }
    }
    found
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

/// The rules in both.
pub(super) fn both(one: &Bits, other: &Bits) -> Bits {
    both_of(one, other).collect()
}

fn both_of(one: &Bits, other: &Bits) -> impl Iterator<Item = u64> {
    one.iter().zip(other).map(|(one, other)| one & other)
}

pub(super) fn meet(one: &Bits, other: &Bits) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

/// The numbers of the rules.
pub(super) fn numbers(bits: &Bits) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(word, bits)| crate::bits::ones(*bits).map(move |bit| word * 64 + bit))
}
