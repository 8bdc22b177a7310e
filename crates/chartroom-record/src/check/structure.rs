//! Cardinality, formats, required codes, empty structures, misplaced values, references; and on the way, the invariants.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::class::Class;
use crate::datatype::{Attachment, CodeableConcept, Coding, Expression, Extension, Identifier, Reference};
use crate::element::{Element, Node};
use crate::extra::{Extra, Twin};
use crate::facts::{ElementFacts, Strength, TypeChoice};
use crate::issue::{Issue, IssueCode, Severity};
use crate::json::Json;
use crate::primitive::{Primitive, Uri};
use crate::resource::{CodeSystem, Observation, Other, Questionnaire, Resource, ValueSet, ValueSetComposeInclude};
use crate::walk::{Step, Visitor};

use super::contained::Contained;
use super::invariant::{self, Invariant};
use super::links::Link;
use super::record::Record;
use super::{
    answers, binding, bundle, contained, expression, extension, narrative, questionnaire, reference, terminology,
    untyped, vital_signs,
};

/// The characters of the longest string that R4 allows, section 2.24.0.1.
const LONGEST: usize = 1024 * 1024;

/// Checks every structure by the facts of its type and the invariants stated on it.
pub(super) struct Structure<'i> {
    issues: &'i mut Vec<Issue>,
    /// What stands around the resource.
    record: &'i Record<'i>,
    /// Whether the bundle at the root is checked elsewhere, with its entries.
    apart: bool,
    /// The resources around the current place, each with what `#id` may point at; `None` in a contained resource,
    /// which has that of its container.
    around: Vec<Option<Rc<Contained>>>,
    /// The types of the resources around the current place, each with the length of its path.
    resources: Vec<(String, usize)>,
    /// The links of the narratives to somewhere in the record.
    links: Vec<Link>,
    /// The invariants by the name of the type, once they were looked up.
    stated: HashMap<&'static str, &'static [Invariant]>,
}

impl<'i> Structure<'i> {
    pub(super) fn new(record: &'i Record<'i>, issues: &'i mut Vec<Issue>) -> Self {
        Self {
            issues,
            record,
            apart: false,
            around: Vec::new(),
            resources: Vec::new(),
            links: Vec::new(),
            stated: HashMap::new(),
        }
    }

    /// For a bundle without its entries' resources.
    pub(super) fn of_emptied_bundle(record: &'i Record<'i>, issues: &'i mut Vec<Issue>) -> Self {
        Self { apart: true, ..Self::new(record, issues) }
    }

    /// The links of the narratives that were seen.
    pub(super) fn into_links(self) -> Vec<Link> {
        self.links
    }

    fn add(&mut self, code: IssueCode, path: impl ToString, detail: impl Into<String>) {
        self.issues.push(Issue::new(code, path.to_string(), detail));
    }

    fn cardinality(&mut self, at: &Step<'_>, value: &dyn Element, node: Node<'_>, facts: &ElementFacts) {
        let count = match node {
            Node::Absent => usize::from(facts.types.iter().any(|kind| has_twin(value, kind))),
            Node::List(list) => list.len(),
            _ => 1,
        };
        let name = facts.types.first().filter(|_| facts.types.len() == 1).map_or(facts.name, |kind| kind.member);
        if count < usize::from(facts.min) && !kept_plain(value, facts) {
            let code = if count == 0 { IssueCode::Required } else { IssueCode::Cardinality };
            self.add(code, format_args!("{at}.{name}"), format!("at least {} needed, {count} given", facts.min));
        }
        if facts.max.is_some_and(|max| count > usize::from(max)) {
            self.add(IssueCode::Cardinality, format_args!("{at}.{name}"), format!("{count} given, which is too many"));
        }
    }

