//! A decision takes no memory from the heap: not for what is granted, withheld or asked of it afterwards, nor for long names.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use chartroom::access::scope::Launch;
use chartroom::access::{Circumstances, Facts, Policy, Request, Tie};
use chartroom::record::Class;
use chartroom_tests::policies::{Inventor, number};
use chartroom_tests::tally::Tally;
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// Longer than what fits into a short text without memory of its own.
const LONG: &str = "urn:uuid:1f3c4a52-5a0d-4c8f-9d8e-0a4f6f1c2b7e";

fn main() -> ExitCode {
    let mut tally = Tally::new("allocations");
    for case in 0..number("CHARTROOM_CASES", 200) {
        let mut inventor = Inventor::new(case);
        let policy = Policy::from_toml(&inventor.policy(100)).expect("well formed");
        let (request, facts) = (long(inventor.request()), inventor.facts());
        let facts = Facts { originator: Some(LONG.into()), organization: Some(LONG.into()), ..facts };
        tally.case(format_args!("case {case}"), one(&policy, &request, &facts));
    }
    tally.case("the count counts", counts());
    tally.finish()
}

fn long(request: Request) -> Request {
    let around = Circumstances { organization: Some(LONG.into()), ..Circumstances::default() };
    let circumstances = request.circumstances.clone().unwrap_or_else(|| Arc::new(around));
    let scopes = "user/*.cruds patient/*.rs".parse().expect("scopes");
    let launch = Launch { scopes, patient: Some(LONG.into()), client: Some(LONG.into()) };
    let relationship = Tie { from: Some(request.at), ..request.relationship };
    let (circumstances, launch) = (Some(circumstances), request.launch.clone().or(Some(Arc::new(launch))));
    Request { actor: LONG.into(), relationship, circumstances, launch, ..request }
}

fn one(policy: &Policy, request: &Request, facts: &Facts) -> Result<(), String> {
    let taken = taken(|| {
        let decision = policy.decide(black_box(request), black_box(facts));
        black_box((decision.permitted(), decision.in_part(), decision.withheld(), decision.obligations()));
        for class in Class::ALL {
            black_box((decision.permits(class, "Condition.note[0].text"), decision.reason(class).rule_id()));
        }
        let _ = black_box(decision);
    });
    if taken == 0 { Ok(()) } else { Err(format!("{taken} bytes")) }
}

fn counts() -> Result<(), String> {
    match taken(|| drop(black_box(Vec::<u8>::with_capacity(7)))) {
        7 => Ok(()),
        other => Err(format!("{other} bytes instead of 7")),
    }
}

/// The most bytes that this takes at any one time.
fn taken(work: impl FnOnce()) -> usize {
    let before = COUNTED.current_usage();
    COUNTED.reset_peak_usage();
    work();
    COUNTED.peak_usage() - before
}
