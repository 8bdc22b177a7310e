//! Every record of the Synthea charts, every official example of FHIR R4 and invented charts, masked in several ways: nothing that
//! was withheld is left, nothing is added but marks and labels, masking again changes nothing, and no check finds a
//! problem that was not there before.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use chartroom::record::datatype::Coding;
use chartroom::record::{
    Checks, Class, ClassSet, Elements, Issue, Mask, Mode, Resource, Severity, check, parse, part, synth,
};
use chartroom_tests::corpora;
use chartroom_tests::tally::Tally;
use serde_json::Value;

/// Invented charts, by their seeds.
const CHARTS: std::ops::Range<u64> = 0..12;

/// Invariants that hold an element against the value of another one: they cannot hold where that is withheld.
const COMPARES: [&str; 4] = ["con-4:", "grp-1:", "lst-2:", "que-5:"];

fn main() -> ExitCode {
    let mut tally = Tally::new("redaction");
    for seed in CHARTS {
        bundle(&format!("chart {seed}"), &synth::chart(seed, 6).into(), &mut tally);
    }
    for folder in ["synthea-r4", "fhir-r4-examples"] {
        let Some(folder) = corpora::find(folder) else { continue };
        for file in corpora::files(&folder, "json") {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(&file).expect("a readable file");
            match parse(&bytes, Mode::Lenient) {
                Ok(parsed) => bundle(&name, parsed.resource(), &mut tally),
                Err(issues) => tally.case(name, Err(issues)),
            }
        }
    }
    tally.finish()
}

/// A record by itself; of a bundle each record, and the bundle around them.
fn bundle(name: &str, resource: &Resource, tally: &mut Tally) {
    if let Resource::Bundle(bundle) = resource {
        for (index, entry) in bundle.entry.iter().enumerate() {
            if let Some(inner) = entry.resource.as_deref() {
                let case = format!("{name}, entry {index}");
                tally.case(&case, record(&case, inner));
            }
        }
        tally.case(name, as_a_whole(name, resource));
    } else {
        tally.case(name, record(name, resource));
    }
}

/// The labels of something withheld.
fn labels() -> Vec<Coding> {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue".parse().ok();
    vec![Coding { system, code: "REDACTED".parse().ok(), ..Coding::default() }]
}

fn masked(resource: &Resource, shown: ClassSet) -> Option<String> {
    resource.to_masked_json(|_| Mask { shown, labels: labels(), ..Mask::default() })
}

/// A few sets of classes for each record: all, all but one of its own, and some by chance.
fn masks(name: &str, resource: &Resource) -> Vec<ClassSet> {
    let mut seed = name.bytes().fold(0x9e37_79b9_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut chance = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed
    };
    let own: Vec<Class> = resource.classes().iter().collect();
    let mut sets = vec![ClassSet::ALL, ClassSet::NONE];
    if !own.is_empty() {
        let one = own[chance() as usize % own.len()];
        sets.push(ClassSet::ALL.without(one.into()));
        sets.push(one.into());
    }
    sets.extend([ClassSet::from_bits(chance()), ClassSet::from_bits(chance() | chance())]);
    sets
}

fn record(name: &str, resource: &Resource) -> Result<(), String> {
    let before = leaves(&resource.to_json())?;
    let known = problems(resource);
    for shown in masks(name, resource) {
        one_mask(resource, shown, &before, &known).map_err(|problem| format!("{shown:?}: {problem}"))?;
    }
    single_elements(resource, &before).map_err(|problem| format!("single elements: {problem}"))
}

/// Some elements by chance, whatever their class: nothing of the others is left, and nothing is added.
fn single_elements(resource: &Resource, before: &Leaves) -> Result<(), String> {
    let shows = |path: &str| path.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31) ^ u32::from(byte)) % 5 > 1;
    let elements = Elements::new(ClassSet::ALL, move |_, path| shows(path));
    let Some(text) =
        resource.to_masked_json(|_| Mask { labels: labels(), elements: Some(elements.clone()), ..Mask::default() })
    else {
        return Ok(());
    };
    let (mut secret, mut open) = (BTreeSet::new(), String::new());
    resource.for_each_element(|visit| {
        if let Some(value) = visit.found().text() {
            if shows(&without_numbers(&visit.path())) {
                open += &format!("{value}\n");
            } else {
                secret.insert(value.into_owned());
            }
        }
    });
    let left: String = leaves(&without_marks(&text))?.into_keys().map(|(_, value)| value + "\n").collect();
    match secret.iter().position(|leaf| leaf.len() > 3 && left.contains(leaf.as_str()) && !open.contains(leaf.as_str()))
    {
        Some(index) => Err(format!("withheld text number {index} is left")),
        None => nothing_is_added(before, &text),
    }
}

/// A path as a mask sees it: `Patient.name[0]._given[1]` is `Patient.name.given`.
fn without_numbers(path: &str) -> String {
    let bare = |step: &str| step.split('[').next().unwrap_or_default().trim_start_matches('_').to_owned();
    path.split('.').map(bare).collect::<Vec<_>>().join(".")
}

fn one_mask(resource: &Resource, shown: ClassSet, before: &Leaves, known: &Problems) -> Result<(), String> {
    let Some(text) = masked(resource, shown) else {
        let hidden = only_displays(resource, shown)? || may_go(resource);
        return if hidden { Ok(()) } else { Err("nothing is left of it".to_owned()) };
    };
    if resource.classes().without(shown).is_empty() {
        return if text == resource.to_json() { Ok(()) } else { Err("changed, though nothing is withheld".to_owned()) };
    }
    nothing_is_left(resource, shown, &text)?;
    nothing_is_added(before, &text)?;
    let again = parse(text.as_bytes(), Mode::Lenient).map_err(|issues| issues.to_string())?;
    if masked(again.resource(), shown).as_deref() != Some(&text) {
        return Err("masking again changes it".to_owned());
    }
    match problems(again.resource())
        .difference(known)
        .find(|(_, detail)| !COMPARES.iter().any(|key| detail.starts_with(key)))
    {
        Some(new) => Err(format!("a new problem: {new:?}")),
        None => Ok(()),
    }
}

