//! Removing what stands at a path.

use super::get::json_key;
use super::{Choices, Path, Step, Target, is_choice_member};
use crate::datatype::Extension;
use crate::element::{Element, Node, NodeMut, is_hollow, remove_item};
use crate::extra::{Extra, PrimitiveElement};
use crate::json::Json;
use crate::resource::Resource;

impl Path {
    /// Removes everything that stands at the path, with its extensions, and then whatever is left empty around it. A resource
    /// inside another stays, even when it is empty. Tells whether anything was there.
    pub fn remove(&self, resource: &mut Resource) -> bool {
        self.fits(resource.type_name()) && from_resource(resource, &self.steps)
    }
}

fn from_resource(resource: &mut Resource, steps: &[Step]) -> bool {
    if let Resource::Other(other) = resource {
        let kept = steps.first().is_none_or(|step| step.name == "resourceType");
        return !kept && from_json(other.json_mut(), steps);
    }
    resource.as_element_mut().is_some_and(|element| from_element(element, steps))
}

fn from_element(element: &mut dyn Element, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return false };
    let removed = match Target::of(element.facts(), &step.name) {
        Target::Id => rest.is_empty() && step.takes(0) && element.extra_mut().id_mut().take().is_some(),
        Target::Extension => from_extensions(element.extra_mut().extension_mut(), step, rest),
        Target::ModifierExtension => from_extensions(element.extra_mut().modifier_extension_mut(), step, rest),
        Target::Member { index, choices } if rest.is_empty() => member(element, index, choices, step),
        Target::Member { index, choices } => from_member(element, index, choices, step, rest),
        Target::Twin { index, choices } => from_twins(element, index, choices, step, rest),
        Target::Unknown => from_unknown(element.extra_mut(), steps),
    };
    element.extra_mut().tidy();
    removed
}

fn from_extensions(list: &mut Vec<Extension>, step: &Step, rest: &[Step]) -> bool {
    let (mut position, mut removed) = (0, false);
    list.retain_mut(|extension| {
        if !step.has_key(extension.url.as_deref()) {
            return true;
        }
        let chosen = step.takes(position);
        position += 1;
        let done = chosen && (rest.is_empty() || from_element(extension, rest));
        removed |= done;
        // An extension without a value says nothing, so it goes with its value.
        !(done && (rest.is_empty() || (extension.value.is_none() && extension.extra.is_empty())))
    });
    removed
}

/// Removes values of a member, with their extensions.
fn member(element: &mut dyn Element, index: usize, choices: Choices, step: &Step) -> bool {
    let Some(facts) = element.facts().elements.get(index) else { return false };
    let mut removed = false;
    if step.is_whole() {
        for kind in facts.types.iter().enumerate().filter(|(choice, _)| choices.take(*choice)).map(|(_, kind)| kind) {
            removed |= element.extra_mut().forget(kind.member) | element.extra_mut().remove_twin(kind.member);
        }
    }
    let value = element.member(index);
    let present = !matches!(value.node, Node::Absent) && choices.take(value.choice);
    let list = if let Node::List(list) = value.node { Some(list) } else { None };
    let Some(kind) = facts.types.get(value.choice) else { return removed };
    if step.is_whole() || !facts.is_list() {
        let there = present && step.takes(0) && step.key.is_none();
        if there && let Some(field) = element.field_mut(index) {
            field.fit(0);
            element.extra_mut().remove_twin(kind.member);
        }
        return removed | there;
    }
    if kind.twin.is_some() {
        return primitive_item(element, index, kind.member, step);
    }
    let chosen = list.map(|list| {
        let has_key = |index: &usize| match list.get(*index) {
            Node::Resource(resource) => step.has_key(resource.id()),
            _ => step.key.is_none(),
        };
        let chosen = (0..list.len()).filter(has_key).enumerate().filter(|(position, _)| step.takes(*position));
        chosen.map(|(_, index)| index).collect::<Vec<_>>()
    });
    for item in chosen.iter().flatten().rev() {
        element.field_mut(index).into_iter().for_each(|field| remove_item(field, *item));
    }
    removed | chosen.is_some_and(|chosen| !chosen.is_empty())
}

