//! Collects HL7's code systems and value sets that the bindings of our record types need, as one file for `chartroom-hl7`.
//!
//! ```text
//! cargo run --release --example collect_hl7 -- OUTPUT valuesets.json v3-codesystems.json v2-tables.json
//! ```
//!
//! The bundles are those of FHIR R4's definitions. Of a resource is kept what decides which codes are good: no definitions,
//! no narrative. A value set is kept if all that it takes codes from is kept; systems that are not HL7's own never are.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use chartroom::record::datatype::Extension;
use chartroom::record::{Element, Resource, TypeFacts};
use serde_json::{Map, Value, json};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match collect(&arguments) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("collect_hl7: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn collect(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let [output, files @ ..] = arguments else { return Err("usage: collect_hl7 OUTPUT FILE ...".into()) };
    let definitions = Definitions::read(files)?;
    let mut kept: BTreeMap<&str, Value> = BTreeMap::new();
    for url in definitions.needed() {
        if let Some(set) = definitions.value_sets.get(url).filter(|_| definitions.is_whole(url, 0)) {
            kept.insert(url, value_set(set));
        }
        for system in selections(definitions.value_sets.get(url)).filter_map(|selection| selection["system"].as_str()) {
            if let Some(found) = definitions.systems.get(system) {
                kept.insert(system, code_system(found));
            }
        }
    }
    let lines: Vec<String> = kept.values().map(Value::to_string).collect();
    fs::write(output, lines.join("\n") + "\n").map_err(|problem| format!("{output}: {problem}"))?;
    let count = |kind: &str| kept.values().filter(|resource| resource["resourceType"] == kind).count();
    let codes: usize = kept.values().map(|resource| count_concepts(&resource["concept"])).sum();
    Ok(format!("{output}: {} code systems with {codes} codes, {} value sets", count("CodeSystem"), count("ValueSet")))
}

/// The resources of the definitions by URL.
#[derive(Default)]
struct Definitions {
    systems: BTreeMap<String, Value>,
    value_sets: BTreeMap<String, Value>,
}

impl Definitions {
    fn read(files: &[String]) -> Result<Self, Box<dyn Error>> {
        let mut definitions = Self::default();
        for file in files {
            let mut bundle: Value =
                serde_json::from_slice(&fs::read(file)?).map_err(|problem| format!("{file}: {problem}"))?;
            for entry in bundle["entry"].as_array_mut().into_iter().flatten() {
                definitions.take(entry["resource"].take());
            }
        }
        Ok(definitions)
    }

    fn take(&mut self, resource: Value) {
        let Some(url) = resource["url"].as_str().map(str::to_owned) else { return };
        match resource["resourceType"].as_str() {
            Some("CodeSystem") if is_of_hl7(&url) && resource["content"] != "not-present" => {
                self.systems.insert(url, resource);
            }
            Some("ValueSet") => drop(self.value_sets.insert(url, resource)),
            _ => {}
        }
    }

    /// The value sets of all bindings, and those that they are made of.
    fn needed(&self) -> BTreeSet<&str> {
        let mut open: Vec<&str> = bound_value_sets().into_iter().collect();
        let mut needed = BTreeSet::new();
        while let Some(url) = open.pop() {
            if let Some((url, set)) = self.value_sets.get_key_value(url).filter(|(url, _)| needed.insert(url.as_str()))
            {
                open.extend(selections(Some(set)).flat_map(imports).filter(|import| *import != url));
            }
        }
        needed
    }

    /// Whether all that a value set takes codes from is kept. Imports in a circle are not.
    fn is_whole(&self, url: &str, depth: usize) -> bool {
        let Some(set) = self.value_sets.get(url).filter(|_| depth < 8) else { return false };
        let has_system =
            |selection: &Value| selection["system"].as_str().is_none_or(|url| self.systems.contains_key(url));
        selections(Some(set))
            .all(|selection| has_system(selection) && imports(selection).all(|import| self.is_whole(import, depth + 1)))
    }
}

/// The value sets that the elements of our record types are bound to.
fn bound_value_sets() -> BTreeSet<&'static str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut bound = BTreeSet::new();
    let mut open: Vec<&'static TypeFacts> =
        Resource::TYPES.iter().filter_map(|name| Resource::facts_of(name)).collect();
    open.push(Extension::default().facts());
    while let Some(facts) = open.pop() {
        if !seen.insert(facts.name) {
            continue;
        }
        for element in facts.elements {
            bound.extend(element.binding.map(|binding| binding.value_set));
            open.extend(element.types.iter().filter_map(|choice| choice.facts()));
        }
    }
    bound
}

fn is_of_hl7(url: &str) -> bool {
    ["http://hl7.org/fhir/", "http://terminology.hl7.org/"].iter().any(|root| url.starts_with(root))
        && !url.starts_with("http://hl7.org/fhir/sid/")
}

fn selections(set: Option<&Value>) -> impl Iterator<Item = &Value> {
    let compose = set.map(|set| &set["compose"]);
    ["include", "exclude"].into_iter().filter_map(move |role| compose?[role].as_array()).flatten()
}

fn imports(selection: &Value) -> impl Iterator<Item = &str> {
    let imports = selection["valueSet"].as_array().into_iter().flatten().filter_map(Value::as_str);
    imports.map(|canonical| canonical.split('|').next().unwrap_or(canonical))
}

fn code_system(system: &Value) -> Value {
    let names = ["resourceType", "url", "version", "name", "status", "content", "caseSensitive"];
    let mut kept = members(system, &names);
    let is_kept = |property: &&Value| is_kept_property(&property["code"]);
    let properties: Vec<Value> = list(&system["property"])
        .filter(is_kept)
        .map(|it| members(it, &["code", "uri", "type"]))
        .map(Value::Object)
        .collect();
    if !properties.is_empty() {
        kept.insert("property".into(), json!(properties));
    }
    kept.insert("concept".into(), list(&system["concept"]).map(concept).collect());
    Value::Object(kept)
}

fn concept(concept: &Value) -> Value {
    let mut kept = members(concept, &["code", "display"]);
    let properties: Vec<&Value> =
        list(&concept["property"]).filter(|property| is_kept_property(&property["code"])).collect();
    if !properties.is_empty() {
        kept.insert("property".into(), json!(properties));
    }
    if concept["concept"].is_array() {
        kept.insert("concept".into(), list(&concept["concept"]).map(self::concept).collect());
    }
    Value::Object(kept)
}

fn is_kept_property(code: &Value) -> bool {
    matches!(code.as_str(), Some("notSelectable" | "abstract" | "status" | "inactive"))
}

fn value_set(set: &Value) -> Value {
    let mut kept = members(set, &["resourceType", "url", "version", "name", "title", "status"]);
    let mut compose = Map::new();
    for role in ["include", "exclude"] {
        let selections = list(&set["compose"][role]).map(|selection| {
            let mut kept = members(selection, &["system", "version", "filter", "valueSet"]);
            if selection["concept"].is_array() {
                kept.insert(
                    "concept".into(),
                    list(&selection["concept"]).map(|it| json!(members(it, &["code", "display"]))).collect(),
                );
            }
            Value::Object(kept)
        });
        let selections: Vec<Value> = selections.collect();
        if !selections.is_empty() {
            compose.insert(role.into(), json!(selections));
        }
    }
    kept.insert("compose".into(), Value::Object(compose));
    Value::Object(kept)
}

fn members(value: &Value, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), value.get(*name)?.clone()))).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn count_concepts(concepts: &Value) -> usize {
    list(concepts).map(|concept| 1 + count_concepts(&concept["concept"])).sum()
}
