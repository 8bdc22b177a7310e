//! HL7's terminology ecosystem tests: how their files say what is asked and what is to be answered.

use std::path::{Path, PathBuf};

use chartroom_codes::fhir::parameters::{self, Context};
use chartroom_codes::fhir::{Catalog, Refusal};
use serde_json::Value;

type Operation = fn(&Catalog, &Value, &Context<'_>) -> Result<Value, Refusal>;

/// The folder that holds `test-cases.json`.
pub struct Suites {
    pub folder: PathBuf,
}

/// One test of a suite.
pub struct Test<'a> {
    pub name: &'a str,
    operation: Operation,
    pub request: &'a str,
    pub response: &'a str,
    profile: Option<&'a str>,
    accept_language: Option<&'a str>,
    limit: Option<usize>,
    is_refused: bool,
}

impl Suites {
    /// All suites.
    pub fn cases(&self) -> Value {
        self.read("test-cases.json").expect("test-cases.json")
    }

    /// A file of the suites.
    pub fn read(&self, file: impl AsRef<Path>) -> Result<Value, String> {
        let text = std::fs::read_to_string(self.folder.join(file)).map_err(|error| error.to_string())?;
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string())
    }

    /// What the engine answers to a test.
    pub fn answer(&self, test: &Test<'_>, catalog: &Catalog) -> Result<Value, String> {
        let mut request = self.read(test.request)?;
        if let Some(profile) = test.profile {
            let profile = self.read(profile)?;
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
}

impl<'a> Test<'a> {
    /// A test, or why it is left out.
    pub fn new(test: &'a Value) -> Result<Self, String> {
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

/// How a test is to be run, by itself or by its suite: `general`, or the name of a server or a content.
pub fn mode<'v>(suite: &'v Value, test: &'v Value) -> &'v str {
    [test, suite].iter().find_map(|of| of["mode"].as_str()).unwrap_or("all servers")
}

/// The members of an array.
pub fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// A member that is a text.
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}
