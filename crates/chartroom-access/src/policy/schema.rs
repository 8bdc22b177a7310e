//! JSON Schema of policies, by the crate `schemars`, made of the form in which they are written.
//!
//! It knows the whole vocabulary. What hangs together across a policy is left to reading it: that a role, place, organization or age
//! that a rule names is declared, that ids differ, that an element is one of the standard.

use std::borrow::Cow;

use chartroom_record::Class;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::Policy;
use super::declared::{MOST_AGES, MOST_NAMES};
use super::written::Written;
use crate::consent::ConsentKind;
use crate::label::Sensitivity;
use crate::{Action, CareSetting, Confidentiality, Obligation, Purpose, Relationship, ResourceType};

/// What the text of a policy may say, in any format.
impl JsonSchema for Policy {
    fn schema_name() -> Cow<'static, str> {
        Written::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Written::json_schema(generator)
    }
}

/// A text with something in it, and a name of the policy's own.
const FILLED: &str = r"\S";
const NAME: &str = "^[a-z0-9.-]{1,64}$";
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const ELEMENT: &str = r"^[A-Z][A-Za-z]+(\.[a-z][A-Za-z0-9]*(\[x\])?)+$";

/// A policy: what it declares has names, and only its head is needed.
pub(super) fn policy(schema: &mut Schema) {
    schema.insert("required".into(), json!(["policy"]));
    for (table, most) in
        [("roles", MOST_NAMES), ("places", MOST_NAMES), ("organizations", MOST_NAMES), ("ages", MOST_AGES)]
    {
        set(schema, table, "propertyNames", json!({ "pattern": NAME }));
        set(schema, table, "maxProperties", most.into());
    }
}

/// Texts say something.
pub(super) fn filled(schema: &mut Schema) {
    for (_, property) in properties(schema) {
        if property.get("type") == Some(&json!("string")) {
            property.insert("pattern".into(), FILLED.into());
        }
    }
}

pub(super) fn role(schema: &mut Schema) {
    filled(schema);
    schema.insert("required".into(), json!(["title"]));
    set(schema, "extends", "items", json!({ "type": "string", "pattern": NAME }));
}

pub(super) fn age(schema: &mut Schema) {
    filled(schema);
    set(schema, "years", "minimum", 1.into());
    set(schema, "dated", "pattern", DATE.into());
}

/// A rule: what is not said is left out, never `null`, and lists name something of the vocabulary.
pub(super) fn rule(schema: &mut Schema) {
    for (_, property) in properties(schema) {
        if let Some(kinds) = property.get_mut("type") {
            let there = kinds.as_array().and_then(|kinds| kinds.iter().find(|kind| *kind != "null")).cloned();
            *kinds = there.unwrap_or_else(|| kinds.take());
        }
        if property.get("type") == Some(&json!("array")) {
            property.insert("minItems".into(), 1.into());
            property.insert("items".into(), json!({ "type": "string", "pattern": NAME }));
        }
    }
    filled(schema);
    for (list, codes) in vocabularies() {
        set(schema, list, "items", json!({ "enum": codes }));
    }
    for name in ["id", "age_from", "age_below"] {
        set(schema, name, "pattern", NAME.into());
    }
    set(schema, "effect", "enum", json!(["permit", "forbid"]));
    set(schema, "dated", "pattern", DATE.into());
    set(schema, "elements", "items", json!({ "type": "string", "pattern": ELEMENT }));
    let permits = json!({ "properties": { "effect": { "const": "permit" } } });
    let all = json!([
        { "if": permits, "then": { "required": ["roles", "actions", "purposes"] }, "else": { "not": { "required": ["obligations"] } } },
        { "not": { "required": ["types", "elements"] } },
    ]);
    schema.insert("allOf".into(), all);
}

/// The lists that name something of the vocabulary, and what they may name.
fn vocabularies() -> [(&'static str, Vec<&'static str>); 10] {
    fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().copied().map(code).collect()
    }
    [
        ("actions", codes(Action::ALL, Action::code)),
        ("purposes", codes(Purpose::ALL, Purpose::code)),
        ("types", ResourceType::all().map(ResourceType::name).collect()),
        ("relationships", codes(Relationship::ALL, Relationship::code)),
        ("consents", codes(ConsentKind::ALL, ConsentKind::code)),
        (
            "labels",
            [vec!["unlabelled", "sensitive", "substance-use"], codes(Sensitivity::ALL, Sensitivity::code)].concat(),
        ),
        ("confidentiality", codes(Confidentiality::ALL, Confidentiality::code)),
        ("care_settings", codes(CareSetting::ALL, CareSetting::code)),
        ("obligations", codes(Obligation::ALL, Obligation::code)),
        ("classes", [vec!["all", "identity"], codes(&Class::ALL, Class::name)].concat()),
    ]
}

fn properties(schema: &mut Schema) -> impl Iterator<Item = (&String, &mut Map<String, Value>)> {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flatten().filter_map(|(name, property)| Some((name, property.as_object_mut()?)))
}

/// Sets a keyword of a property, which must be there.
fn set(schema: &mut Schema, property: &str, keyword: &str, value: Value) {
    if let Some((_, found)) = properties(schema).find(|(name, _)| *name == property) {
        found.insert(keyword.to_owned(), value);
    }
}
