//! What an expansion says of a code.

use serde_json::{Value, json};

use super::super::code_system::CONCEPT_PROPERTIES;
use super::super::json::Element;
use super::super::source::Place;
use super::super::system::System;
use super::super::terms::Term;
use super::super::value_set::Listed;
use super::collect::{Candidate, Collector};
use super::{Contains, Text};

impl Listed {
    /// The code alone.
    pub(super) fn bare(&self) -> Contains {
        let (system, version) = (self.system.clone().unwrap_or_default(), self.version.clone());
        Contains { system, version, code: self.code.clone(), ..Contains::default() }
    }
}

impl<'c> Collector<'c> {
    pub(super) fn describe(&mut self, candidate: &Candidate<'_, 'c>) -> Contains {
        let Candidate { system, at, terms, reference, .. } = candidate;
        let preferred = terms.preferred(self.options.languages());
        let mut code = Contains {
            system: system.url().to_owned(),
            version: system.version().filter(|_| self.by_version).map(str::to_owned),
            code: system.code(*at).into_owned(),
            display: preferred.map(|term| term.value.to_string()),
            is_abstract: system.is_abstract(*at),
            is_inactive: system.is_inactive(*at),
            ..Contains::default()
        };
        if self.options.include_designations == Some(true) {
            let others = terms.iter().filter(|term| preferred.is_none_or(|preferred| !std::ptr::eq(*term, preferred)));
            let wanted = others.filter(|term| self.wants_designation(term) && !self.repeats_display(term, &code));
            code.designations = wanted.map(Text::from).collect();
        }
        self.add_extensions(
            &mut code,
            &system.extensions(*at),
            reference.map_or(&[], |reference| &reference.extensions),
        );
        if let Some(status) = system.status(*at).filter(|status| !status.eq_ignore_ascii_case("active")) {
            self.set_property(&mut code, "status", "status", "valueCode", &json!(status));
        }
        self.add_properties(&mut code, system, *at);
        code
    }

    /// A code of a stored expansion, as that describes it.
    pub(super) fn describe_listed(&self, listed: &Listed) -> Contains {
        let designations = listed.designations.iter().map(Term::from);
        let designations = designations.filter(|_| self.options.include_designations == Some(true));
        Contains {
            display: listed.display.clone(),
            is_abstract: listed.is_abstract,
            is_inactive: listed.is_inactive,
            designations: designations
                .filter(|term| self.wants_designation(term))
                .map(|term| Text::from(&term))
                .collect(),
            ..listed.bare()
        }
    }

    /// What the extensions on a concept say: some become properties, some are kept, the rest is left.
    fn add_extensions(&mut self, code: &mut Contains, of_system: &[&Value], of_set: &[Value]) {
        for extension in of_system.iter().copied().chain(of_set) {
            let Some((url, (name, value))) = extension.text("url").zip(extension.choice()) else { continue };
            let Some(kind) = url.strip_prefix("http://hl7.org/fhir/StructureDefinition/") else { continue };
            match kind {
                "codesystem-label" | "valueset-label" => {
                    self.set_property(code, "label", "label", "valueString", value)
                }
                "codesystem-conceptOrder" | "valueset-conceptOrder" => {
                    self.set_property(code, "order", "order", "valueDecimal", value);
                }
                "itemWeight" => self.set_property(code, "weight", "itemWeight", "valueDecimal", value),
                _ => {}
            }
            let is_kept_on = match kind {
                "coding-sctdescid" | "rendering-style" | "rendering-xhtml" => true,
                "codesystem-alternate" => of_system.iter().any(|other| std::ptr::eq(*other, extension)),
                "structuredefinition-standards-status"
                | "valueset-deprecated"
                | "valueset-concept-definition"
                | "valueset-supplement" => of_set.iter().any(|other| std::ptr::eq(other, extension)),
                _ => false,
            };
            if is_kept_on && !name.is_empty() {
                code.extensions.push(extension.clone());
            }
        }
    }

    fn add_properties(&mut self, code: &mut Contains, system: &System<'_>, at: Place<'_>) {
        let wanted = std::mem::take(&mut self.options.properties);
        let takes = |name: &str| wanted.iter().any(|wanted| wanted == name || wanted == "*");
        if let Some(definition) = system.definition(at).filter(|_| takes("definition")) {
            self.set_property(code, "definition", "definition", "valueString", &json!(definition));
        }
        for (property, uri) in system.properties(at) {
            let entry = (property.code.clone(), property.name.clone(), property.value.clone());
            if takes(&property.code) && !code.properties.contains(&entry) {
                self.define(&property.code, uri);
                code.properties.push(entry);
            }
        }
        self.options.properties = wanted;
    }

    /// Gives a code one of the standard properties, in place of an earlier value.
    fn set_property(&mut self, code: &mut Contains, name: &str, standard: &str, member: &str, value: &Value) {
        self.define(name, Some(&format!("{CONCEPT_PROPERTIES}{standard}")));
        code.properties.retain(|(other, ..)| other != name);
        code.properties.push((name.to_owned(), member.to_owned(), value.clone()));
    }

    pub(super) fn define(&mut self, code: &str, uri: Option<&str>) {
        if !self.expansion.properties.iter().any(|(known, _)| known == code) {
            self.expansion.properties.push((code.to_owned(), uri.map(str::to_owned)));
        }
    }

    fn wants_designation(&self, term: &Term<'_>) -> bool {
        let matches = |wanted: &String| match wanted.split_once('|') {
            Some(("urn:ietf:bcp:47", language)) => term.language == Some(language),
            Some((system, code)) => {
                term.usage.is_some_and(|usage| usage.text("system") == Some(system) && usage.text("code") == Some(code))
            }
            None => false,
        };
        self.options.designations.is_empty() || self.options.designations.iter().any(matches)
    }

    /// Whether a designation says no more than the display does.
    fn repeats_display(&self, term: &Term<'_>, code: &Contains) -> bool {
        let of_set = self.set.publication.language.as_deref();
        let is_same_language = match (term.language, of_set) {
            (None, None) => true,
            (Some(language), Some(of_set)) => language.starts_with(of_set),
            _ => false,
        };
        is_same_language && term.usage.is_none() && Some(&*term.value) == code.display.as_deref()
    }
}
