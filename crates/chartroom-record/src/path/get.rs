//! Reading what stands at a path.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;

use super::{Path, Step, choices, is_choice_member};
use crate::class::Class;
use crate::classify::Scope;
use crate::datatype::Extension;
use crate::element::{Element, Items, Member, Node};
use crate::extra::{Extra, Twin};
use crate::facts::{ElementFacts, TypeChoice, TypeKind};
use crate::json::Json;
use crate::resource::Resource;
use crate::write;

impl Path {
    /// What stands at the path; `None` if nothing does. A path that ends in a list, without an index, gives the list. On the
    /// way there, the first item that leads on is taken.
    pub fn get<'a>(&self, resource: &'a Resource) -> Option<Found<'a>> {
        self.follow(resource, true).into_iter().next()
    }

    /// Everything that stands at the path, a list item by item.
    ///
    /// ```
    /// use chartroom_record::{Mode, Path, parse};
    ///
    /// let text = br#"{"resourceType":"Patient","name":[{"given":["Ada","Lark"]},{"given":["Addie"]}]}"#;
    /// let patient = parse(text, Mode::Strict)?.into_resource();
    /// let given: Path = "Patient.name.given".parse()?;
    /// assert_eq!(given.all(&patient).len(), 3);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn all<'a>(&self, resource: &'a Resource) -> Vec<Found<'a>> {
        self.follow(resource, false)
    }

    fn follow<'a>(&self, resource: &'a Resource, whole: bool) -> Vec<Found<'a>> {
        if !self.fits(resource.type_name()) {
            return Vec::new();
        }
        let mut places = vec![Found::root(resource)];
        for (index, step) in self.steps.iter().enumerate() {
            let whole = whole && index + 1 == self.steps.len() && step.is_whole();
            let mut next = Vec::new();
            for place in places {
                place.follow(step, whole, &mut next);
            }
            places = next;
        }
        places
    }
}

