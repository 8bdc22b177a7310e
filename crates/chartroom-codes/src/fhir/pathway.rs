//! The way from a value set to those that it imports.

use super::issue::{Issue, IssueKind};
use super::{ValueSet, message};

/// The value sets on the way to the one that is looked at, so that a circle is seen.
#[derive(Default)]
pub(super) struct Pathway {
    names: Vec<String>,
    visits: usize,
}

/// How often a request may enter a value set. Imports that import twice what imports twice soon are more than anyone can follow.
const MOST_VISITS: usize = 10_000;

impl Pathway {
    /// Enters a value set. Refuses one that is on the way already.
    pub(super) fn enter(&mut self, set: &ValueSet) -> Result<(), Issue> {
        let name = set.publication.canonical();
        if self.names.contains(&name) {
            return Err(message::circular(&name, &self.names));
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
    use super::super::{Coding, IssueKind, Options};

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
    fn imports_that_double_at_each_step_come_to_an_end() {
        let twice = |next: &str| json!([{ "valueSet": [next] }, { "valueSet": [next] }]);
        let sets: Vec<_> =
            (0..40).map(|at| value_set(&format!("urn:{at}"), twice(&format!("urn:{}", at + 1)))).collect();
        let last = value_set("urn:40", json!([{ "system": "urn:letters" }]));
        let catalog = catalog(&[sets, vec![last, letters()]].concat());
        let validated = catalog.validate_code("urn:0", Coding::new("urn:letters", "Z"), &Options::default());
        for refusal in [validated.unwrap_err(), catalog.expand("urn:0", &Options::default()).unwrap_err()] {
            assert_eq!(refusal.0.kind, IssueKind::TooCostly);
        }
    }
}