    /// Where a primitive value is absent, extensions stand in its place, and not an id alone: `ele-1`. They say of which type
    /// the value of a choice would be.
    fn twin(&mut self, at: &Step<'_>, value: &dyn Element, twin: &Twin) {
        let mut elements = value.facts().elements.iter().enumerate();
        let Some((index, facts, choice)) = elements.find_map(|(index, facts)| {
            let choice = facts.types.iter().position(|kind| kind.member == twin.member)?;
            Some((index, facts, choice))
        }) else {
            return;
        };
        let member = value.member(index);
        if !matches!(member.node, Node::Absent) && member.choice != choice {
            self.add(
                IssueCode::RepeatedChoice,
                format_args!("{at}.{}", twin.member),
                "this choice already has a value",
            );
            return;
        }
        let mut values = member.len();
        for (position, slot) in twin.slots.iter().enumerate() {
            let has_value = !slot.null && values > 0;
            values -= usize::from(has_value);
            if !has_value && slot.extra.extension().is_empty() {
                let place = if facts.is_list() { format!("[{position}]") } else { String::new() };
                let path = format_args!("{at}.{}{place}", twin.member);
                self.add(IssueCode::Empty, path, "an element has at least a value or an extension");
            }
        }
    }

    fn invariants(&mut self, at: &Step<'_>, value: &dyn Element, kind: Option<&'static TypeChoice>) {
        // A kind of quantity has the structure of Quantity, and rules of its own.
        let name = match (value.facts().name, kind) {
            ("Quantity", Some(kind)) => kind.type_name,
            (name, _) => name,
        };
        let stated: &'static [Invariant] = self.stated.entry(name).or_insert_with(|| invariant::of_type(name));
        for invariant in stated.iter().filter(|invariant| !(invariant.holds)(value)) {
            let detail = format!("{}: {}", invariant.key, invariant.breach);
            let issue = Issue::new(IssueCode::Invariant, at.to_string(), detail);
            self.issues.push(issue.with_severity(invariant.severity));
        }
    }

    /// What `#id` may point at.
    fn contained(&self) -> Rc<Contained> {
        self.around.iter().rev().flatten().next().cloned().unwrap_or_default()
    }

    fn reference(&mut self, at: &Step<'_>, reference: &Reference, kind: Option<&'static TypeChoice>) {
        let targets = kind.map_or(&[][..], |kind| kind.targets);
        let is_wrong = |found: &str| !reference::allows(targets, found);
        if let Some(fault) = reference::fault(reference, targets, &self.contained()) {
            let issue = Issue::new(fault.code, format!("{at}.{}", fault.member), fault.detail);
            self.issues.push(issue.with_severity(fault.severity));
        } else if reference.reference.as_deref().and_then(|text| self.record.type_at(text)).is_some_and(is_wrong) {
            self.add(IssueCode::ReferenceTarget, format_args!("{at}.reference"), reference::WRONG_TARGET);
        }
        if reference.reference.as_deref().is_some_and(|text| !self.record.may_have(text)) {
            // Only a document and a message must hold what they refer to.
            let detail = "no entry of the bundle has this address";
            let issue = Issue::new(IssueCode::UnresolvedReference, format!("{at}.reference"), detail);
            self.issues.push(issue.with_severity(Severity::Warning));
        }
        if reference::contradicts_itself(reference) {
            self.add(IssueCode::Contradiction, format_args!("{at}.type"), "the reference leads to another type");
        }
    }

    fn extension(&mut self, at: &Step<'_>, extension: &Extension) {
        let path = at.to_string();
        let inside = |(kind, length): &(String, usize)| Some((kind.clone(), path.get(length + 1..)?.to_owned()));
        let Some((kind, inside)) = self.resources.last().and_then(inside) else { return };
        if let Some(issue) = extension::faults(extension, &kind, &inside) {
            let told = Issue::new(issue.code(), path, issue.detail());
            self.issues.push(told.with_severity(issue.severity()));
        }
    }