/// What stands at a place in a record, with what is known about it.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    value: Value<'a>,
    /// The id and extensions of a primitive value.
    own: Option<&'a Extra>,
    /// The nulls and extensions of a primitive list.
    twin: Option<&'a Twin>,
    facts: Option<&'static ElementFacts>,
    scope: Scope,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Node(Node<'a>),
    /// The member `_name` by itself.
    Twin(&'a Extra),
    Json(&'a Json),
}

impl<'a> Found<'a> {
    pub(super) const fn of(node: Node<'a>, facts: Option<&'static ElementFacts>, class: Class) -> Self {
        let scope = Scope { class, ..Scope::RESOURCE };
        Self { value: Value::Node(node), own: None, twin: None, facts, scope }
    }

    pub(super) const fn json_value(json: &'a Json) -> Self {
        Self { value: Value::Json(json), own: None, twin: None, facts: None, scope: Scope::RESOURCE }
    }

    const fn root(resource: &'a Resource) -> Self {
        Self::of(Node::Resource(resource), None, Class::Unclassified)
    }

    /// The value. [`Node::Absent`] for a primitive that has only extensions, and for what is plain JSON.
    pub const fn node(&self) -> Node<'a> {
        match self.value {
            Value::Node(node) => node,
            Value::Twin(_) | Value::Json(_) => Node::Absent,
        }
    }

    /// The value, where it is plain JSON: inside a resource outside the typed set, or what no field could hold.
    pub const fn json(&self) -> Option<&'a Json> {
        match self.value {
            Value::Json(json) => Some(json),
            Value::Node(_) | Value::Twin(_) => None,
        }
    }

    /// The value, where it is a structure of this type.
    pub fn element<E: Element>(&self) -> Option<&'a E> {
        let element = match self.node() {
            Node::Element(element) => element,
            Node::Resource(resource) => resource.as_element()?,
            _ => return None,
        };
        (element as &dyn Any).downcast_ref()
    }

    /// The text of a primitive value, without quotes. It is the patient's data: mind where it goes.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match self.value {
            Value::Node(Node::Primitive(value)) => Some(value.to_plain()),
            Value::Json(Json::String(text) | Json::Number(text)) => Some(text.as_str().into()),
            Value::Json(Json::Bool(value)) => Some((if *value { "true" } else { "false" }).into()),
            _ => None,
        }
    }

    /// The id and extensions of the value.
    pub fn extra(&self) -> Option<&'a Extra> {
        match self.value {
            Value::Node(Node::Element(element)) => Some(element.extra()),
            Value::Node(Node::Resource(resource)) => resource.as_element().map(Element::extra),
            Value::Twin(extra) => Some(extra),
            _ => self.own,
        }
    }

    /// What is known about the element; `None` for extensions, ids, plain JSON and the resource itself.
    pub const fn facts(&self) -> Option<&'static ElementFacts> {
        self.facts
    }

    /// The kind of information it is. A resource, whose parts are of many kinds, is [`Class::Unclassified`] as a whole.
    pub const fn class(&self) -> Class {
        self.scope.class
    }

    /// The value as minified JSON; `null` for a primitive that has only extensions.
    pub fn to_json(&self) -> String {
        match self.value {
            Value::Node(node) => write::node(node, self.twin),
            Value::Twin(extra) => write::extra(extra),
            Value::Json(json) => json.to_string(),
        }
    }

    fn follow(self, step: &Step, whole: bool, out: &mut Vec<Self>) {
        match self.value {
            Value::Json(json) => follow_json(json, step, whole, out),
            Value::Node(Node::Element(element)) => self.member(element, step, whole, out),
            Value::Node(Node::Resource(Resource::Other(other))) => follow_json(other.json(), step, whole, out),
            Value::Node(Node::Resource(resource)) => {
                if let Some(element) = resource.as_element() {
                    let place = Self { scope: Scope::RESOURCE, ..self };
                    place.member(element, step, whole, out);
                }
            }
            Value::Twin(extra) => self.common(extra, step, whole, out),
            Value::Node(_) => {
                if let Some(extra) = self.own {
                    self.common(extra, step, whole, out);
                }
            }
        }
    }

    /// Id, extensions and what no field holds.
    fn common(self, extra: &'a Extra, step: &Step, whole: bool, out: &mut Vec<Self>) {
        match &*step.name {
            "id" => {
                let id = extra.id().filter(|_| step.takes(0));
                out.extend(id.map(|id| Self::of(Node::Primitive(id), None, Class::Technical)));
            }
            "extension" => self.extensions(extra.extension_list(), step, whole, out),
            "modifierExtension" => self.extensions(extra.modifier_extension_list(), step, whole, out),
            name => {
                for (_, json) in extra.unknown().filter(|(known, _)| *known == name) {
                    follow_items(json, step, whole, out);
                }
            }
        }
    }

    fn extensions(self, list: Option<&'a Vec<Extension>>, step: &Step, whole: bool, out: &mut Vec<Self>) {
        let Some(list) = list.filter(|list| !list.is_empty()) else { return };
        let place = Self { own: None, twin: None, facts: None, ..self };
        if whole {
            out.push(Self { value: Value::Node(Node::List(list)), ..place });
            return;
        }
        let chosen = list.iter().filter(|extension| step.has_key(extension.url.as_deref()));
        for (_, extension) in chosen.enumerate().filter(|(position, _)| step.takes(*position)) {
            let scope = self.scope.inside_extension(extension);
            out.push(Self { value: Value::Node(Node::Element(extension)), scope, ..place });
        }
    }

    fn member(self, element: &'a dyn Element, step: &Step, whole: bool, out: &mut Vec<Self>) {
        let extra = element.extra();
        if element.facts().kind != TypeKind::Resource || step.name != "id" {
            self.common(extra, step, whole, out);
        }
        let (name, by_twin) = step.name.strip_prefix('_').map_or((&*step.name, false), |name| (name, true));
        for (index, facts) in element.facts().elements.iter().enumerate() {
            let Some(choices) = choices(facts, name) else { continue };
            let scope = Scope { class: self.scope.of_member(element, facts), ..self.scope };
            let member = element.member(index);
            let present = !matches!(member.node, Node::Absent);
            for (choice, kind) in facts.types.iter().enumerate().filter(|(choice, _)| choices.take(*choice)) {
                let node = if present && member.choice == choice { member.node } else { Node::Absent };
                let at = At { facts, kind, twin: extra.twin(kind.member), scope, by_twin };
                at.values(Member { choice, node }, step, whole, out);
            }
            return;
        }
    }
}

/// One type of an element at a place.
struct At<'a> {
    facts: &'static ElementFacts,
    kind: &'static TypeChoice,
    twin: Option<&'a Twin>,
    scope: Scope,
    by_twin: bool,
}

