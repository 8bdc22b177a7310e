//! Cardinality, formats, required codes, empty structures, misplaced values, references.

use crate::class::Class;
use crate::datatype::Reference;
use crate::element::{Element, ElementFacts, Node, Strength, TypeChoice};
use crate::issue::{Issue, IssueCode};
use crate::json::Json;
use crate::primitive::Primitive;
use crate::resource::{Other, Resource};
use crate::walk::{Step, Visitor};

use super::reference;

/// The longest string that R4 allows, section 2.24.0.1.
const LONGEST: usize = 1024 * 1024;

/// Checks every structure by the facts of its type.
pub(super) struct Structure<'i> {
    issues: &'i mut Vec<Issue>,
    contained: Vec<String>,
}

impl<'i> Structure<'i> {
    pub(super) fn new(resource: &Resource, issues: &'i mut Vec<Issue>) -> Self {
        Self { issues, contained: contained_ids(resource) }
    }

    fn add(&mut self, code: IssueCode, path: impl ToString, detail: impl Into<String>) {
        self.issues.push(Issue::new(code, path.to_string(), detail));
    }

    fn cardinality(&mut self, at: &Step<'_>, value: &dyn Element, index: usize, facts: &ElementFacts) {
        let count = match value.member(index).node {
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
}

fn has_twin(value: &dyn Element, kind: &TypeChoice) -> bool {
    value.extra().twin(kind.member).is_some_and(|twin| twin.written > 0)
}

/// Whether the element is there with a value that does not fit; that is an issue of its own.
fn kept_plain(value: &dyn Element, facts: &ElementFacts) -> bool {
    value.extra().unknown().any(|(name, _)| facts.types.iter().any(|kind| kind.member == name))
}

/// The ids of contained resources, which `#id` may point at.
fn contained_ids(resource: &Resource) -> Vec<String> {
    let Some(element) = resource.as_element() else { return Vec::new() };
    let Some(index) = element.facts().elements.iter().position(|facts| facts.name == "contained") else {
        return Vec::new();
    };
    let Node::List(list) = element.member(index).node else { return Vec::new() };
    let ids = (0..list.len()).filter_map(|item| match list.get(item) {
        Node::Resource(contained) => contained.id().map(str::to_owned),
        _ => None,
    });
    ids.collect()
}

impl Visitor for Structure<'_> {
    fn structure(&mut self, at: &Step<'_>, value: &dyn Element, kind: Option<&'static TypeChoice>, _: Class) {
        let elements = value.facts().elements;
        let mut absent = true;
        for (index, facts) in elements.iter().enumerate() {
            absent &= matches!(value.member(index).node, Node::Absent);
            self.cardinality(at, value, index, facts);
        }
        if absent && value.extra().is_empty() && kind.is_some() {
            self.add(IssueCode::Empty, at, "an element has at least a value or an extension");
        }
        if let Some(reference) = (value as &dyn std::any::Any).downcast_ref::<Reference>() {
            let targets = kind.map_or(&[][..], |kind| kind.targets);
            if let Some((code, member, detail)) = reference::fault(reference, targets, &self.contained) {
                self.add(code, format_args!("{at}.{member}"), detail);
            }
        }
    }

    fn primitive(&mut self, at: &Step<'_>, facts: &ElementFacts, value: &dyn Primitive, _: Class) {
        if let Some(fault) = value.fault() {
            self.add(IssueCode::Format, at, fault.to_string());
        }
        if value.type_name() == "string" && value.to_plain().len() > LONGEST {
            self.add(IssueCode::Format, at, "a string is at most one megabyte long");
        }
        let required = facts.binding.filter(|binding| binding.strength == Strength::Required);
        if let (Some(binding), Some(code)) = (required, value.set_code())
            && !code.in_set()
        {
            self.add(IssueCode::Binding, at, format!("the code is not in the value set {}", binding.value_set));
        }
    }

    fn unknown(&mut self, at: &Step<'_>, owner: &dyn Element, _: &Json) {
        let path = at.to_string();
        let name = path.rsplit('.').next().unwrap_or_default();
        let name = name.strip_prefix('_').unwrap_or(name);
        let known = owner.facts().elements.iter().flat_map(|facts| facts.types).any(|kind| kind.member == name);
        let common = matches!(name, "id" | "extension" | "modifierExtension" | "resourceType");
        if known || common {
            self.add(IssueCode::Format, path, "the value does not fit the element");
        } else {
            self.add(IssueCode::UnknownMember, path, "the element has no member of this name");
        }
    }

    fn other(&mut self, at: &Step<'_>, other: &Other) {
        if crate::resource::is_r4(other.type_name()) {
            self.add(
                IssueCode::NotChecked,
                at,
                "resources of this type are kept whole, and their structure is not checked",
            );
        } else {
            self.add(IssueCode::ResourceType, at, "FHIR R4 has no resource type of this name");
        }
    }
}