    fn concept(&mut self, at: &Step<'_>, facts: &ElementFacts, node: Node<'_>) {
        let Some(binding) = facts.binding.filter(|binding| binding.strength == Strength::Required) else { return };
        let Node::Element(value) = node else { return };
        let concept = (value as &dyn std::any::Any).downcast_ref::<CodeableConcept>();
        if concept.is_some_and(|concept| !binding::allows_concept(binding.value_set, concept)) {
            let detail = format!("no code of the value set {}", binding.value_set);
            self.add(IssueCode::Binding, format_args!("{at}.{}", facts.name), detail);
        }
    }

    fn string(&mut self, at: &Step<'_>, text: &str) {
        if text.len() > LONGEST && text.chars().nth(LONGEST).is_some() {
            self.add(IssueCode::Format, at, "a string has at most 1048576 characters");
        }
        if has_tag(text) {
            self.add(IssueCode::Markup, at, "the text has what looks like a tag: escape it where it is shown");
        }
    }

    fn narrative(&mut self, at: &Step<'_>, text: &str) {
        let links = &mut self.links;
        let fault = narrative::fault(text, &mut |element, attribute, value| {
            let link = |target| Link { path: at.to_string(), target };
            links.extend(Link::target(element, attribute, value).map(link));
        });
        if let Some(detail) = fault {
            self.add(IssueCode::Invariant, at, detail);
        }
    }

    /// An address, as far as its text can be judged: section 2.24.0.1, `uri`.
    fn address(&mut self, at: &Step<'_>, facts: &ElementFacts, value: &dyn Primitive) {
        let text = value.to_plain();
        if !reference::is_urn(&text) {
            self.add(IssueCode::Format, at, "not a valid urn:uuid or urn:oid");
        }
        let targets = facts.types.first().map_or(&[][..], |kind| kind.targets);
        if value.type_name() == "canonical" && !reference::is_canonical_of(&text, targets) {
            self.add(IssueCode::ReferenceTarget, at, "the element does not allow the address of such a definition");
        }
    }

    fn system(&mut self, at: &Step<'_>, system: Option<&Uri>) {
        if system.is_some_and(|system| !reference::is_absolute(system)) {
            self.add(IssueCode::Format, format_args!("{at}.system"), "the address of a code system is absolute");
        } else if system.is_some_and(|system| system.contains("hl7.org/") && system.contains("/ValueSet/")) {
            self.add(IssueCode::Format, format_args!("{at}.system"), "the address is that of a value set");
        }
    }

    fn identifier(&mut self, at: &Step<'_>, identifier: &Identifier) {
        let Some(system) = &identifier.system else { return };
        if !reference::is_absolute(system) {
            self.add(IssueCode::Format, format_args!("{at}.system"), "the address of an identifier system is absolute");
        }
        // The system of URIs: an identifier in it is one itself.
        let is_uri = identifier.value.as_deref().is_none_or(reference::is_absolute);
        if &**system == "urn:ietf:rfc:3986" && !is_uri {
            self.add(IssueCode::Format, format_args!("{at}.value"), "an identifier of this system is a full URI");
        }
    }

    fn attachment(&mut self, at: &Step<'_>, attachment: &Attachment) {
        let (Some(data), Some(size)) = (&attachment.data, attachment.size) else { return };
        if u32::try_from(data.byte_len()) != Ok(size) {
            self.add(IssueCode::Contradiction, format_args!("{at}.size"), "the stated size is not that of the data");
        }
    }
}

/// Whether a `<` begins a name that ends in `>`, or in what can follow the name of a tag.
fn has_tag(text: &str) -> bool {
    text.split('<').skip(1).any(|after| {
        let after = after.strip_prefix(['/', '!']).unwrap_or(after);
        let name = after.trim_start_matches(|next: char| next.is_ascii_alphanumeric());
        after.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.starts_with(['>', ' ', '/'])
            && after.contains('>')
    })
}

/// Whether there is nothing but an id.
fn has_no_content(extra: &Extra) -> bool {
    extra.extension().is_empty()
        && extra.modifier_extension().is_empty()
        && extra.twins().is_empty()
        && extra.unknown().next().is_none()
}

