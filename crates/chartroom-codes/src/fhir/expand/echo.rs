//! The parameters of an expansion: what was asked for, and what was used.

use serde_json::{Value, json};

use super::super::publication::{Publication, canonical};
use super::super::version::VersionRuleKind;
use super::collect::Collector;

impl Collector<'_> {
    /// Says in the parameters what was asked for.
    pub(super) fn echo_options(&mut self) {
        let options = self.options.clone();
        let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
        let flag = |flag: Option<bool>| flag.map(Value::Bool);
        let number = |number: Option<usize>| number.map(|number| json!(number));
        let languages = options.languages().map(|languages| json!(languages.as_parameter()));
        let echoed = [
            ("filter", "valueString", text(&options.filter)),
            ("displayLanguage", "valueCode", languages),
            ("excludeNested", "valueBoolean", flag(options.exclude_nested)),
            ("activeOnly", "valueBoolean", flag(options.active_only)),
            ("includeDesignations", "valueBoolean", flag(options.include_designations)),
            ("includeDefinition", "valueBoolean", flag(options.include_definition)),
            ("excludeNotForUI", "valueBoolean", flag(options.exclude_not_for_ui)),
            ("versionsMatch", "valueBoolean", flag(options.versions_match.filter(|matches| *matches))),
            ("offset", "valueInteger", number(options.offset)),
            ("count", "valueInteger", number(options.count)),
        ];
        for (name, member, value) in echoed {
            if let Some(value) = value {
                self.note(name, member, value);
            }
        }
        for designation in options.designations {
            self.note("designation", "valueString", json!(designation));
        }
        self.expansion.offset = options.offset;
    }

    /// Says in the parameters which rules for versions were applied.
    pub(super) fn echo_rules(&mut self) {
        let used: Vec<String> = self.entries.iter().map(|entry| entry.code.system.clone()).collect();
        for rule in self.options.versions.clone() {
            if rule.kind == VersionRuleKind::Force && used.contains(&rule.url) {
                self.note("force-system-version", "valueUri", json!(canonical(&rule.url, Some(&rule.version))));
            }
        }
    }

    pub(super) fn note_caution(&mut self, publication: &Publication) {
        if let Some(caution) = publication.caution(&self.set.publication) {
            self.note(&format!("warning-{}", caution.name()), "valueUri", json!(publication.canonical()));
        }
    }

    pub(super) fn note(&mut self, name: &str, member: &str, value: Value) {
        let parameter = json!({ "name": name, member: value });
        if !self.expansion.parameters.contains(&parameter) {
            self.expansion.parameters.push(parameter);
        }
    }
}