impl<'a> At<'a> {
    fn found(&self, node: Node<'a>, own: Option<&'a Extra>) -> Found<'a> {
        let scope = match node {
            Node::Element(value) => self.scope.inside(self.scope.class, self.kind, value),
            Node::Resource(_) => Scope::RESOURCE,
            _ => self.scope,
        };
        let value = match own {
            Some(extra) if self.by_twin => Value::Twin(extra),
            _ => Value::Node(node),
        };
        Found { value, own, twin: None, facts: Some(self.facts), scope }
    }

    fn values(&self, member: Member<'a>, step: &Step, whole: bool, out: &mut Vec<Found<'a>>) {
        match member.node {
            Node::List(_) if whole && !self.by_twin => {
                out.push(Found { twin: self.twin, ..self.found(member.node, None) })
            }
            Node::List(list) if self.kind.twin.is_none() => self.items(list, step, out),
            Node::List(list) => self.primitives(Some(list), step, out),
            Node::Absent if self.facts.is_list() => self.primitives(None, step, out),
            node => self.single(node, step, out),
        }
    }

    fn single(&self, node: Node<'a>, step: &Step, out: &mut Vec<Found<'a>>) {
        let own = self.twin.and_then(|twin| twin.slots.first()).map(|slot| &slot.extra).filter(|own| !own.is_empty());
        let there = if self.by_twin { own.is_some() } else { own.is_some() || !matches!(node, Node::Absent) };
        if there && step.takes(0) {
            out.push(self.found(node, own));
        }
    }

    fn items(&self, list: &'a dyn Items, step: &Step, out: &mut Vec<Found<'a>>) {
        let chosen = (0..list.len()).map(|index| list.get(index)).filter(|node| match node {
            Node::Resource(resource) => step.has_key(resource.id()),
            _ => step.key.is_none(),
        });
        for (_, node) in chosen.enumerate().filter(|(position, _)| step.takes(*position)) {
            out.push(self.found(node, None));
        }
    }

    /// The items of a primitive list as they stand in JSON, where nulls count.
    fn primitives(&self, list: Option<&'a dyn Items>, step: &Step, out: &mut Vec<Found<'a>>) {
        let values = list.map_or(0, Items::len);
        let count = self.twin.map_or(values, |twin| twin.positions(values));
        let mut nulls = 0;
        for position in 0..count {
            let slot = self.twin.and_then(|twin| twin.slots.get(position));
            let is_null = slot.is_some_and(|slot| slot.null);
            nulls += usize::from(is_null);
            if !step.takes(position) || step.key.is_some() {
                continue;
            }
            let value = (!is_null).then(|| position - nulls);
            let node = list.zip(value).map_or(Node::Absent, |(list, index)| list.get(index));
            let own = slot.map(|slot| &slot.extra).filter(|own| !own.is_empty());
            if own.is_some() || !(self.by_twin || matches!(node, Node::Absent)) {
                out.push(self.found(node, own));
            }
        }
    }
}

fn follow_json<'a>(json: &'a Json, step: &Step, whole: bool, out: &mut Vec<Found<'a>>) {
    let Json::Object(members) = json else { return };
    let named = json.get(&step.name);
    let member = named.or_else(|| {
        let member = members.iter().find(|(name, _)| is_choice_member(name.as_str(), &step.name));
        member.map(|(_, value)| value)
    });
    if let Some(value) = member {
        follow_items(value, step, whole, out);
    }
}

fn follow_items<'a>(value: &'a Json, step: &Step, whole: bool, out: &mut Vec<Found<'a>>) {
    if whole || !matches!(value, Json::Array(_)) {
        out.extend(step.takes(0).then_some(Found::json_value(value)));
        return;
    }
    let chosen = value.items().iter().filter(|item| step.has_key(json_key(item, &step.name)));
    let chosen = chosen.enumerate().filter(|(position, _)| step.takes(*position));
    out.extend(chosen.map(|(_, item)| Found::json_value(item)));
}

/// What an item of plain JSON is chosen by.
pub(super) fn json_key<'a>(item: &'a Json, member: &str) -> Option<&'a str> {
    item.get(if member == "contained" { "id" } else { "url" }).and_then(Json::as_str)
}

