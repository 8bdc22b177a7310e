//! A policy for one requester, as a predicate over stored facts: for queries, counts and pages.
//!
//! Whoever counts or pages first and decides later shows how much was hidden. With a filter the database leaves out what the
//! requester may not see, so that counts and pages are of what is left.
//!
//! ```
//! use chartroom_access::filter::{Columns, Dialect};
//! use chartroom_access::{Action, Facts, Policy, Purpose, Request, ResourceType};
//! use chartroom_record::ClassSet;
//! use chrono::DateTime;
//!
//! let at = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
//! let request = Request::new("study-9", "researcher".into(), Action::Search, Purpose::Research, at);
//! let filter = Policy::starter().filter(&request);
//! assert!(filter.matches(&Facts::new(ResourceType::of("Condition"), ClassSet::ALL)));
//! assert!(!filter.matches(&Facts::new(ResourceType::of("Claim"), ClassSet::ALL)));
//!
//! let condition = filter.sql(Dialect::Sqlite, &Columns::default());
//! let count = format!("SELECT count(*) FROM records WHERE {}", condition.text);
//! assert!(count.contains("?1") && !condition.parameters.is_empty());
//! ```

mod sql;

use chartroom_record::{Class, ClassSet};

use crate::label::LabelSet;
use crate::policy::{Dimension, Rule, Rules, UNLABELLED, limit, locks};
use crate::{Facts, Policy, Request, ResourceType};

pub use sql::{Columns, Condition, Dialect, Value};

/// A policy for one requester. It matches exactly the facts of which [`Policy::decide`] permits anything, whole or in part.
pub struct Filter {
    policy: Policy,
    request: Request,
    groups: Vec<Group>,
}

/// Classes that the same rules grant and withhold.
struct Group {
    classes: ClassSet,
    permits: Vec<Clause>,
    refusals: Vec<Clause>,
}

/// What is left to be asked of the facts where a rule holds for the requester.
#[derive(Clone, PartialEq)]
struct Clause {
    /// Bits of the locks to which it has a key, or behind which it reaches.
    locks: u64,
    tests: Vec<Test>,
}

/// The numbers that a record may have in one dimension.
#[derive(Clone, PartialEq)]
struct Test {
    dimension: Dimension,
    admitted: Vec<bool>,
}

/// What depends on the record. The rest of the dimensions depends on the requester alone.
const OF_RECORDS: [Dimension; 12] = [
    Dimension::Type,
    Dimension::Confidentiality,
    Dimension::Originator,
    Dimension::Glass,
    Dimension::OwnOrganization,
    Dimension::CareSetting,
    Dimension::Clearance,
    Dimension::OwnChart,
    Dimension::Vip,
    Dimension::Deceased,
    Dimension::Age,
    Dimension::Consents,
];

impl Policy {
    /// The policy for this request, about any record.
    pub fn filter(&self, request: &Request) -> Filter {
        let all = self.all();
        let held = all.covered(&request.roles);
        let nothing = Facts::new(ResourceType::UNKNOWN, ClassSet::NONE);
        let holds = |rule: &&Rule| {
            let of_requester = Dimension::ALL.into_iter().filter(|dimension| !OF_RECORDS.contains(dimension));
            // A refusal of some elements leaves the others.
            let whole = rule.permits() || rule.elements().is_none();
            whole
                && rule.holds_for(held)
                && of_requester.into_iter().all(|it| rule.admits(it, it.number(all, request, &nothing)))
        };
        let rules: Vec<&Rule> = self.rules().iter().filter(holds).collect();
        Filter { policy: self.clone(), request: request.clone(), groups: groups(&rules, all) }
    }
}

impl Filter {
    /// Whether anything may be seen of a record with these facts.
    pub fn matches(&self, facts: &Facts) -> bool {
        let record = Record::of(self.policy.all(), &self.request, facts);
        limit(&self.request, facts).is_none() && self.groups.iter().any(|group| group.matches(&record))
    }
}

/// A record as the numbers that clauses ask for.
struct Record {
    classes: ClassSet,
    labels: LabelSet,
    numbers: [usize; OF_RECORDS.len()],
}

impl Record {
    fn of(all: &Rules, request: &Request, facts: &Facts) -> Self {
        let numbers = OF_RECORDS.map(|dimension| dimension.number(all, request, facts));
        Self { classes: facts.classes, labels: facts.labels, numbers }
    }

    fn number(&self, dimension: Dimension) -> usize {
        let found = OF_RECORDS.iter().zip(self.numbers).find(|(one, _)| **one == dimension);
        found.map_or(0, |(_, number)| number)
    }
}

impl Group {
    fn matches(&self, record: &Record) -> bool {
        let refused = || self.refusals.iter().any(|clause| locks(record.labels).any(|lock| clause.holds(record, lock)));
        let opened = |lock| self.permits.iter().any(|clause| clause.holds(record, lock));
        !self.classes.intersection(record.classes).is_empty() && locks(record.labels).all(opened) && !refused()
    }
}

