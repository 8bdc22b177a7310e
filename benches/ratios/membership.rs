//! Whether codes are in a large value set that is told by a rule: every diagnosis that can be billed. The peer expands the value set, and
//! then looks for the code among those that came out: anew for each question, as servers do that keep no expansion, and once for all.

use std::hint::black_box;

use ahash::AHashSet;
use chartroom::codes::fhir::{Catalog, Coding, Options};
use chartroom::codes::system;
use chartroom_benches::{Unit, compare};
use serde_json::json;

const SET: &str = "https://example.org/billable";
const CODES: [&str; 6] = ["E11.9", "I10", "S72.001A", "E11", "A00", "Z99.9"];

pub fn run() {
    let set = json!({ "resourceType": "ValueSet", "url": SET, "status": "active", "compose": { "include": [
        { "system": system::ICD_10_CM, "filter": [{ "property": "notSelectable", "op": "=", "value": "false" }] } ] } });
    let catalog = Catalog::default().with(&set).expect("a value set").with_table(chartroom::icd10cm::table());
    let listed = expanded(&catalog);
    let expected = CODES.iter().filter(|code| listed.contains(**code)).count();
    let unit = Unit::NanosecondsPer("question", CODES.len());
    let ours = || assert_eq!(CODES.iter().filter(|code| is_member(&catalog, black_box(code))).count(), expected);
    compare(
        "membership, expanded anew",
        Unit::NanosecondsPer("question", 1),
        || assert!(is_member(&catalog, "I10")),
        || {
            assert!(expanded(&catalog).contains(black_box("I10")));
        },
    );
    compare("membership, expanded before", unit, ours, || {
        assert_eq!(CODES.iter().filter(|code| listed.contains(black_box(**code))).count(), expected);
    });
}

fn is_member(catalog: &Catalog, code: &str) -> bool {
    let coding = Coding::new(system::ICD_10_CM, code);
    catalog.validate_code(SET, coding, &Options::default()).expect("an answer").is_valid
}

fn expanded(catalog: &Catalog) -> AHashSet<String> {
    let all = Options { exclude_nested: Some(true), limit: Some(usize::MAX), ..Options::default() };
    let expansion = catalog.expand(SET, &all).expect("an expansion");
    expansion.contains.into_iter().map(|contains| contains.code).collect()
}