/// Removes the item of a primitive list at a place of JSON, where nulls count.
fn primitive_item(element: &mut dyn Element, index: usize, member: &'static str, step: &Step) -> bool {
    let Some(position) = step.index.filter(|_| step.key.is_none()) else { return false };
    let values = if let Node::List(list) = element.member(index).node { list.len() } else { 0 };
    let twin = element.extra().twin(member);
    let count = twin.map_or(values, |twin| twin.positions(values));
    let value = twin.map_or(Some(position), |twin| twin.value_at(position));
    if position >= count {
        return false;
    }
    if let (Some(value), Some(field)) = (value.filter(|value| *value < values), element.field_mut(index)) {
        remove_item(field, value);
    }
    if element.extra().twin(member).is_some() {
        element.extra_mut().twin_mut(member).remove(position);
    }
    true
}

fn from_member(element: &mut dyn Element, index: usize, choices: Choices, step: &Step, rest: &[Step]) -> bool {
    let Some(facts) = element.facts().elements.get(index) else { return false };
    if facts.types.iter().any(|kind| kind.twin.is_some()) && from_twins(element, index, choices, step, rest) {
        return true;
    }
    let value = element.member(index);
    if !choices.take(value.choice) {
        return false;
    }
    let has_key = |node: Node<'_>| match node {
        Node::Absent => false,
        Node::Resource(resource) => step.has_key(resource.id()),
        _ => step.key.is_none(),
    };
    let (count, chosen): (usize, Vec<_>) = match value.node {
        Node::List(list) => (list.len(), (0..list.len()).filter(|index| has_key(list.get(*index))).collect()),
        node => (1, has_key(node).then_some(0).into_iter().collect()),
    };
    let mut removed = false;
    let Some(field) = element.field_mut(index) else { return false };
    let taken = chosen.into_iter().enumerate().filter(|(position, _)| step.takes(*position)).map(|(_, item)| item);
    for item in taken.collect::<Vec<_>>().into_iter().rev().filter(|item| *item < count) {
        let empty = match field.node_mut(item) {
            NodeMut::Element(inner) => {
                let done = from_element(inner, rest);
                removed |= done;
                done && is_hollow(inner)
            }
            NodeMut::Resource(inner) => {
                removed |= from_resource(inner, rest);
                false
            }
            NodeMut::Absent | NodeMut::Primitive => false,
        };
        if empty {
            remove_item(field, item);
        }
    }
    removed
}

/// Removes what stands beside primitive values: all of it, or what the rest of the path says.
fn from_twins(element: &mut dyn Element, index: usize, choices: Choices, step: &Step, rest: &[Step]) -> bool {
    let Some(facts) = element.facts().elements.get(index) else { return false };
    let mut removed = false;
    for (choice, kind) in facts.types.iter().enumerate() {
        if !choices.take(choice) || step.key.is_some() || element.extra().twin(kind.member).is_none() {
            continue;
        }
        let twin = element.extra_mut().twin_mut(kind.member);
        for position in (0..twin.slots.len()).rev().filter(|position| step.takes(*position)) {
            let slot = twin.slot(position);
            if slot.extra.is_empty() {
                continue;
            }
            let mut own = PrimitiveElement { extra: std::mem::take(&mut slot.extra) };
            removed |= rest.is_empty() || from_element(&mut own, rest);
            if !rest.is_empty() {
                slot.extra = own.extra;
            }
            // Neither value nor extension is left: the place in the list goes too.
            if slot.extra.is_empty() && slot.null {
                twin.remove(position);
            }
        }
    }
    removed
}

fn from_unknown(extra: &mut Extra, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return false };
    if rest.is_empty() && step.is_whole() {
        return extra.forget(&step.name);
    }
    extra.change_unknown(&step.name, |json| from_items(json, step, rest))
}

fn from_json(json: &mut Json, steps: &[Step]) -> bool {
    let (Some((step, rest)), Json::Object(members)) = (steps.split_first(), json) else { return false };
    let named = members.iter().position(|(name, _)| step.name == name.as_str());
    let named = named.or_else(|| members.iter().position(|(name, _)| is_choice_member(name.as_str(), &step.name)));
    let Some((_, value)) = named.and_then(|place| members.get_mut(place)) else { return false };
    let whole = rest.is_empty() && step.is_whole();
    let removed = whole || from_items(value, step, rest);
    if whole || (removed && value.is_hollow()) {
        named.map(|place| members.remove(place));
    }
    removed
}

