//! Goes through every value of a resource, each with its path, its facts and its class.

use std::any::Any;
use std::fmt;

use crate::class::{Class, ClassSet};
use crate::classify::Scope;
use crate::datatype::{CodeableConcept, Coding, Extension};
use crate::element::{Element, Member, Node};
use crate::extra::Extra;
use crate::facts::{ElementFacts, TypeChoice, TypeFacts};
use crate::json::{Json, printable};
use crate::primitive::Primitive;
use crate::resource::{Other, Resource};

/// A place in a resource, as a chain back to its root. It becomes text only where it is printed:
/// `Patient.name[0].given[1]`. A name that no element can have is printed as `?` in an issue; `{:#}` prints it as it is.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    parent: Option<&'a Step<'a>>,
    name: &'a str,
    index: Option<usize>,
}

impl<'a> Step<'a> {
    pub(crate) const fn root(name: &'a str) -> Self {
        Self { parent: None, name, index: None }
    }

    /// The name of the member at the end.
    pub(crate) const fn name(&self) -> &'a str {
        self.name
    }

    pub(crate) const fn member(parent: &'a Step<'a>, name: &'a str) -> Self {
        Self { parent: Some(parent), name, index: None }
    }

    pub(crate) const fn item(self, index: usize) -> Self {
        Self { index: Some(index), ..self }
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
            f.write_str(".")?;
        }
        let is_root = self.parent.is_none();
        f.write_str(if is_root || f.alternate() { self.name } else { printable(self.name) })?;
        match self.index {
            Some(index) => write!(f, "[{index}]"),
            None => Ok(()),
        }
    }
}

