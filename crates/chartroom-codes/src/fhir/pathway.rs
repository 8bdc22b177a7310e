//! The way from a value set to those that it imports.

use super::issue::{Issue, IssueKind};
use super::{ValueSet, message};

/// The value sets on the way to the one that is looked at, so that a circle is seen.
#[derive(Default)]
pub(super) struct Pathway {
    names: Vec<String>,
    visits: usize,
}

/// How many value sets may be on the way at once. Whoever walks imports calls itself for each, and a program has so much stack and no more.
/// A validation enters all of them before it looks for a code, so that its other walks need not count again.
const DEEPEST: usize = 32;

/// How often a request may enter a value set. Imports that import twice what imports twice soon are more than anyone can follow.
const MOST_VISITS: usize = 10_000;

impl Pathway {
    /// Enters a value set. Refuses one that is on the way already.
    pub(super) fn enter(&mut self, set: &ValueSet) -> Result<(), Issue> {
        let name = set.publication.canonical();
        // Of sets without a name, as those that another contains, none can lead back to itself.
        if !set.publication.url.is_empty() && self.names.contains(&name) {
            return Err(message::circular(&name, &self.names));
        }
        if self.names.len() >= DEEPEST {
            let text = format!("The value set '{name}' is imported too deeply (>{DEEPEST} imports in a row)");
            return Err(message::plain(IssueKind::TooCostly, text));
        }
        self.visits += 1;
        if self.visits > MOST_VISITS {
            let text = format!("The value set '{name}' is imported too often (>{MOST_VISITS} imports in one request)");
            return Err(message::plain(IssueKind::TooCostly, text));
        }
        self.names.push(name);
        Ok(())
    }

    /// Leaves the value set that was entered last.
    pub(super) fn leave(&mut self) {
        self.names.pop();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixture::{catalog, letters, value_set};
    use super::super::{Coding, IssueKind, Options, Subject, ValueSet};

    #[test]
    fn a_circle_is_refused_with_the_way_to_it() {
        let to = |other: &str| json!([{ "valueSet": [other] }]);
        let catalog = catalog(&[value_set("urn:a", to("urn:b")), value_set("urn:b", to("urn:a"))]);
        let validated = catalog.validate_code("urn:a", Coding::new("urn:s", "A"), &Options::default());
        for refusal in [validated.unwrap_err(), catalog.expand("urn:a", &Options::default()).unwrap_err()] {
            assert_eq!(refusal.0.message_id, Some("VALUESET_CIRCULAR_REFERENCE"));
            assert!(refusal.0.text.ends_with("[urn:a, urn:b]"));
        }
    }

    #[test]
    fn a_chain_of_imports_has_a_longest() {
        let chain = |length: usize| {
            let next =
                |at: usize| value_set(&format!("urn:{at}"), json!([{ "valueSet": [format!("urn:{}", at + 1)] }]));
            let last = value_set(&format!("urn:{}", length - 1), json!([{ "system": "urn:letters" }]));
            catalog(&[(0..length - 1).map(next).collect(), vec![last, letters()]].concat())
        };
        let coding = Coding::new("urn:letters", "A");
        assert!(chain(32).validate_code("urn:0", coding.clone(), &Options::default()).unwrap().is_valid);
        assert_eq!(chain(32).expand("urn:0", &Options::default()).unwrap().total, Some(6));
        for length in [33, 1_000] {
            let catalog = chain(length);
            let infer = Options { infer_system: true, ..Options::default() };
            for refusal in [
                catalog.validate_code("urn:0", coding.clone(), &Options::default()).unwrap_err(),
                catalog
                    .validate_code("urn:0", Subject::Code(Coding { system: None, ..coding.clone() }), &infer)
                    .unwrap_err(),
                catalog.expand("urn:0", &Options::default()).unwrap_err(),
            ] {
                assert_eq!(refusal.0.kind, IssueKind::TooCostly);
            }
        }
    }

    #[test]
    fn contained_sets_without_a_name_are_no_circle() {
        let inner = json!({ "resourceType": "ValueSet", "id": "inner", "compose": { "include": [{ "system": "urn:letters" }] } });
        let outer = json!({ "resourceType": "ValueSet", "contained": [inner], "compose": { "include": [{ "valueSet": ["#inner"] }] } });
        let set = ValueSet::read(&outer).unwrap();
        let expansion = catalog(&[letters()]).expand_set(&set, &Options::default()).unwrap();
        assert_eq!(expansion.total, Some(6));
    }

    #[test]
    fn imports_that_double_at_each_step_come_to_an_end() {
        let twice = |next: &str| json!([{ "valueSet": [next] }, { "valueSet": [next] }]);
        let sets: Vec<_> =
            (0..30).map(|at| value_set(&format!("urn:{at}"), twice(&format!("urn:{}", at + 1)))).collect();
        let last = value_set("urn:30", json!([{ "system": "urn:letters" }]));
        let catalog = catalog(&[sets, vec![last, letters()]].concat());
        let validated = catalog.validate_code("urn:0", Coding::new("urn:letters", "Z"), &Options::default());
        for refusal in [validated.unwrap_err(), catalog.expand("urn:0", &Options::default()).unwrap_err()] {
            assert_eq!(refusal.0.kind, IssueKind::TooCostly);
        }
    }
}
