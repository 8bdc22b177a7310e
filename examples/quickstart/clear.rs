//! Searches the store's files for anything of a patient in clear.

use std::collections::BTreeSet;
use std::path::Path;

use aho_corasick::AhoCorasick;
use chartroom::record::{Class, ClassSet, Json, Resource, part};

use crate::house::{Failure, House, PHYSICIAN};
use crate::intake::Taken;

/// Shorter texts turn up among random bytes.
const SHORTEST: usize = 6;

/// What must never stand in clear: who the patients are, and what people wrote about them.
const SECRET: ClassSet = ClassSet::of(&[
    Class::Name,
    Class::Address,
    Class::Contact,
    Class::BirthDate,
    Class::Identifier,
    Class::GovernmentId,
    Class::InsuranceId,
    Class::Narrative,
]);

pub fn search(house: &House, file: &Path, taken: &Taken) -> Result<(), Failure> {
    let secrets = secrets(taken)?;
    let searcher = AhoCorasick::new(&secrets)?;
    let (mut bytes, mut found) = (0, 0);
    let folder = file.parent().ok_or("the store lies in no folder")?;
    for entry in std::fs::read_dir(folder)? {
        let content = std::fs::read(entry?.path())?;
        bytes += content.len();
        found += searcher.find_iter(&content).count();
    }
    let reader = PHYSICIAN.title;
    println!(
        "{} names, identifiers, addresses, dates and notes that a {reader} can read; {:.1} MB of files; {found} of them found in clear.",
        secrets.len(),
        bytes as f64 / 1e6
    );
    let entries = chartroom::audit::Trail::head(&house.store)?.size;
    println!(
        "In clear are: resource types, random ids and versions, and {entries} audit entries that name staff, policies and tokens."
    );
    if found > 0 {
        return Err(format!("{found} texts of patients stand in clear in the store").into());
    }
    Ok(())
}

/// The texts of the secret classes in everything that was taken in.
fn secrets(taken: &Taken) -> Result<BTreeSet<String>, Failure> {
    let mut secrets = BTreeSet::new();
    for json in taken.originals.values() {
        let resource: Resource =
            chartroom::record::parse(json.as_bytes(), chartroom::record::Mode::Lenient)?.into_resource();
        for part in part::split(&resource).iter().filter(|part| SECRET.contains(part.class)) {
            collect(&Json::parse(&part.json).map_err(|issue| issue.to_string())?, &mut secrets);
        }
    }
    Ok(secrets)
}

/// Every text that is no address of a vocabulary and no code that many records share.
fn collect(value: &Json, secrets: &mut BTreeSet<String>) {
    match value {
        Json::String(text) if is_personal(text.as_str()) => {
            secrets.insert(text.as_str().to_owned());
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, secrets)),
        Json::Object(members) => {
            let telling = members.iter().filter(|(name, _)| !VOCABULARY.contains(&name.as_str()));
            telling.for_each(|(_, value)| collect(value, secrets));
        }
        _ => {}
    }
}

/// Members whose text says how something is written down, and nothing about the person.
const VOCABULARY: [&str; 8] = ["resourceType", "system", "url", "use", "type", "code", "status", "unit"];

fn is_personal(text: &str) -> bool {
    text.len() >= SHORTEST
}
