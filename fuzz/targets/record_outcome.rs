//! Any bytes as an `OperationOutcome`, and its issues there and back.

#![no_main]

use chartroom_record::resource::OperationOutcome;
use chartroom_record::{IssueCode, Mode, Resource, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(parsed) = parse(bytes, Mode::Lenient) else { return };
    let told = OperationOutcome::of(parsed.issues()).issues();
    let same = told.iter().zip(parsed.issues()).all(|(back, issue)| {
        back.code() == issue.code() && back.severity() == issue.severity() && back.detail() == issue.detail()
    });
    assert!(same && told.len() == parsed.issues().len(), "our own issues come back");

    let Resource::OperationOutcome(outcome) = parsed.resource() else { return };
    let issues = outcome.issues();
    let again = OperationOutcome::of(&issues).issues();
    let reported = |issues: &[chartroom_record::Issue]| {
        issues.iter().filter(|issue| issue.code() == IssueCode::Reported).count()
    };
    assert!(again.len() == issues.len() && reported(&again) == reported(&issues), "an issue stays what it is");
});
