//! JSON Schema of every type, by the crate `schemars`, made of the same facts as reading and checking.
//!
//! A schema says what JSON looks like: members, lists, kinds of values. It does not say everything that the check does: codes, targets,
//! invariants, and the choice of one type for a `value[x]` are left to [`check`](crate::check). It is strict about members that it
//! does not know, as [`Mode::Strict`](crate::Mode::Strict) is.
//!
//! ```
//! use chartroom_record::resource::Patient;
//!
//! let schema = schemars::schema_for!(Patient);
//! assert_eq!(schema.as_value()["properties"]["resourceType"]["const"], "Patient");
//! assert_eq!(schema.as_value()["properties"]["birthDate"]["type"], "string");
//! assert_eq!(schema.as_value()["properties"]["name"]["items"]["$ref"], "#/$defs/HumanName");
//! ```

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::datatype::Extension;
use crate::facts::{ElementFacts, TypeChoice, TypeFacts, TypeKind};
use crate::resource::Resource;

/// The schema of a type. Those of all types within it join the generator's definitions.
pub(crate) fn of(facts: &'static TypeFacts, generator: &mut SchemaGenerator) -> Schema {
    let mut properties = common(facts, generator);
    for choice in facts.elements.iter().flat_map(|element| element.types.iter().map(move |choice| (element, choice))) {
        add_member(choice.0, choice.1, &mut properties, generator);
    }
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties.into());
    schema.insert("required".into(), required(facts));
    schema.insert("additionalProperties".into(), false.into());
    schema.into()
}

/// The members that every type has and no fact lists.
fn common(facts: &'static TypeFacts, generator: &mut SchemaGenerator) -> Map<String, Value> {
    let extensions = json!({ "type": "array", "minItems": 1, "items": reference(Extension::facts(), generator) });
    let mut members = Map::new();
    members.insert("id".into(), json!({ "type": "string" }));
    members.insert("extension".into(), extensions.clone());
    members.insert("modifierExtension".into(), extensions);
    if facts.kind == TypeKind::Resource {
        members.insert("resourceType".into(), json!({ "const": facts.name }));
        members.insert("_id".into(), twin(generator));
    }
    members
}

fn add_member(
    element: &'static ElementFacts,
    choice: &'static TypeChoice,
    members: &mut Map<String, Value>,
    generator: &mut SchemaGenerator,
) {
    let value = value(choice, generator);
    members.insert(choice.member.into(), listed(element, choice, value));
    if let Some(name) = choice.twin {
        let twin = twin(generator);
        members.insert(name.into(), listed(element, choice, twin));
    }
}

/// A list may hold `null` where the twin of a primitive item stands alone.
fn listed(element: &ElementFacts, choice: &TypeChoice, item: Value) -> Value {
    match (element.is_list(), choice.twin) {
        (false, _) => item,
        (true, None) => json!({ "type": "array", "minItems": 1, "items": item }),
        (true, Some(_)) => json!({ "type": "array", "minItems": 1, "items": { "anyOf": [item, { "type": "null" }] } }),
    }
}

fn value(choice: &'static TypeChoice, generator: &mut SchemaGenerator) -> Value {
    match (choice.facts(), choice.type_name) {
        (Some(facts), _) => reference(facts, generator),
        (None, "boolean") => json!({ "type": "boolean" }),
        (None, "integer") => json!({ "type": "integer" }),
        (None, "unsignedInt") => json!({ "type": "integer", "minimum": 0 }),
        (None, "positiveInt") => json!({ "type": "integer", "minimum": 1 }),
        (None, "decimal") => json!({ "type": "number" }),
        (None, "Resource") => generator.subschema_for::<Resource>().to_value(),
        (None, _) => json!({ "type": "string", "minLength": 1 }),
    }
}

/// The id and extensions of a primitive value.
fn twin(generator: &mut SchemaGenerator) -> Value {
    let extensions = json!({ "type": "array", "minItems": 1, "items": reference(Extension::facts(), generator) });
    json!({ "type": "object", "properties": { "id": { "type": "string" }, "extension": extensions }, "additionalProperties": false })
}

/// A reference to the schema of a type, which is put among the definitions if it is not there yet.
fn reference(facts: &'static TypeFacts, generator: &mut SchemaGenerator) -> Value {
    if !generator.definitions().contains_key(facts.name) {
        // The place is taken first: types hold one another in circles.
        generator.definitions_mut().insert(facts.name.into(), Value::Bool(true));
        let schema = of(facts, generator);
        generator.definitions_mut().insert(facts.name.into(), schema.to_value());
    }
    let path = generator.settings().definitions_path.trim_end_matches('/').to_owned();
    json!({ "$ref": format!("#{path}/{}", facts.name) })
}

/// The elements that cannot be absent. A primitive one can: its twin may say why there is no value; and of a choice any member will do.
fn required(facts: &TypeFacts) -> Value {
    let kind = (facts.kind == TypeKind::Resource).then_some("resourceType");
    let needed = facts.elements.iter().filter(|element| element.min > 0).filter_map(|element| match element.types {
        [only] if only.twin.is_none() => Some(only.member),
        _ => None,
    });
    kind.into_iter().chain(needed).collect()
}

/// Any resource at all.
impl JsonSchema for Resource {
    fn schema_name() -> Cow<'static, str> {
        "Resource".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "type": "object",
            "properties": { "resourceType": { "type": "string" } },
            "required": ["resourceType"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::{Bundle, Observation, Patient};

    /// Every `$ref` within a schema.
    fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_type_that_is_named_is_defined() {
        for schema in
            [schemars::schema_for!(Patient), schemars::schema_for!(Bundle), schemars::schema_for!(Observation)]
        {
            let mut found = Vec::new();
            references(schema.as_value(), &mut found);
            assert!(found.len() > 100);
            for path in found {
                let pointer = path.strip_prefix('#').unwrap();
                assert!(schema.as_value().pointer(pointer).is_some_and(Value::is_object), "{path}");
            }
        }
    }

    #[test]
    fn members_have_their_kinds() {
        let schema = schemars::schema_for!(Observation);
        let property = |name: &str| schema.as_value()["properties"][name].clone();
        assert_eq!(property("valueInteger"), json!({ "type": "integer" }));
        assert_eq!(property("valueQuantity"), json!({ "$ref": "#/$defs/Quantity" }));
        assert_eq!(property("component")["items"], json!({ "$ref": "#/$defs/Observation.component" }));
        assert_eq!(property("_status")["type"], "object");
        assert_eq!(property("contained")["items"], json!({ "$ref": "#/$defs/Resource" }));
        assert_eq!(schema.as_value()["required"], json!(["resourceType", "code"]));
    }

    #[test]
    fn a_data_type_has_a_schema_of_its_own() {
        let schema = schemars::schema_for!(crate::datatype::HumanName);
        assert_eq!(schema.as_value()["properties"]["given"]["items"]["anyOf"][1], json!({ "type": "null" }));
        assert!(schema.as_value()["properties"].get("resourceType").is_none());
    }
}