fn has_twin(value: &dyn Element, kind: &TypeChoice) -> bool {
    value.extra().twin(kind.member).is_some_and(|twin| twin.written > 0)
}

/// Whether the element is there with a value that does not fit; that is an issue of its own.
fn kept_plain(value: &dyn Element, facts: &ElementFacts) -> bool {
    value.extra().unknown().any(|(name, _)| facts.types.iter().any(|kind| kind.member == name))
}

impl Visitor for Structure<'_> {
    fn enter(&mut self, at: &Step<'_>, resource: &Resource) {
        let outermost = self.around.is_empty();
        let inside = !outermost && at.name() == "contained";
        self.around.push((!inside).then(|| contained::types(resource).into()));
        self.resources.push((resource.type_name().to_owned(), at.to_string().len()));
        contained::check(resource, at, self.issues);
        if let Resource::Bundle(bundle) = resource
            && !(self.apart && outermost)
        {
            bundle::check(bundle, at, self.issues);
        }
        if let Resource::QuestionnaireResponse(response) = resource
            && let Some(form) = answers::form_of(response, &self.record.forms)
        {
            answers::check(response, form, at, self.issues);
        }
    }

    fn leave(&mut self) {
        self.around.pop();
        self.resources.pop();
    }

    fn structure(&mut self, at: &Step<'_>, value: &dyn Element, kind: Option<&'static TypeChoice>, _: Class) {
        let elements = value.facts().elements;
        let mut absent = true;
        for (index, facts) in elements.iter().enumerate() {
            let node = value.member(index).node;
            absent &= matches!(node, Node::Absent);
            self.cardinality(at, value, node, facts);
            self.concept(at, facts, node);
        }
        for twin in value.extra().twins() {
            self.twin(at, value, twin);
        }
        if absent && has_no_content(value.extra()) && kind.is_some() {
            self.add(IssueCode::Empty, at, "an element has at least a value or an extension");
        }
        self.invariants(at, value, kind);
        let value = value as &dyn std::any::Any;
        if let Some(extension) = value.downcast_ref::<Extension>() {
            self.extension(at, extension);
        } else if let Some(reference) = value.downcast_ref::<Reference>() {
            self.reference(at, reference, kind);
        } else if let Some(attachment) = value.downcast_ref::<Attachment>() {
            self.attachment(at, attachment);
        } else if let Some(coding) = value.downcast_ref::<Coding>() {
            self.system(at, coding.system.as_ref());
        } else if let Some(observation) = value.downcast_ref::<Observation>() {
            vital_signs::check(observation, at, self.issues);
        } else if let Some(identifier) = value.downcast_ref::<Identifier>() {
            self.identifier(at, identifier);
        } else if let Some(include) = value.downcast_ref::<ValueSetComposeInclude>() {
            terminology::filters(include, at, self.issues);
            self.system(at, include.system.as_ref());
        } else if let Some(code_system) = value.downcast_ref::<CodeSystem>() {
            terminology::code_system(code_system, at, self.issues);
        } else if let Some(value_set) = value.downcast_ref::<ValueSet>() {
            expression::value_set(value_set, at, self.issues);
        } else if let Some(form) = value.downcast_ref::<Questionnaire>() {
            questionnaire::check(form, at, self.issues);
        } else if let Some(expression) = value.downcast_ref::<Expression>() {
            expression::check(expression, at, self.issues);
        }
    }

    fn primitive(&mut self, at: &Step<'_>, facts: &ElementFacts, value: &dyn Primitive, _: Class) {
        if let Some(fault) = value.fault() {
            self.add(IssueCode::Format, at, fault.to_string());
        }
        match value.type_name() {
            "string" => self.string(at, &value.to_plain()),
            "xhtml" => self.narrative(at, &value.to_plain()),
            "uri" | "url" | "canonical" => self.address(at, facts, value),
            _ => {}
        }
        let required = facts.binding.filter(|binding| binding.strength == Strength::Required);
        if let (Some(binding), Some(code)) = (required, value.set_code())
            && !(code.in_set && binding::allows(binding.value_set, &value.to_plain()).unwrap_or(true))
        {
            self.add(IssueCode::Binding, at, format!("the code is not in the value set {}", binding.value_set));
        }
    }

    fn unknown(&mut self, at: &Step<'_>, owner: &dyn Element, _: &Json) {
        let path = at.to_string();
        let name = at.name().strip_prefix('_').unwrap_or(at.name());
        let facts = owner.facts();
        let known = facts.elements.iter().flat_map(|facts| facts.types).any(|kind| kind.member == name);
        let common = match name {
            "id" | "resourceType" => true,
            "extension" => facts.has_extensions(),
            "modifierExtension" => facts.has_modifier_extensions(),
            _ => false,
        };
        if known || common {
            self.add(IssueCode::Format, path, "the value does not fit the element");
        } else {
            self.add(IssueCode::UnknownMember, path, "the element has no member of this name");
        }
    }

    fn other(&mut self, at: &Step<'_>, other: &Other) {
        if untyped::knows(other.type_name()) {
            let (contained, before) = (self.contained(), self.issues.len());
            let told = untyped::walk(other, &contained, at, self);
            // A value that did not fit is kept beside the others, and so was seen twice.
            let mut seen = self.issues.split_off(before);
            let paths: HashSet<_> = told.iter().map(Issue::path).collect();
            seen.retain(|issue| !paths.contains(issue.path()));
            self.issues.extend(told.into_iter().chain(seen));
        } else if crate::resource::is_r4(other.type_name()) {
            self.add(IssueCode::NotChecked, at, "resources of this type are kept whole, and not checked");
        } else {
            self.add(IssueCode::ResourceType, at, "FHIR R4 has no resource type of this name");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Checks, IssueCode, Mode, parse};

    fn found(json: &str) -> Vec<(IssueCode, String)> {
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        let refused = outcome.map_or_else(|refused| refused.issues().to_vec(), |_| Vec::new());
        refused.iter().filter(|issue| issue.is_error()).map(|issue| (issue.code(), issue.path().to_owned())).collect()
    }

    #[test]
    fn an_absent_value_has_extensions_in_its_place() {
        let reason = r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#;
        let name = |inside: &str| found(&format!(r#"{{"resourceType":"Patient","name":[{{{inside}}}]}}"#));
        assert!(name(&format!(r#""given":["a",null],"_given":[{{"id":"x"}},{reason}]"#)).is_empty());
        assert!(name(&format!(r#""_given":[{reason}]"#)).is_empty());
        for (bad, place) in [
            (r#""given":[null]"#, 0),
            (r#""_given":[{"id":"x"}]"#, 0),
            (r#""given":["a",null],"_given":[null,null]"#, 1),
            (r#""given":["a",null],"_given":[null,{"id":"x"}]"#, 1),
        ] {
            assert_eq!(name(bad), [(IssueCode::Empty, format!("Patient.name[0].given[{place}]"))], "{bad}");
        }
        let birth = found(r#"{"resourceType":"Patient","_birthDate":{"id":"x"}}"#);
        assert_eq!(birth, [(IssueCode::Empty, "Patient.birthDate".to_owned())]);
    }

    #[test]
    fn a_choice_is_made_once_by_value_or_by_extension() {
        let reason = r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#;
        let of = |values: &str| {
            found(&format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},{values}}}"#))
        };
        assert!(of(&format!(r#""valueString":"x","_valueString":{reason}"#)).is_empty());
        let twice = [(IssueCode::RepeatedChoice, "Observation.valueString".to_owned())];
        assert_eq!(of(&format!(r#""valueInteger":1,"_valueString":{reason}"#)), twice);
    }
}
