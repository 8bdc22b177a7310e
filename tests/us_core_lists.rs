//! What our lists for US Core say is what the official StructureDefinitions of that version say, both ways: which elements are
//! mandatory where R4 does not demand them, and which must be supported.
//!
//! The definitions are not shipped. The program looks for them in `$CHARTROOM_US_CORE`, then in the corpus `us-core-definitions`: a
//! folder of JSON files, each with one definition or several, as in the package `hl7.fhir.us.core`. Those of another version are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chartroom::record::profile::{Guide, Profile};
use chartroom::record::{Resource, TypeFacts};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

fn main() -> ExitCode {
    let mut tally = Tally::new("us_core_lists");
    let Some(folder) = folder() else { return tally.finish() };
    let guide = Guide::us_core_6_1();
    let definitions = definitions(&folder, guide.version());
    let profiles: BTreeMap<&str, &Profile> = guide.profiles().iter().map(|profile| (profile.url(), profile)).collect();
    for (url, definition) in &definitions {
        let Some(profile) = profiles.get(url.as_str()) else { continue };
        let ours = Ours::of(profile, definition, &profiles);
        let official = Official::of(definition);
        for path in official.must_support.difference(&ours.all()) {
            tally.case(format_args!("{url} {path}"), Err("must be supported, and is not in the list"));
        }
        for path in official.mandatory.difference(&ours.mandatory) {
            tally.case(format_args!("{url} {path}"), Err("is mandatory, and is not in the list"));
        }
        for ways in ours.lists.iter() {
            let known = ways.iter().any(|way| official.names(way));
            let path = ways.join(" or ");
            tally.case(
                format_args!("{url} {path}"),
                known.then_some(()).ok_or("in the list, and not in the definition"),
            );
        }
    }
    let without = guide.profiles().iter().filter(|profile| !definitions.contains_key(profile.url())).count();
    println!("{without} profiles have no definition here");
    tally.finish()
}

fn folder() -> Option<PathBuf> {
    std::env::var_os("CHARTROOM_US_CORE").map(PathBuf::from).or_else(|| corpora::find("us-core-definitions"))
}

/// The profiles of this version by their address.
fn definitions(folder: &Path, version: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for file in corpora::files(folder, "json") {
        let Ok(json) = serde_json::from_slice(&std::fs::read(&file).unwrap_or_default()) else { continue };
        let several = match json {
            Value::Array(several) => several,
            Value::Object(ref bundle) if bundle.contains_key("entry") => {
                items(&json, "entry").map(|entry| entry["resource"].clone()).collect()
            }
            one => vec![one],
        };
        for definition in several.into_iter().filter(|it| it["resourceType"] == "StructureDefinition") {
            if definition["version"] == version {
                found.insert(definition["url"].as_str().unwrap_or_default().to_owned(), definition);
            }
        }
    }
    found
}

/// What our list says of a profile, with what it inherits from another of them. Paths are without the types of choices.
struct Ours {
    mandatory: BTreeSet<String>,
    supported: BTreeSet<String>,
    /// Each line, with its ways.
    lists: Vec<Vec<String>>,
}

impl Ours {
    fn of(profile: &Profile, definition: &Value, profiles: &BTreeMap<&str, &Profile>) -> Self {
        let facts = Resource::facts_of(profile.type_name()).expect("a typed resource");
        let ways = |text: &str| -> Vec<String> { text.split(" or ").map(|way| path(way, facts)).collect() };
        let lists: Vec<_> = profile.mandatory().chain(profile.must_support()).map(ways).collect();
        let mut mandatory: BTreeSet<String> = profile.mandatory().flat_map(ways).collect();
        let mut supported: BTreeSet<String> = profile.must_support().flat_map(ways).collect();
        if let Some(base) = definition["baseDefinition"].as_str().and_then(|base| profiles.get(base)) {
            mandatory.extend(base.mandatory().flat_map(ways));
            supported.extend(base.must_support().flat_map(ways));
        }
        Self { mandatory, supported, lists }
    }

    fn all(&self) -> BTreeSet<String> {
        self.mandatory.union(&self.supported).cloned().collect()
    }
}

/// `valueQuantity.code` as `value.code`; an extension as its address. What a concept must have is told of the concept.
fn path(way: &str, facts: &'static TypeFacts) -> String {
    match way.trim().split_once(' ') {
        Some((_, rest)) if !rest.starts_with("http") && !rest.starts_with("has") => rest.to_owned(),
        Some((_, address)) if address.starts_with("http") => address.to_owned(),
        Some((path, _)) => plain(path, facts),
        None => plain(way.trim(), facts),
    }
}

fn plain(path: &str, facts: &'static TypeFacts) -> String {
    let (mut names, mut facts) = (Vec::new(), Some(facts));
    for step in path.split('.') {
        let element = facts.and_then(|facts| {
            facts.elements.iter().find(|it| it.name == step || it.types.iter().any(|kind| kind.member == step))
        });
        names.push(element.map_or(step, |element| element.name));
        facts = element.and_then(|element| {
            let kind = element.types.iter().find(|kind| kind.member == step && element.name != step);
            // Without a type, a choice is followed as a quantity: only those have parts in the lists.
            let kind = kind.or_else(|| element.types.iter().find(|kind| kind.type_name == "Quantity"));
            kind.or_else(|| element.types.first())?.facts()
        });
    }
    names.join(".")
}

/// What the definition says. Parts of a concept with a fixed code are told of the concept.
struct Official {
    mandatory: BTreeSet<String>,
    must_support: BTreeSet<String>,
    /// Whatever is mandatory or must be supported, if only in a slice or by R4 itself.
    named: BTreeSet<String>,
}

impl Official {
    fn of(definition: &Value) -> Self {
        let facts = Resource::facts_of(definition["type"].as_str().unwrap_or_default()).expect("a typed resource");
        let mut official = Self { mandatory: BTreeSet::new(), must_support: BTreeSet::new(), named: BTreeSet::new() };
        for element in items(&definition["snapshot"], "element") {
            let (_, path) = element["path"].as_str().unwrap_or_default().split_once('.').unwrap_or_default();
            let (id, needed) = (element["id"].as_str().unwrap_or_default(), element["min"] != 0);
            let path = coded(&plain(&path.replace("[x]", ""), facts));
            let address = items(element, "type").flat_map(|kind| items(kind, "profile")).find_map(Value::as_str);
            let path = if path == "extension" { address.unwrap_or_default().to_owned() } else { path };
            if path.is_empty() {
                continue;
            }
            if is_supported(element) {
                official.must_support.insert(path.clone());
            }
            // What a slice holds is mandatory in the slice alone.
            if needed && element["base"]["min"] == 0 && !id.contains(':') {
                official.mandatory.insert(path.clone());
            }
            if needed || is_supported(element) {
                official.named.insert(path);
            }
        }
        official
    }

    fn names(&self, way: &str) -> bool {
        self.named.contains(way)
    }
}

/// Whether a system must support an element: by the flag, or because the law demands it (the data classes of USCDI).
fn is_supported(element: &Value) -> bool {
    let demanded = items(element, "extension").any(|extension| {
        extension["url"].as_str().is_some_and(|url| url.ends_with("/uscdi-requirement"))
            && extension["valueBoolean"] == true
    });
    demanded || element["mustSupport"] == true || element["short"].as_str().is_some_and(|it| it.starts_with("(USCDI)"))
}

/// The concept that holds a coding, its system or its code.
fn coded(path: &str) -> String {
    let (concept, _) = path.split_once(".coding").unwrap_or((path, ""));
    concept.to_owned()
}

fn items<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}