/// What a walk shows of a resource.
pub(crate) trait Visitor {
    /// A resource, before all that it holds.
    fn enter(&mut self, _: &Step<'_>, _: &Resource) {}

    /// The end of the resource entered last.
    fn leave(&mut self) {}

    /// A structure, before what it holds. `kind` is the type that the member gives it; `None` for a resource.
    fn structure(&mut self, _: &Step<'_>, _: &dyn Element, _kind: Option<&'static TypeChoice>, _: Class) {}

    /// A primitive value.
    fn primitive(&mut self, _: &Step<'_>, _: &ElementFacts, _: &dyn Primitive, _: Class) {}

    /// Any value: a structure, a primitive value, an id, a resource inside a resource. The other methods come after it.
    fn value(&mut self, _: &Step<'_>, _: Node<'_>, _: Option<&'static ElementFacts>, _: Class) {}

    /// The id of a structure.
    fn id(&mut self) {}

    /// A member that no field holds.
    fn unknown(&mut self, _: &Step<'_>, _owner: &dyn Element, _: &Json) {}

    /// A resource outside the typed set.
    fn other(&mut self, _: &Step<'_>, _: &Other) {}
}

/// Walks over a resource and all that it holds, in the order of the standard.
pub(crate) fn resource(value: &Resource, at: &Step<'_>, visitor: &mut dyn Visitor) {
    visitor.enter(at, value);
    match value {
        Resource::Other(other) => visitor.other(at, other),
        typed => {
            if let Some(element) = typed.as_element() {
                structure(element, at, None, Scope::RESOURCE, visitor);
            }
        }
    }
    visitor.leave();
}

/// Walks over a structure that stands by itself.
pub(crate) fn element(value: &dyn Element, at: &Step<'_>, visitor: &mut dyn Visitor) {
    structure(value, at, None, Scope::RESOURCE, visitor);
}

/// Walks over the value that an extension carries, and what stands beside it, as if it stood somewhere else.
pub(crate) fn carried(extension: &Extension, at: &Step<'_>, visitor: &mut dyn Visitor) {
    let elements = extension.facts().elements;
    let Some((index, facts)) = elements.iter().enumerate().find(|(_, facts)| facts.name == "value") else { return };
    let member = extension.member(index);
    if let Some(kind) = facts.types.get(member.choice) {
        node(member.node, facts, kind, at, Scope::RESOURCE, visitor);
    }
    for slot in extension.extra.twins().iter().flat_map(|twin| &twin.slots) {
        extra(&slot.extra, extension, at, Scope::RESOURCE, visitor);
    }
}

fn structure(
    value: &dyn Element,
    at: &Step<'_>,
    kind: Option<&'static TypeChoice>,
    scope: Scope,
    visitor: &mut dyn Visitor,
) {
    visitor.structure(at, value, kind, scope.class);
    let common = value.extra();
    if !common.is_empty() {
        extra(common, value, at, scope, visitor);
    }
    let known = value.facts();
    let members = scope.members_of(value, known);
    for (index, facts) in known.elements.iter().enumerate() {
        let class = members.class(facts);
        member(value.member(index), facts, common, at, Scope { class, ..scope }, visitor);
        if !common.is_empty() {
            twins(common, facts, value, at, Scope { class, ..scope }, visitor);
        }
    }
}

fn member(
    member: Member<'_>,
    facts: &'static ElementFacts,
    common: &Extra,
    at: &Step<'_>,
    scope: Scope,
    visitor: &mut dyn Visitor,
) {
    let Some(kind) = facts.types.get(member.choice) else { return };
    let at = Step::member(at, kind.member);
    match member.node {
        Node::List(list) => {
            let twin = common.twin(kind.member);
            let mut position = 0;
            for index in 0..list.len() {
                position = twin.map_or(position, |twin| twin.after_nulls(position));
                node(list.get(index), facts, kind, &at.item(position), scope, visitor);
                position += 1;
            }
        }
        single => node(single, facts, kind, &at, scope, visitor),
    }
}

fn node(
    value: Node<'_>,
    facts: &'static ElementFacts,
    kind: &'static TypeChoice,
    at: &Step<'_>,
    scope: Scope,
    visitor: &mut dyn Visitor,
) {
    match value {
        Node::Absent | Node::List(_) => {}
        Node::Primitive(primitive) => {
            visitor.value(at, value, Some(facts), scope.class);
            visitor.primitive(at, facts, primitive, scope.class);
        }
        Node::Element(element) => {
            let scope = scope.inside(scope.class, kind, element);
            visitor.value(at, value, Some(facts), scope.class);
            structure(element, at, Some(kind), scope, visitor);
        }
        Node::Resource(inner) => {
            visitor.value(at, value, Some(facts), Scope::RESOURCE.class);
            resource(inner, at, visitor);
        }
    }
}

fn extra(extra: &Extra, owner: &dyn Element, at: &Step<'_>, scope: Scope, visitor: &mut dyn Visitor) {
    if let Some(id) = extra.id() {
        visitor.value(&Step::member(at, "id"), Node::Primitive(id), None, Class::Technical);
        visitor.id();
    }
    for (name, extensions) in [("extension", extra.extension()), ("modifierExtension", extra.modifier_extension())] {
        let list = Step::member(at, name);
        for (index, extension) in extensions.iter().enumerate() {
            let (at, scope) = (list.item(index), scope.inside_extension(extension));
            visitor.value(&at, Node::Element(extension), None, scope.class);
            structure(extension, &at, None, scope, visitor);
        }
    }
    for (name, value) in extra.unknown() {
        visitor.unknown(&Step::member(at, name), owner, value);
    }
}

fn twins(
    common: &Extra,
    facts: &ElementFacts,
    owner: &dyn Element,
    at: &Step<'_>,
    scope: Scope,
    visitor: &mut dyn Visitor,
) {
    for kind in facts.types {
        let (Some(name), Some(twin)) = (kind.twin, common.twin(kind.member)) else { continue };
        let place = Step::member(at, name);
        for (index, slot) in twin.slots.iter().enumerate() {
            let at = if facts.is_list() { place.item(index) } else { place };
            extra(&slot.extra, owner, &at, scope, visitor);
        }
    }
}

/// The classes of information that a resource holds.
pub(crate) fn classes(value: &Resource) -> ClassSet {
    struct Classes(ClassSet);

    impl Visitor for Classes {
        fn primitive(&mut self, _: &Step<'_>, _: &ElementFacts, _: &dyn Primitive, class: Class) {
            self.0.insert(class);
        }

        fn id(&mut self) {
            self.0.insert(Class::Technical);
        }

        fn unknown(&mut self, _: &Step<'_>, _: &dyn Element, _: &Json) {
            self.0.insert(Class::Unclassified);
        }

        fn other(&mut self, _: &Step<'_>, _: &Other) {
            self.0.insert(Class::Unclassified);
        }
    }

    let mut found = Classes(ClassSet::NONE);
    resource(value, &Step::root(""), &mut found);
    found.0
}

/// Shows the system, the code and the class of every coding in a resource; in one outside the typed set, of every object that has
/// both. A clinical concept in words alone is shown with neither.
pub(crate) fn codings(value: &Resource, show: &mut dyn FnMut(&str, &str, Class)) {
    struct Codings<'f>(&'f mut dyn FnMut(&str, &str, Class));

    impl Visitor for Codings<'_> {
        fn structure(&mut self, _: &Step<'_>, value: &dyn Element, _: Option<&'static TypeChoice>, class: Class) {
            show_coding(value, value.facts(), class, self.0);
        }

        fn unknown(&mut self, _: &Step<'_>, _: &dyn Element, value: &Json) {
            plain_codings(value, self.0);
        }

        fn other(&mut self, _: &Step<'_>, other: &Other) {
            plain_codings(other.json(), self.0);
        }
    }

    resource(value, &Step::root(""), &mut Codings(show));
}

/// Shows a structure that is a coding, or a clinical concept without one.
pub(crate) fn show_coding(
    value: &dyn Element,
    facts: &TypeFacts,
    class: Class,
    show: &mut dyn FnMut(&str, &str, Class),
) {
    // By name, which is quicker than to try two types on every structure.
    match facts.name {
        "Coding" => {
            let Some(coding) = (value as &dyn Any).downcast_ref::<Coding>() else { return };
            let system = coding.system.as_deref().unwrap_or_default();
            show(system, coding.code.as_ref().map_or("", |code| code.as_str()), class);
        }
        "CodeableConcept" if class == Class::Clinical => {
            let Some(concept) = (value as &dyn Any).downcast_ref::<CodeableConcept>() else { return };
            if concept.coding.is_empty() {
                show("", "", class);
            }
        }
        _ => {}
    }
}

/// Shows the codings in JSON of no type: each object that has a system and a code.
pub(crate) fn plain_codings(value: &Json, show: &mut dyn FnMut(&str, &str, Class)) {
    if let (Some(system), Some(code)) = (text(value, "system"), text(value, "code")) {
        show(system, code, Class::Unclassified);
    }
    match value {
        Json::Array(items) => items.iter().for_each(|item| plain_codings(item, show)),
        Json::Object(members) => members.iter().for_each(|(_, value)| plain_codings(value, show)),
        _ => {}
    }
}

fn text<'a>(value: &'a Json, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use crate::{Mode, parse};

    #[test]
    fn items_keep_their_places_beside_nulls() {
        let paths = |given: &str, twins: &str| {
            let text = format!(r#"{{"resourceType":"Patient","name":[{{"given":[{given}],"_given":[{twins}]}}]}}"#);
            let mut paths = Vec::new();
            let patient = parse(text.as_bytes(), Mode::Strict).unwrap().into_resource();
            patient.for_each_element(|visit| paths.push(visit.path().replace("Patient.name[0].", "")));
            paths.retain(|path| path.starts_with("given"));
            paths
        };
        let id = r#"{"id":"x"}"#;
        let told = paths(r#"null,"a",null,null,"b","c""#, &format!("{id},null,{id},{id}"));
        assert_eq!(told, ["given[1]", "given[4]", "given[5]"]);
        // Counted anew for each, the nulls would take hours.
        let many = 100_000;
        let told = paths(&vec![r#"null,"a""#; many / 2].join(","), &vec![id; many].join(","));
        assert_eq!(told.last().map(String::as_str), Some("given[99999]"));
    }
}
