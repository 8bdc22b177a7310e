//! Rules that do nothing: most often a mistake, and always a surprise to someone.

use std::collections::BTreeSet;
use std::fmt;

use chartroom_record::ClassSet;

use super::space::{Bits, Space, mask, meet, numbers};
use crate::{Obligations, Policy, Rule};

/// A rule without which the policy would decide alike in every case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The id of the rule.
    pub rule: String,
    /// The line of the id in the text that was read, counted from one.
    pub line: usize,
    /// Its column, in characters, counted from one.
    pub column: usize,
    /// What is wrong with it.
    pub fault: Fault,
    /// The ids of the rules that contradict it or do its work.
    pub by: Vec<String>,
}

/// What is wrong with a rule that does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A permit that refusals contradict in every case.
    Contradicted,
    /// A refusal that meets nothing that any permit grants.
    Unreachable,
    /// Other rules grant or withhold the same in every case.
    Shadowed,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.by.join("`, `");
        write!(f, "line {}, column {}, rule `{}`: ", self.line, self.column, self.rule)?;
        match self.fault {
            Fault::Contradicted => write!(f, "grants nothing: `{by}` withholds all of it"),
            Fault::Unreachable => f.write_str("withholds nothing that any rule grants"),
            Fault::Shadowed => write!(f, "does nothing that `{by}` does not do"),
        }
    }
}

impl Policy {
    /// The rules that do nothing, in the order of their ids. Of two rules that do the same, both are named.
    ///
    /// A refusal without anything to withhold may be meant as a guard against rules to come; whoever wants it can list it in a
    /// test.
    pub fn lint(&self) -> Vec<Finding> {
        let space = Space::new(&[self.all()], |_| true);
        space.rules().filter_map(|(number, rule)| Inspection { space: &space, number, rule }.finding(self)).collect()
    }

    /// The rules that never do anything: permits that are always contradicted, refusals that meet nothing.
    pub fn unreachable_rules(&self) -> Vec<Finding> {
        self.lint().into_iter().filter(|finding| finding.fault != Fault::Shadowed).collect()
    }

    /// The rules whose work others do.
    pub fn shadowed_rules(&self) -> Vec<Finding> {
        self.lint().into_iter().filter(|finding| finding.fault == Fault::Shadowed).collect()
    }
}

struct Inspection<'a> {
    space: &'a Space<'a>,
    number: usize,
    rule: &'a Rule,
}

/// What a rule does in a case.
enum Work {
    /// Nothing that could be seen.
    None,
    /// What others do too.
    Shared,
    /// What no other does.
    Own,
}

impl Inspection<'_> {
    fn finding(&self, policy: &Policy) -> Option<Finding> {
        let own = mask(self.space.rules().count(), |number| number == self.number);
        let roles: Vec<&str> = policy.roles().collect();
        let (mut shared, mut by) = (false, BTreeSet::new());
        for roles in self.roles(&roles) {
            for cases in self.space.cases(&roles, |rules| meet(rules, &own)) {
                match self.work(&cases.rules) {
                    Work::Own => return None,
                    Work::Shared => shared = true,
                    Work::None => {}
                }
                let others = self.others(&cases.rules).filter(|other| self.stands_against_or_beside(other));
                by.extend(others.map(Rule::id));
            }
        }
        let fault = match (shared, self.rule.permits()) {
            (true, _) => Fault::Shadowed,
            (false, true) => Fault::Contradicted,
            (false, false) => Fault::Unreachable,
        };
        let by = if fault == Fault::Unreachable { Vec::new() } else { by.into_iter().map(str::to_owned).collect() };
        let (line, column) = (self.rule.line(), self.rule.column());
        Some(Finding { rule: self.rule.id().to_owned(), line, column, fault, by })
    }

    /// The roles to look at: a permit works best for one role, and a refusal needs someone to whom another role grants.
    fn roles<'r>(&self, roles: &[&'r str]) -> Vec<Vec<&'r str>> {
        let holds = |roles: &Vec<&str>| meet(&self.space.holding(roles), &mask(self.number + 1, |n| n == self.number));
        let mut sets: Vec<Vec<&str>> = roles.iter().map(|role| vec![*role]).collect();
        if !self.rule.permits() {
            let pairs = roles
                .iter()
                .enumerate()
                .flat_map(|(index, one)| roles.iter().skip(index + 1).map(move |other| vec![*one, *other]));
            sets.extend(pairs);
        }
        sets.retain(holds);
        sets
    }

    fn others(&self, rules: &Bits) -> impl Iterator<Item = &Rule> {
        numbers(rules).filter(|number| *number != self.number).filter_map(|number| self.space.rule(number))
    }

    fn stands_against_or_beside(&self, other: &Rule) -> bool {
        let touches = !other.classes().intersection(self.rule.classes()).is_empty();
        touches && (!other.permits() || self.rule.permits())
    }

    fn work(&self, rules: &Bits) -> Work {
        let (mut granted, mut withheld, mut duties) = (ClassSet::NONE, ClassSet::NONE, Obligations::NONE);
        for other in self.others(rules) {
            let side = if other.permits() { &mut granted } else { &mut withheld };
            *side = side.union(other.classes());
            if !other.classes().intersection(self.rule.classes()).is_empty() {
                duties = duties.union(other.obligations());
            }
        }
        let (works, others) = if self.rule.permits() {
            (self.rule.classes().without(withheld), granted)
        } else {
            (self.rule.classes().intersection(granted), withheld)
        };
        let same_duties = duties.union(self.rule.obligations()) == duties;
        match (works.is_empty(), works.without(others).is_empty() && same_duties) {
            (true, _) => Work::None,
            (false, true) => Work::Shared,
            (false, false) => Work::Own,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    #[test]
    fn findings_say_where_the_rule_stands() {
        let text = r#"
[policy]
name = "lint"
version = "1"
[roles.a]
title = "A"

[[rule]]
id = "whole"
effect = "permit"
roles = ["a"]
actions = ["read"]
purposes = ["TREAT"]
classes = ["Name", "Contact"]
cites = "house"
dated = 2026-01-01

[[rule]]
effect = "permit"
id = "part"
roles = ["a"]
actions = ["read"]
purposes = ["TREAT"]
classes = ["Name"]
cites = "house"
dated = 2026-01-01

[[rule]]
id = "idle"
effect = "forbid"
classes = ["Clinical"]
cites = "house"
dated = 2026-01-01

[[rule]]
id = "shut"
effect = "permit"
roles = ["a"]
actions = ["update"]
purposes = ["TREAT"]
classes = ["Name"]
cites = "house"
dated = 2026-01-01

[[rule]]
id = "against"
effect = "forbid"
actions = ["update"]
classes = ["Name"]
cites = "house"
dated = 2026-01-01
"#;
        let policy = Policy::from_toml(text).expect("well formed");
        let told: Vec<_> = policy.lint().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "line 29, column 6, rule `idle`: withholds nothing that any rule grants",
                "line 20, column 6, rule `part`: does nothing that `whole` does not do",
                "line 36, column 6, rule `shut`: grants nothing: `against` withholds all of it",
            ]
        );
    }
}
