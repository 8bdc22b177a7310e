//! HL7's terminology ecosystem tests, as far as they need no licensed content and no server.
//!
//! Each suite names its resources, and each test an operation with a request and the response to it.

use std::collections::BTreeMap;
use std::process::ExitCode;

use chartroom_codes::fhir::Catalog;
use chartroom_tests::contradiction::{Wordings, display_contradiction};
use chartroom_tests::pattern::{self, Externals};
use chartroom_tests::suites::{Suites, Test, items, mode, text};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

fn main() -> ExitCode {
    let mut tally = Tally::new("terminology_suite");
    if let Some(folder) = corpora::find("terminology-tests") {
        let suites = Suites { folder: folder.join("tests") };
        run(&suites, &mut tally);
    }
    tally.finish()
}

fn run(suites: &Suites, tally: &mut Tally) {
    let cases = suites.cases();
    let known = known(suites, &cases);
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    for suite in items(&cases, "suites") {
        let (mut passed, mut total) = (0, 0);
        let resources = resources(suites, suite);
        let catalog = catalog(&resources);
        for test in items(suite, "tests") {
            match chosen(suites, suite, test) {
                Ok(test) => {
                    let case = format!("{}/{}", text(suite, "name"), test.name);
                    total += 1;
                    match check(suites, &test, &catalog, &resources, &known) {
                        Outcome::Passed => {
                            passed += 1;
                            tally.case(case, Ok::<(), String>(()));
                        }
                        Outcome::Impossible(reason) => tally.exception(case, reason),
                        Outcome::Failed(reason) => tally.case(case, Err(reason)),
                    }
                }
                Err(reason) => *left_out.entry(reason).or_default() += 1,
            }
        }
        if total > 0 {
            println!("suite {}: {passed} of {total}", text(suite, "name"));
        }
    }
    for (reason, count) in left_out {
        println!("left out: {count} tests: {reason}");
    }
}

/// A test that needs no licensed content and no server, or why it is left out.
fn chosen<'a>(suites: &Suites, suite: &'a Value, test: &'a Value) -> Result<Test<'a>, String> {
    // These compare value sets. The suite has them under the name of its own server, but most need none of its content.
    let is_comparison = text(test, "operation") == "compare";
    // UCUM is a grammar. A list of common units, their names in full, and what is said of a wrong one are the server's own.
    let says_no_more =
        || suites.read(text(test, "response")).is_ok_and(|response| !response.to_string().contains("\"issues\""));
    let is_of_units = text(suite, "name") == "UCUM" && text(test, "operation") == "validate-code" && says_no_more();
    let mode = mode(suite, test);
    if mode != "general" && !is_comparison && !is_of_units {
        return Err(format!("of mode {mode}"));
    }
    let test = Test::new(test)?;
    let request = suites.read(test.request)?.to_string();
    let licensed = ["http://snomed.info/sct", "http://loinc.org", "http://www.ama-assn.org/go/cpt"];
    match licensed.into_iter().find(|system| request.contains(&format!("\"{system}\""))) {
        Some(system) => Err(format!("needs {system}")),
        None => Ok(test),
    }
}

/// What is known from all files of the suites together.
fn known(suites: &Suites, cases: &Value) -> Known {
    let mut wordings = Wordings::default();
    for test in items(cases, "suites").iter().flat_map(|suite| items(suite, "tests")) {
        if let Ok(response) = suites.read(text(test, "response")) {
            wordings.count(&response);
        }
    }
    let externals = suites.read("messages-tx.fhir.org.json").unwrap_or_default();
    let texts = externals.as_object().into_iter().flatten().flat_map(|(_, texts)| texts.as_object()).flatten();
    texts.filter_map(|(_, text)| text.as_str()).for_each(|text| wordings.count_text(text));
    Known { externals, wordings }
}

/// The resources that a suite is set up with.
fn resources(suites: &Suites, suite: &Value) -> Vec<Value> {
    let files = items(suite, "setup").iter().filter_map(Value::as_str);
    let read = files.filter_map(|file| suites.read(file).inspect_err(|reason| println!("setup {file}: {reason}")).ok());
    read.collect()
}

/// Runs a test. If it does not pass, sees whether it could.
fn check(suites: &Suites, test: &Test<'_>, catalog: &Catalog, resources: &[Value], known: &Known) -> Outcome {
    let expected = match suites.read(test.response) {
        Ok(expected) => expected,
        Err(reason) => return Outcome::Failed(reason),
    };
    let none = Externals::new();
    let texts = known.externals[test.response].as_object().unwrap_or(&none);
    let answer = match suites.answer(test, catalog) {
        Ok(answer) => answer,
        Err(reason) => return Outcome::Failed(reason),
    };
    let Err(difference) = pattern::matches(&expected, &answer, texts) else { return Outcome::Passed };
    let contradictions = [known.wordings.contradiction(&expected), display_contradiction(&expected, resources)];
    let excuse =
        contradictions.into_iter().flatten().find(|(_, corrected)| pattern::matches(corrected, &answer, texts).is_ok());
    match excuse {
        Some((reason, _)) => Outcome::Impossible(reason),
        None => Outcome::Failed(difference),
    }
}

struct Known {
    externals: Value,
    wordings: Wordings,
}

enum Outcome {
    Passed,
    /// The suite contradicts itself, and the answer is right by the rest of it.
    Impossible(String),
    Failed(String),
}

/// HL7's own resources and UCUM, which every server has, and the resources of a suite.
fn catalog(resources: &[Value]) -> Catalog {
    resources.iter().fold(chartroom_hl7::catalog().with_units(), |catalog, resource| {
        catalog.with(resource).unwrap_or_else(|reason| {
            println!("setup {}: {reason}", resource["url"]);
            catalog
        })
    })
}
