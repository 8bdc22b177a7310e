//! Every official example of FHIR R4 is read, comes back as it was, and comes apart and together again. One of a typed resource
//! is read in `Strict`, or its problem is a known defect of the specification's own data. What the check refuses is printed by
//! name: real defects of the examples, which break the rules of the specification that they stand in.

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

use chartroom::record::{Checks, Issue, IssueCode, Mode, Resource, parse, part};
use chartroom_tests::{corpora, json, tally::Tally};

/// The kinds of defect that the specification's own examples have: the code, the end of the path, what it is.
const DEFECTS: [(IssueCode, &str, &str); 1] =
    [(IssueCode::Format, "code", "a code with white space that R4 does not allow, such as a no-break space")];

fn main() -> ExitCode {
    let mut tally = Tally::new("r4_examples");
    let Some(folder) = corpora::find("fhir-r4-examples") else { return tally.finish() };
    let (mut defects, mut refused) = (0, 0);
    for file in corpora::files(&folder, "json") {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        tally.case(&name, example(&file, &name, &mut defects));
        refused += usize::from(is_refused(&file, &name));
    }
    println!("{defects} files have a known defect of form, {refused} are refused by the check");
    tally.finish()
}

fn example(file: &Path, name: &str, defects: &mut usize) -> Result<(), String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(&bytes).map_err(|error| error.to_string())?;
    let parsed = parse(&bytes, Mode::Lenient).map_err(|issues| issues.to_string())?;
    json::same(text.trim_start_matches('\u{feff}'), &parsed.resource().to_json())?;
    apart_and_together(parsed.resource())?;
    if let Err(issues) = parse(&bytes, Mode::Strict) {
        *defects += 1;
        for issue in issues {
            let defect = known_defect(&issue).ok_or_else(|| issue.to_string())?;
            println!("{name}: {issue} ({defect})");
        }
    }
    Ok(())
}

/// Whether the check refuses a file. Each kind of reason is printed once.
fn is_refused(file: &Path, name: &str) -> bool {
    let bytes = std::fs::read(file).unwrap_or_default();
    let Ok(parsed) = parse(&bytes, Mode::Lenient) else { return false };
    let Err(refused) = parsed.check(&Checks::structure()) else { return false };
    let mut told = HashSet::new();
    for issue in refused.issues().iter().filter(|issue| issue.is_error() && told.insert(issue.detail())) {
        println!("{name}: refused: {issue}");
    }
    true
}

fn known_defect(issue: &Issue) -> Option<&'static str> {
    let last = issue.path().rsplit('.').next().unwrap_or_default();
    let known = DEFECTS.iter().find(|(code, end, _)| *code == issue.code() && *end == last);
    known.map(|(.., what)| *what)
}

fn apart_and_together(resource: &Resource) -> Result<(), String> {
    let parts = part::split(resource);
    let joined =
        part::join(parts.iter().rev().map(|part| part.json.as_str()), true).map_err(|error| error.to_string())?;
    if joined == *resource { Ok(()) } else { Err("its parts come together as another resource".to_owned()) }
}