impl Clause {
    fn of(rule: &Rule, all: &Rules) -> Self {
        let locks = (0..=UNLABELLED).fold(0, |bits, lock| bits | u64::from(rule.opens(lock)) << lock);
        let test = |dimension: Dimension| {
            let admitted = (0..dimension.size(all)).map(|number| rule.admits(dimension, number)).collect();
            Test { dimension, admitted }
        };
        let tests = OF_RECORDS.map(test).into_iter().filter(|test| test.admitted.contains(&false)).collect();
        Self { locks, tests }
    }

    fn holds(&self, record: &Record, lock: usize) -> bool {
        let admits = |test: &Test| test.admitted.get(record.number(test.dimension)) == Some(&true);
        self.locks & (1 << lock) != 0 && self.tests.iter().all(admits)
    }
}

/// The classes that any permit grants, put together where the same rules speak of them.
fn groups(rules: &[&Rule], all: &Rules) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for class in Class::ALL {
        let clauses = |permits: bool| {
            let speaking = rules.iter().filter(|rule| rule.permits() == permits && rule.classes().contains(class));
            let mut clauses: Vec<Clause> = Vec::new();
            for clause in speaking.map(|rule| Clause::of(rule, all)) {
                if !clauses.contains(&clause) {
                    clauses.push(clause);
                }
            }
            clauses
        };
        let (permits, refusals) = (clauses(true), clauses(false));
        match groups.iter_mut().find(|group| group.permits == permits && group.refusals == refusals) {
            Some(group) => group.classes.insert(class),
            None if permits.is_empty() => {}
            None => groups.push(Group { classes: class.into(), permits, refusals }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use chartroom_record::{Mode, Resource, parse};
    use chrono::DateTime;

    use super::*;
    use crate::consent::{Combination, Consents};
    use crate::{Action, Purpose, Relationship};

    #[test]
    fn classes_of_the_same_rules_are_asked_for_together_and_others_apart() {
        let policy = Policy::from_toml(
            "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.nurse]\ntitle = \"N\"\n[[rule]]\nid = \"a\"\neffect = \"permit\"\n\
             roles = [\"nurse\"]\nactions = [\"read\"]\npurposes = [\"TREAT\"]\nclasses = [\"all\"]\ncites = \"house\"\n\
             dated = 2026-01-01\n[[rule]]\nid = \"b\"\neffect = \"forbid\"\ntypes = [\"Condition\"]\nclasses = [\"Name\"]\n\
             cites = \"house\"\ndated = 2026-01-01\n",
        )
        .expect("well formed");
        let request = Request::new("n-1", "nurse".into(), Action::Read, Purpose::Treatment, DateTime::UNIX_EPOCH);
        let filter = policy.filter(&request);
        assert_eq!(filter.groups.len(), 2);
        let holding = |class: Class| Facts::new(ResourceType::of("Condition"), class.into());
        assert!(filter.matches(&holding(Class::Clinical)) && !filter.matches(&holding(Class::Name)));
    }

    #[test]
    fn consents_withhold_here_too() {
        let refusal = br#"{"resourceType":"Consent","status":"active","patient":{"reference":"Patient/7"},"dateTime":"2026-01-02",
            "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
            "provision":{"type":"deny"}}"#;
        let Ok(Resource::Consent(refusal)) = parse(refusal, Mode::Strict).map(|parsed| parsed.into_resource()) else {
            panic!("a consent")
        };
        let at = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
        let asking = Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, at);
        let asking = Request { relationship: Relationship::Treating.into(), ..asking };
        let about = |patient: &str| Facts {
            patient: Some(patient.into()),
            ..Facts::new(ResourceType::of("Condition"), ClassSet::ALL)
        };
        let policy = Policy::starter();
        let open = policy.filter(&asking);
        assert!(open.matches(&about("7")) && open.sql(Dialect::Sqlite, &Columns::default()).text != "(1 = 0)");
        let consents = Consents::read([&*refusal], Combination::DenyOverrides);
        let asking = Request { consents: Some(consents), ..asking };
        let filter = policy.filter(&asking);
        for patient in ["7", "8"] {
            let facts = about(patient);
            assert_eq!(filter.matches(&facts), policy.decide(&asking, &facts).is_permitted());
        }
        assert!(!filter.matches(&about("7")));
        let condition = filter.sql(Dialect::PostgreSql, &Columns::default());
        assert!(condition.parameters.contains(&Value::Text("Patient/7".to_owned())));
        // What could not be computed admits no row.
        let unclear = Consents::read([&Default::default()], Combination::DenyOverrides);
        let filter = policy.filter(&Request { consents: Some(unclear), ..asking });
        assert_eq!(filter.sql(Dialect::Sqlite, &Columns::default()).text, "(1 = 0)");
    }
}