/// Whether the record has what goes whole or not at all: extensions, and what is contained and referred to.
fn may_go(resource: &Resource) -> bool {
    let text = resource.to_json();
    [r#""extension":"#, r#""modifierExtension":"#, r#""contained":"#].iter().any(|member| text.contains(member))
}

/// Whether nothing may be seen but displays of references, which go with what they point at.
fn only_displays(resource: &Resource, shown: ClassSet) -> Result<bool, String> {
    let mut others = 0;
    for part in part::split(resource).iter().filter(|part| shown.contains(part.class)) {
        others += leaves(&part.json)?
            .keys()
            .filter(|(member, _)| !matches!(member.as_str(), "resourceType" | "display"))
            .count();
    }
    Ok(others == 0)
}

/// No text or number of a withheld part stands in what is left, unless it also stands in a part that is shown.
fn nothing_is_left(resource: &Resource, shown: ClassSet, text: &str) -> Result<(), String> {
    let (mut secret, mut open) = (BTreeSet::new(), BTreeSet::new());
    for part in part::split(resource) {
        let leaves = leaves(&part.json)?.into_keys().map(|(_, value)| value);
        if shown.contains(part.class) { open.extend(leaves) } else { secret.extend(leaves) }
    }
    // `resourceType` stands in every part, and a mark is the same everywhere.
    let all_open: String = open.iter().flat_map(|leaf| [leaf.as_str(), "\n"]).collect();
    let left: String =
        leaves(&without_marks(text))?.into_keys().flat_map(|(_, value)| [value, "\n".to_owned()]).collect();
    match secret.iter().position(|leaf| leaf.len() > 3 && left.contains(leaf) && !all_open.contains(leaf)) {
        Some(index) => Err(format!("withheld text number {index} is left")),
        None => Ok(()),
    }
}

/// What is left was there, under the same member, as often or oftener.
fn nothing_is_added(before: &Leaves, text: &str) -> Result<(), String> {
    for (leaf, count) in leaves(&without_marks(text))? {
        if before.get(&leaf).is_none_or(|had| *had < count) {
            return Err(format!("something was added under {:?}", leaf.0));
        }
    }
    Ok(())
}

/// A masked record without its marks and labels.
fn without_marks(text: &str) -> String {
    let mark = r#"{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}"#;
    let label = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"REDACTED"}"#;
    text.replace(mark, "{}").replace(label, "{}")
}

/// How often each text and number stands under a member of a name.
type Leaves = BTreeMap<(String, String), usize>;

fn leaves(text: &str) -> Result<Leaves, String> {
    fn collect(member: &str, value: &Value, leaves: &mut Leaves) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| collect(name, value, leaves)),
            Value::Array(items) => items.iter().for_each(|item| collect(member, item, leaves)),
            Value::Null => {}
            Value::String(text) => *leaves.entry((member.to_owned(), text.clone())).or_default() += 1,
            other => *leaves.entry((member.to_owned(), other.to_string())).or_default() += 1,
        }
    }
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut found = Leaves::new();
    collect("", &value, &mut found);
    Ok(found)
}

/// The errors that a check finds, without the numbers of list items.
type Problems = BTreeSet<(String, String)>;

fn problems(resource: &Resource) -> Problems {
    let outcome = check(resource.clone(), &Checks::structure());
    let issues = outcome.as_ref().map_or_else(|refused| refused.issues(), |checked| checked.issues());
    let place = |issue: &Issue| issue.path().split(['[', ']']).step_by(2).collect();
    issues
        .iter()
        .filter(|issue| issue.severity() == Severity::Error)
        .map(|issue| (place(issue), issue.detail().to_owned()))
        .collect()
}

/// A bundle whose records have masks of their own: what nobody may see goes with its entry, and no total tells of it.
fn as_a_whole(name: &str, resource: &Resource) -> Result<(), String> {
    let open = |inner: &Resource| match inner.type_name() {
        "Bundle" => ClassSet::ALL,
        "Patient" | "Encounter" => ClassSet::ALL.without(ClassSet::of(&[Class::Name, Class::Narrative])),
        _ => ClassSet::NONE,
    };
    let mask = |inner: &Resource| Mask { shown: open(inner), labels: labels(), ..Mask::default() };
    let text = resource.to_masked_json(mask).ok_or("nothing is left of it")?;
    let left = parse(text.as_bytes(), Mode::Lenient).map_err(|issues| issues.to_string())?.into_resource();
    let Resource::Bundle(bundle) = &left else { return Err(format!("{name} is no bundle any more")) };
    let closed = |inner: &Resource| !matches!(inner.type_name(), "Bundle" | "Patient" | "Encounter");
    if bundle.entry.iter().filter_map(|entry| entry.resource.as_deref()).any(closed) {
        return Err("a record that nobody may see is left".to_owned());
    }
    if bundle.total.is_some() && text != resource.to_json() {
        return Err("its total tells what is gone".to_owned());
    }
    if left.to_masked_json(mask).as_deref() == Some(&text) {
        Ok(())
    } else {
        Err("masking again changes it".to_owned())
    }
}
