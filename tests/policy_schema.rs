//! The JSON Schema of policies accepts what can be read as a policy, and refuses what is wrong in itself.

use std::process::ExitCode;

use boon::{Compiler, SchemaIndex, Schemas};
use chartroom::access::Policy;
use chartroom_tests::corpora;
use chartroom_tests::policies::{Inventor, number};
use chartroom_tests::tally::Tally;
use serde_json::{Value, json};

fn main() -> ExitCode {
    let mut tally = Tally::new("policy_schema");
    let schema = Schema::new();
    let folder = corpora::project().join("crates/chartroom-access/policies");
    for path in corpora::files(&folder, "toml") {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        tally.case(name, both_accept(&schema, &text));
    }
    for case in 0..number("CHARTROOM_CASES", 200) {
        let mut inventor = Inventor::new(number("CHARTROOM_SEED", 1).wrapping_mul(5_000_011).wrapping_add(case));
        let text = inventor.policy(6);
        let mut value = from_toml(&text);
        tally.case(format_args!("case {case}"), both_accept(&schema, &text));
        damage(&mut value, &mut inventor);
        let outcome = match serde_json::from_value::<Policy>(value.clone()) {
            Ok(_) => schema.judge(&value).map_err(|error| format!("read, and refused by the schema: {error}")),
            Err(_) => Ok(()),
        };
        tally.case(format_args!("case {case}, damaged"), outcome);
    }
    for (name, wrong) in wrong() {
        let outcome = match (schema.judge(&wrong).is_ok(), serde_json::from_value::<Policy>(wrong).is_ok()) {
            (false, false) => Ok(()),
            (accepted, read) => Err(format!("accepted by the schema: {accepted}, read: {read}")),
        };
        tally.case(name, outcome);
    }
    tally.finish()
}

struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    fn new() -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let url = "https://schema.invalid/policy";
        compiler.add_resource(url, schemars::schema_for!(Policy).to_value()).expect("JSON");
        let index = compiler.compile(url, &mut schemas).expect("a schema by the standard");
        Self { schemas, index }
    }

    fn judge(&self, value: &Value) -> Result<(), String> {
        self.schemas.validate(value, self.index).map_err(|error| format!("{error:#}"))
    }
}

/// As it stands in its text, and as it is written.
fn both_accept(schema: &Schema, text: &str) -> Result<(), String> {
    let policy = Policy::from_toml(text).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&policy).map_err(|error| error.to_string())?;
    for value in [from_toml(text), written] {
        schema.judge(&value)?;
    }
    Ok(())
}

fn from_toml(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Array(items) => items.into_iter().map(plain).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(name, value)| (name, plain(value))).collect(),
            toml::Value::Datetime(date) => Value::String(date.to_string()),
            other => serde_json::to_value(other).expect("plain"),
        }
    }
    plain(toml::Value::Table(text.parse().expect("TOML")))
}

/// Takes something out, or puts something else in its place.
fn damage(value: &mut Value, inventor: &mut Inventor) {
    let instead =
        [json!(null), json!(7), json!(true), json!(""), json!([]), json!({}), json!("read"), json!(["TREAT"])];
    match value {
        Value::Object(members) if !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = inventor.one(&names);
            match inventor.below(6) {
                0 => drop(members.remove(&name)),
                // A list where members belong is read as those members in their order, and refused by the schema.
                1 if members[&name].is_object() => drop(members.insert(name, json!("read"))),
                1 => drop(members.insert(name, inventor.one(&instead))),
                _ => members.get_mut(&name).into_iter().for_each(|inner| damage(inner, inventor)),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let place = inventor.below(items.len());
            damage(&mut items[place], inventor);
        }
        other => *other = inventor.one(&instead),
    }
}

/// Policies with one thing wrong.
fn wrong() -> Vec<(&'static str, Value)> {
    let right = || {
        json!({
            "policy": { "name": "p", "version": "1" },
            "roles": { "a": { "title": "A" } },
            "ages": { "adult": { "years": 18, "cites": "house", "dated": "2026-01-01" } },
            "rule": [{
                "id": "r", "effect": "permit", "roles": ["a"], "actions": ["read"], "purposes": ["TREAT"],
                "classes": ["all"], "cites": "house", "dated": "2026-01-01",
            }],
        })
    };
    assert!(serde_json::from_value::<Policy>(right()).is_ok(), "the sample is right");
    let rule = |key: &str, value: Value| {
        let mut policy = right();
        policy["rule"][0][key] = value;
        policy
    };
    let without = |key: &str| {
        let mut policy = right();
        policy["rule"][0].as_object_mut().expect("a rule").remove(key);
        policy
    };
    let at = |pointer: &str, value: Value| {
        let mut policy = right();
        *policy.pointer_mut(pointer).expect("a place") = value;
        policy
    };
    vec![
        ("no head", json!({ "rule": [] })),
        ("no name", at("/policy", json!({ "version": "1" }))),
        ("an empty name", at("/policy/name", json!(" "))),
        ("an unknown table", at("/policy", json!({ "name": "p", "version": "1", "author": "x" }))),
        ("a role without a title", at("/roles/a", json!({}))),
        (
            "a role by a name that none can have",
            at("/roles", json!({ "a": { "title": "A" }, "B b": { "title": "B" } })),
        ),
        ("no year", at("/ages/adult/years", json!(0))),
        ("too many years", at("/ages/adult/years", json!(300))),
        ("an unknown key", rule("place", json!("here"))),
        ("an unknown effect", rule("effect", json!("allow"))),
        ("an unknown action", rule("actions", json!(["peek"]))),
        ("an unknown purpose", rule("purposes", json!(["FUN"]))),
        ("an unknown type", rule("types", json!(["Thing"]))),
        ("an unknown relationship", rule("relationships", json!(["friend"]))),
        ("an unknown label", rule("labels", json!(["hiv"]))),
        ("an unknown confidentiality", rule("confidentiality", json!(["Z"]))),
        ("an unknown care setting", rule("care_settings", json!(["PUB"]))),
        ("an unknown class", rule("classes", json!(["name"]))),
        ("an unknown obligation", rule("obligations", json!(["SING"]))),
        ("no element", rule("elements", json!(["Patient"]))),
        ("elements and types", {
            let mut policy = rule("elements", json!(["Patient.contact"]));
            policy["rule"][0]["types"] = json!(["Patient"]);
            policy
        }),
        ("an empty list", rule("classes", json!([]))),
        ("a name instead of a list", rule("roles", json!("a"))),
        ("nothing", rule("places", json!(null))),
        ("a number for a truth", rule("vip", json!(1))),
        ("a day that is none", rule("dated", json!("someday"))),
        ("an id that none can have", rule("id", json!("No. 1"))),
        ("no citation", rule("cites", json!(""))),
        ("a permit without roles", without("roles")),
        ("a permit without actions", without("actions")),
        ("a permit without purposes", without("purposes")),
        ("a rule without classes", without("classes")),
        ("a rule without a date", without("dated")),
        ("a refusal that obliges", {
            let mut policy = rule("effect", json!("forbid"));
            policy["rule"][0]["obligations"] = json!(["AUDIT"]);
            policy
        }),
    ]
}