fn from_items(value: &mut Json, step: &Step, rest: &[Step]) -> bool {
    let Json::Array(items) = value else {
        if !step.takes(0) {
            return false;
        }
        if rest.is_empty() {
            *value = Json::Object(Vec::new());
            return true;
        }
        return from_json(value, rest);
    };
    let (mut position, mut removed) = (0, false);
    items.retain_mut(|item| {
        if !step.has_key(json_key(item, &step.name)) {
            return true;
        }
        let chosen = step.takes(position);
        position += 1;
        let done = chosen && (rest.is_empty() || from_json(item, rest));
        removed |= done;
        !(done && (rest.is_empty() || item.is_hollow()))
    });
    removed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, parse};

    fn without(text: &str, path: &str) -> String {
        let mut resource = parse(text.as_bytes(), Mode::Lenient).unwrap().into_resource();
        let path: Path = path.parse().unwrap();
        let found = !path.all(&resource).is_empty();
        assert_eq!(path.remove(&mut resource), found, "{path}");
        assert!(path.index_is_given() || path.all(&resource).is_empty(), "{path}");
        resource.to_json()
    }

    impl Path {
        /// Whether another item may have moved to the place.
        fn index_is_given(&self) -> bool {
            self.steps.iter().any(|step| step.index.is_some())
        }
    }

    #[test]
    fn what_is_left_empty_goes_too() {
        let text = r#"{"resourceType":"Patient","name":[{"given":["A"]},{"given":["B","C"]}],"maritalStatus":{"coding":[{"code":"M"}]}}"#;
        assert_eq!(
            without(text, "Patient.name.given"),
            r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"code":"M"}]}}"#
        );
        assert_eq!(
            without(text, "Patient.name[1].given[0]"),
            r#"{"resourceType":"Patient","name":[{"given":["A"]},{"given":["C"]}],"maritalStatus":{"coding":[{"code":"M"}]}}"#
        );
        assert_eq!(
            without(text, "maritalStatus.coding.code"),
            r#"{"resourceType":"Patient","name":[{"given":["A"]},{"given":["B","C"]}]}"#
        );
        assert_eq!(without(text, "Patient.telecom[2].value"), text);
        assert_eq!(without(text, "Observation.name"), text);
    }

    #[test]
    fn extensions_nulls_and_unknown_members_are_reached() {
        let patient = |inside: &str| format!(r#"{{"resourceType":"Patient"{inside}}}"#);
        let dated = patient(r#","birthDate":"1980","_birthDate":{"extension":[{"url":"urn:t","valueCode":"x"}]}"#);
        assert_eq!(without(&dated, "Patient.birthDate"), patient(""));
        for path in
            ["birthDate.extension('urn:t')", "_birthDate", "birthDate.extension.value", "_birthDate.extension[0]"]
        {
            assert_eq!(without(&dated, path), patient(r#","birthDate":"1980""#), "{path}");
        }
        let nulls = patient(r#","name":[{"given":[null,"B"],"_given":[{"id":"a"},null]}]"#);
        assert_eq!(without(&nulls, "name.given[0]"), patient(r#","name":[{"given":["B"]}]"#));
        assert_eq!(without(&nulls, "name.given[0].id"), patient(r#","name":[{"given":["B"]}]"#));
        assert_eq!(without(&nulls, "name.given[1]"), patient(r#","name":[{"given":[null],"_given":[{"id":"a"}]}]"#));
        let wrong = patient(r#","birthDate":"x","foo":{"bar":[1,2]}"#);
        assert_eq!(without(&wrong, "birthDate"), patient(r#","foo":{"bar":[1,2]}"#));
        assert_eq!(without(&wrong, "foo.bar[0]"), patient(r#","birthDate":"x","foo":{"bar":[2]}"#));
        assert_eq!(without(&wrong, "foo"), patient(r#","birthDate":"x""#));
    }

    #[test]
    fn resources_inside_and_outside_the_typed_set() {
        let text = r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"b","code":{"text":"x"}},{"resourceType":"List","id":"l"}]}"#;
        assert_eq!(
            without(text, "Patient.contained('b').code.text"),
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"b"},{"resourceType":"List","id":"l"}]}"#
        );
        assert_eq!(
            without(text, "Patient.contained('l')"),
            r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"b","code":{"text":"x"}}]}"#
        );
    }
}