impl fmt::Debug for Found<'_> {
    /// The class; nothing of the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Found({}, ..)", self.class())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datatype::{HumanName, Quantity};
    use crate::{Mode, parse};

    fn resource(text: &str) -> Resource {
        parse(text.as_bytes(), Mode::Lenient).unwrap().into_resource()
    }

    fn get(resource: &Resource, path: &str) -> Option<String> {
        path.parse::<Path>().unwrap().get(resource).map(|found| found.to_json())
    }

    const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","contained":[{"resourceType":"Organization","id":"o1","name":"Mill"},{"resourceType":"Basic","id":"b1","created":"2020"}],"extension":[{"url":"urn:a","valueCode":"x"},{"url":"urn:b","extension":[{"url":"c","valueInteger":7}]}],"name":[{"id":"n","family":"Fenwarden","given":[null,"Zoë"],"_given":[{"extension":[{"url":"urn:g","valueCode":"BR"}]},null]},{"family":"Moss"}],"_birthDate":{"extension":[{"url":"urn:t","valueDateTime":"1980"}]},"foo":{"bar":[1,2]}}"#;

    #[test]
    fn every_kind_of_step_leads_on() {
        let patient = resource(PATIENT);
        for (path, expected) in [
            ("Patient.id", r#""p1""#),
            ("name[1].family", r#""Moss""#),
            ("Patient.name[0].id", r#""n""#),
            ("Patient.name.family", r#""Fenwarden""#),
            ("Patient.name[0].given", r#"[null,"Zoë"]"#),
            ("Patient.name[0].given[1]", r#""Zoë""#),
            ("Patient.name[0].given[0]", "null"),
            ("Patient.name[0].given[0].extension('urn:g').value", r#""BR""#),
            ("Patient.name[0]._given[0].extension[0].valueCode", r#""BR""#),
            ("Patient.birthDate", "null"),
            ("Patient._birthDate", r#"{"extension":[{"url":"urn:t","valueDateTime":"1980"}]}"#),
            ("Patient.birthDate.extension.valueDateTime", r#""1980""#),
            ("Patient.extension('urn:b').extension('c').valueInteger", "7"),
            ("Patient.extension[1].url", r#""urn:b""#),
            ("Patient.contained('o1').name", r#""Mill""#),
            ("Patient.contained('b1').created", r#""2020""#),
            ("Patient.contained[1].created", r#""2020""#),
            ("Patient.foo.bar[1]", "2"),
        ] {
            assert_eq!(get(&patient, path).as_deref(), Some(expected), "{path}");
        }
        for path in [
            "Observation.id",
            "Patient.name[2]",
            "Patient.name[0].given[2]",
            "Patient.extension('urn:z')",
            "Patient.gender",
            "id.id",
        ] {
            assert_eq!(get(&patient, path), None, "{path}");
        }
        let names: Path = "name".parse().unwrap();
        assert_eq!(names.all(&patient).len(), 2);
        assert_eq!(names.all(&patient)[1].element::<HumanName>().unwrap().family.as_deref(), Some("Moss"));
        assert_eq!(names.all(&patient)[0].class(), Class::Name);
        assert_eq!("Patient".parse::<Path>().unwrap().get(&patient).unwrap().to_json(), patient.to_json());
    }

    #[test]
    fn a_choice_is_found_with_and_without_its_type() {
        let observation = resource(
            r#"{"resourceType":"Observation","valueQuantity":{"value":1.0},"component":[{"valueString":"a"}]}"#,
        );
        assert_eq!(get(&observation, "Observation.value.value").as_deref(), Some("1.0"));
        assert_eq!(get(&observation, "Observation.valueQuantity").as_deref(), Some(r#"{"value":1.0}"#));
        assert_eq!(get(&observation, "Observation.valueString"), None);
        assert_eq!(get(&observation, "Observation.component.value").as_deref(), Some(r#""a""#));
        let found = "value".parse::<Path>().unwrap();
        assert!(found.get(&observation).unwrap().element::<Quantity>().is_some());
        let other =
            resource(r#"{"resourceType":"RiskAssessment","occurrencePeriod":{"start":"2020"},"code":{"text":"x"}}"#);
        assert_eq!(get(&other, "RiskAssessment.occurrence.start").as_deref(), Some(r#""2020""#));
        assert_eq!(get(&other, "RiskAssessment.occ"), None);
    }
}
