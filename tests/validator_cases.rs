//! The cases of the official validator that need no profile: is a record valid or not? Ours reads in `Strict`, checks, and counts
//! errors alone: no terminology server, no network, of extensions and code systems only those of HL7.
//!
//! A case passes when both verdicts agree. Before the last line stands the table of agreement, with the reasons of what
//! disagrees. The program fails where a record that the official validator accepts is refused without a stated reason, or
//! where agreement is below nine in ten.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use chartroom::codes::Terminology;
use chartroom::hl7;
use chartroom::record::{Checks, Issue, IssueCode, Mode, parse};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

fn main() -> ExitCode {
    let mut tally = Tally::new("validator_cases");
    let Some(folder) = corpora::find("fhir-validator-r4") else { return tally.finish() };
    let cases = match cases(&folder) {
        Ok(cases) => cases,
        Err(error) => {
            tally.case("cases.json", Err(error));
            return tally.finish();
        }
    };
    let mut table = Table::default();
    for case in cases.iter().filter(|case| case["needsProfile"] != true) {
        run(case, &folder, &mut table, &mut tally);
    }
    table.print();
    let code = tally.finish();
    if table.is_good() { ExitCode::SUCCESS } else { code }
}

fn cases(folder: &Path) -> Result<Vec<Value>, String> {
    let text = std::fs::read(folder.join("cases.json")).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

/// Runs one case, unless its file is JSON of another kind than a FHIR resource.
fn run(case: &Value, folder: &Path, table: &mut Table, tally: &mut Tally) {
    let name = case["name"].as_str().unwrap_or_default();
    let file = folder.join("files").join(case["file"].as_str().unwrap_or_default());
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => return tally.case(name, Err(error)),
    };
    let text = String::from_utf8_lossy(&bytes);
    if let Ok(value) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}'))
        && value.get("resourceType").is_none()
    {
        table.no_resource += 1;
        return;
    }
    let ours = errors(&bytes, &as_official());
    let official = case["expectErrors"] == true;
    table.by_default += usize::from(errors(&bytes, &by_default()).is_empty() != official);
    let outcome = match (official, ours.first()) {
        (true, None) => {
            let reason = why_missed(case);
            table.missed(reason);
            Err(format!("valid for us, not for the official validator: {}", reason.unwrap_or("no stated reason")))
        }
        (false, Some(issue)) => {
            let reason = why_refused(issue);
            table.refused(reason);
            Err(format!(
                "valid for the official validator, not for us: {issue} ({})",
                reason.unwrap_or("no stated reason")
            ))
        }
        _ => {
            table.agreed(official);
            Ok(())
        }
    };
    tally.case(name, outcome);
}

/// The official run, like ours, knows the code systems of HL7. It allows those extensions that it was given, and no others; and it
/// refuses codes that their systems cannot have, loaded or not.
fn as_official() -> Checks {
    by_default().refusing(IssueCode::UnknownExtension).refusing(IssueCode::MalformedCode)
}

fn by_default() -> Checks {
    Checks::with_codes(Terminology::builder().catalog(hl7::catalog().clone()).build())
}

/// What makes a record invalid: that it cannot be read in `Strict`, and each error of the check.
fn errors(bytes: &[u8], checks: &Checks) -> Vec<Issue> {
    let issues = match parse(bytes, Mode::Strict) {
        Err(issues) => issues.into_iter().collect(),
        Ok(parsed) => match parsed.check(checks) {
            Ok(_) => Vec::new(),
            Err(refused) => refused.issues().to_vec(),
        },
    };
    issues.into_iter().filter(Issue::is_error).collect()
}

/// Why structure alone cannot decide: a piece of the official message, and the reason.
const BEYOND: [(&str, &str); 13] = [
    ("Wrong Display Name", "needs a terminology server"),
    ("Unknown code", "needs a terminology server"),
    ("was not found in the value set", "needs a terminology server"),
    ("must be a valid code from the system", "needs a terminology server"),
    ("is not allowed for property", "needs a terminology server"),
    ("Example URLs are not allowed", "an option of the official run"),
    ("embedded HTML tag", "an option of the official run"),
    ("When HL7 is publishing", "an option of the official run"),
    ("The signature", "verifies a digital signature"),
    ("filter parameter expression", "evaluates an expression"),
    ("is not a valid FHIRPath", "evaluates an expression"),
    ("Unable to resolve resource", "fetches what is referred to"),
    ("could not be found so is not allowed", "an option of the official run"),
];

fn why_missed(case: &Value) -> Option<&'static str> {
    let mut reasons = case["errors"].as_array()?.iter().map(|error| {
        let error = error.as_str().unwrap_or_default();
        BEYOND.iter().find(|(piece, _)| error.contains(piece)).map(|(_, reason)| *reason)
    });
    let first = reasons.next()?;
    if reasons.all(|reason| reason.is_some()) { first } else { None }
}

fn why_refused(issue: &Issue) -> Option<&'static str> {
    let reads = !matches!(issue.code(), IssueCode::Syntax | IssueCode::NotAResource);
    (!reads).then_some("comments are not JSON; the official reader has an option for them")
}

/// How often the verdicts agree.
#[derive(Default)]
struct Table {
    both_valid: usize,
    both_invalid: usize,
    missed: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
    unexplained_missed: usize,
    unexplained_refused: usize,
    no_resource: usize,
    /// How often they agree where unknown extensions and malformed codes of systems not loaded are let pass, as they are by default.
    by_default: usize,
}

impl Table {
    fn agreed(&mut self, official: bool) {
        *(if official { &mut self.both_invalid } else { &mut self.both_valid }) += 1;
    }

    fn missed(&mut self, reason: Option<&'static str>) {
        match reason {
            Some(reason) => *self.missed.entry(reason).or_default() += 1,
            None => self.unexplained_missed += 1,
        }
    }

    fn refused(&mut self, reason: Option<&'static str>) {
        match reason {
            Some(reason) => *self.refused.entry(reason).or_default() += 1,
            None => self.unexplained_refused += 1,
        }
    }

    fn all(&self) -> usize {
        self.decidable() + self.missed.values().sum::<usize>() + self.refused.values().sum::<usize>()
    }

    fn agreeing(&self) -> usize {
        self.both_valid + self.both_invalid
    }

    /// Cases that structure alone can decide.
    fn decidable(&self) -> usize {
        self.both_valid + self.both_invalid + self.unexplained_missed + self.unexplained_refused
    }

    fn is_good(&self) -> bool {
        self.unexplained_refused == 0 && self.agreeing() * 10 >= self.all() * 9
    }

    fn print(&self) {
        let Self { both_valid, both_invalid, unexplained_missed, unexplained_refused, no_resource, .. } = self;
        println!("both say valid: {both_valid}");
        println!("both say invalid: {both_invalid}");
        for (reason, count) in &self.missed {
            println!("only the official validator says invalid: {count}, {reason}");
        }
        println!("only the official validator says invalid: {unexplained_missed}, no stated reason");
        for (reason, count) in &self.refused {
            println!("only we say invalid: {count}, {reason}");
        }
        println!("only we say invalid: {unexplained_refused}, no stated reason");
        println!("left out: {no_resource}, JSON that is no FHIR resource");
        println!("of those that structure alone can decide: {} of {} agree", self.agreeing(), self.decidable());
        println!("of all: {} of {} agree", self.agreeing(), self.all());
        println!(
            "of all, where extensions that are not known are let pass: {} of {} agree",
            self.by_default,
            self.all()
        );
    }
}
