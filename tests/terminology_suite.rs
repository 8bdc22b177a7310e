//! HL7's terminology ecosystem tests, as far as they need no licensed content and no server.
//!
//! Each suite names its resources, and each test an operation with a request and the response to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chartroom_codes::fhir::parameters::{self, Context};
use chartroom_codes::fhir::{Catalog, Refusal};
use chartroom_tests::contradiction::{Wordings, display_contradiction};
use chartroom_tests::pattern::{self, Externals};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

type Operation = fn(&Catalog, &Value, &Context<'_>) -> Result<Value, Refusal>;

fn main() -> ExitCode {
    let mut tally = Tally::new("terminology_suite");
    if let Some(folder) = corpora::find("terminology-tests") {
        let suites = Suites { folder: folder.join("tests") };
        suites.run(&mut tally);
    }
    tally.finish()
}

struct Suites {
    folder: PathBuf,
}

impl Suites {
    fn run(&self, tally: &mut Tally) {
        let cases = self.read(Path::new("test-cases.json")).expect("test-cases.json");
        let known = self.known(&cases);
        let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
        for suite in items(&cases, "suites") {
            let (mut passed, mut total) = (0, 0);
            let resources = self.resources(suite);
            let catalog = catalog(&resources);
            for test in items(suite, "tests") {
                match Test::new(suite, test).and_then(|test| self.without_licence(test)) {
                    Ok(test) => {
                        let case = format!("{}/{}", text(suite, "name"), test.name);
                        total += 1;
                        match self.check(&test, &catalog, &resources, &known) {
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

    /// A test, unless its request is about a system that only licensed users have.
    fn without_licence<'a>(&self, test: Test<'a>) -> Result<Test<'a>, String> {
        let request = self.read(Path::new(test.request))?.to_string();
        let licensed = ["http://snomed.info/sct", "http://loinc.org", "http://www.ama-assn.org/go/cpt"];
        match licensed.into_iter().find(|system| request.contains(&format!("\"{system}\""))) {
            Some(system) => Err(format!("needs {system}")),
            None => Ok(test),
        }
    }

    /// What is known from all files of the suites together.
    fn known(&self, cases: &Value) -> Known {
        let mut wordings = Wordings::default();
        for test in items(cases, "suites").iter().flat_map(|suite| items(suite, "tests")) {
            if let Ok(response) = self.read(Path::new(text(test, "response"))) {
                wordings.count(&response);
            }
        }
        let externals = self.read(Path::new("messages-tx.fhir.org.json")).unwrap_or_default();
        let texts = externals.as_object().into_iter().flatten().flat_map(|(_, texts)| texts.as_object()).flatten();
        texts.filter_map(|(_, text)| text.as_str()).for_each(|text| wordings.count_text(text));
        Known { externals, wordings }
    }

    /// The resources that a suite is set up with.
    fn resources(&self, suite: &Value) -> Vec<Value> {
        let files = items(suite, "setup").iter().filter_map(Value::as_str);
        let read = files.filter_map(|file| {
            self.read(Path::new(file)).inspect_err(|reason| println!("setup {file}: {reason}")).ok()
        });
        read.collect()
    }

    /// Runs a test. If it does not pass, sees whether it could.
    fn check(&self, test: &Test<'_>, catalog: &Catalog, resources: &[Value], known: &Known) -> Outcome {
        let expected = match self.read(Path::new(test.response)) {
            Ok(expected) => expected,
            Err(reason) => return Outcome::Failed(reason),
        };
        let none = Externals::new();
        let texts = known.externals[test.response].as_object().unwrap_or(&none);
        let answer = match self.answer(test, catalog) {
            Ok(answer) => answer,
            Err(reason) => return Outcome::Failed(reason),
        };
        let Err(difference) = pattern::matches(&expected, &answer, texts) else { return Outcome::Passed };
        let contradictions = [known.wordings.contradiction(&expected), display_contradiction(&expected, resources)];
        let excuse = contradictions
            .into_iter()
            .flatten()
            .find(|(_, corrected)| pattern::matches(corrected, &answer, texts).is_ok());
        match excuse {
            Some((reason, _)) => Outcome::Impossible(reason),
            None => Outcome::Failed(difference),
        }
    }

    fn answer(&self, test: &Test<'_>, catalog: &Catalog) -> Result<Value, String> {
        let mut request = self.read(Path::new(test.request))?;
        if let Some(profile) = test.profile {
            let profile = self.read(Path::new(profile))?;
            let parameters = request["parameter"].as_array_mut().ok_or("a request without parameters")?;
            parameters.extend(items(&profile, "parameter").iter().cloned());
        }
        let context = Context {
            accept_language: test.accept_language,
            identifier: "urn:uuid:00000000-0000-4000-8000-000000000000",
            timestamp: "2026-01-01T00:00:00Z",
            limit: test.limit,
        };
        let answer = (test.operation)(catalog, &request, &context);
        if answer.is_ok() == test.is_refused {
            let found = answer.unwrap_or_else(|refusal| parameters::outcome(&refusal));
            let wanted = if test.is_refused { "a refusal" } else { "an answer" };
            return Err(format!("must be {wanted}, is {found}"));
        }
        Ok(answer.unwrap_or_else(|refusal| parameters::outcome(&refusal)))
    }

    fn read(&self, file: &Path) -> Result<Value, String> {
        let text = std::fs::read_to_string(self.folder.join(file)).map_err(|error| error.to_string())?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
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

struct Test<'a> {
    name: &'a str,
    operation: Operation,
    request: &'a str,
    response: &'a str,
    profile: Option<&'a str>,
    accept_language: Option<&'a str>,
    limit: Option<usize>,
    is_refused: bool,
}

impl<'a> Test<'a> {
    /// A test, or why it is left out.
    fn new(suite: &'a Value, test: &'a Value) -> Result<Self, String> {
        let mode = [test, suite].iter().find_map(|of| of["mode"].as_str()).unwrap_or("all servers");
        // These compare value sets. The suite has them under the name of its own server, but most need none of its content.
        let is_comparison = text(test, "operation") == "compare";
        if mode != "general" && !is_comparison {
            return Err(format!("of mode {mode}"));
        }
        let operation: Operation = match text(test, "operation") {
            "validate-code" => parameters::validate_code,
            "cs-validate-code" => parameters::validate_in_system,
            "batch-validate" => parameters::batch_validate,
            "expand" => parameters::expand,
            "lookup" => parameters::lookup,
            "translate" => parameters::translate,
            "compare" => parameters::related,
            other => return Err(format!("of the operation {other}")),
        };
        let header = &test["header"];
        let is_limit = text(header, "name") == "X-TOO-COSTLY-THRESHOLD";
        Ok(Self {
            name: text(test, "name"),
            operation,
            request: text(test, "request"),
            response: text(test, "response"),
            profile: test["profile"].as_str(),
            accept_language: test["Accept-Language"].as_str(),
            limit: header["value"].as_str().filter(|_| is_limit).and_then(|limit| limit.parse().ok()),
            is_refused: test["http-code"].as_str().is_some_and(|code| code.starts_with('4')),
        })
    }
}

/// HL7's own resources, which every server has, and those of a suite.
fn catalog(resources: &[Value]) -> Catalog {
    resources.iter().fold(chartroom_hl7::catalog().clone(), |catalog, resource| {
        catalog.with(resource).unwrap_or_else(|reason| {
            println!("setup {}: {reason}", resource["url"]);
            catalog
        })
    })
}

fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}
