//! SMART App Launch scopes: those that the standard writes down are read and printed, those that it forbids are refused with a
//! place and without a quote, and a policy opens nothing more to a program than its scopes cover.

use std::process::ExitCode;
use std::sync::Arc;

use chartroom::access::scope::{Launch, Scope, ScopeContext, Scopes};
use chartroom::access::{Action, Facts, Note, Policy, Purpose, Relationship, Request, ResourceType};
use chartroom::record::ClassSet;
use chartroom_tests::tally::Tally;
use chrono::DateTime;

const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category|laboratory";

/// Scopes that are well formed: the text, how it is printed where that differs, and the actions that it allows.
const GOOD: [(&str, &str, &str); 16] = [
    ("patient/Observation.rs", "", "rs"),
    ("patient/*.cruds", "", "cruds"),
    ("user/Condition.c", "", "c"),
    ("system/Patient.r", "", "r"),
    ("patient/*.rs", "", "rs"),
    ("user/*.cruds", "", "cruds"),
    ("system/*.rs", "", "rs"),
    ("patient/MedicationRequest.cud", "", "cud"),
    ("user/Encounter.ds", "", "ds"),
    ("patient/*.read", "patient/*.rs", "rs"),
    ("patient/*.write", "patient/*.cud", "cud"),
    ("user/Observation.write", "user/Observation.cud", "cud"),
    ("patient/*.*", "patient/*.cruds", "cruds"),
    ("user/Appointment.read", "user/Appointment.rs", "rs"),
    ("system/Observation.*", "system/Observation.cruds", "cruds"),
    ("patient/Condition.rs?category=problem-list-item&clinical-status=active", "", "rs"),
];

/// Scopes that are not, and the character at which that shows.
const BAD: [(&str, usize); 31] = [
    ("patient/*/read", 9),
    ("patient*.read", 1),
    ("patient/*.*.read", 11),
    ("patient/*.readx", 11),
    ("patient/Observation.sr", 21),
    ("patient/Observation.dc", 21),
    ("patient/Observation.rr", 21),
    ("patient/Observation.cruds.", 21),
    ("patient/Observation.", 21),
    ("patient/Observation", 9),
    ("patient/.rs", 9),
    ("patient/", 9),
    ("patient", 1),
    ("/Observation.rs", 1),
    ("", 1),
    ("Patient/Observation.rs", 1),
    ("patients/Observation.rs", 1),
    ("practitioner/Observation.rs", 1),
    ("patient/observation.rs", 9),
    ("patient/Observations.rs", 9),
    ("patient/Observation.RS", 21),
    ("patient/Observation.r s", 21),
    (" patient/Observation.rs", 1),
    ("patient/Observation.rs ", 21),
    ("patient/Observation.x", 21),
    ("patient/Observation.rs?", 24),
    ("patient/Observation.rs?category", 24),
    ("patient/Observation.rs?=laboratory", 24),
    ("patient/Observation.rs?category=", 24),
    ("patient/Observation.rs?category=a&", 24),
    ("patient/Observation.read?category=laboratory", 26),
];

fn main() -> ExitCode {
    let mut tally = Tally::new("smart_scopes");
    let granular = format!("patient/Observation.rs?category={CATEGORY}");
    for (text, printed, letters) in GOOD.into_iter().chain([(granular.as_str(), "", "rs")]) {
        tally.case(text, good(text, if printed.is_empty() { text } else { printed }, letters));
    }
    for (text, at) in BAD {
        tally.case(format_args!("{text:?}"), bad(text, at));
    }
    for context in ScopeContext::ALL {
        for kind in ["*", "Condition", "Observation"] {
            for letters in ["c", "r", "u", "d", "s", "rs", "cud", "cruds"] {
                let scope = format!("{context}/{kind}.{letters}");
                tally.case(&scope, narrows(&scope));
            }
        }
    }
    tally.finish()
}

fn letter(action: Action) -> Option<char> {
    match action {
        Action::Create => Some('c'),
        Action::Read => Some('r'),
        Action::Update => Some('u'),
        Action::Delete => Some('d'),
        Action::Search => Some('s'),
        _ => None,
    }
}

fn good(text: &str, printed: &str, letters: &str) -> Result<(), String> {
    let scope: Scope = text.parse().map_err(|error| format!("{error}"))?;
    if scope.to_string() != printed {
        return Err(format!("printed as {scope}"));
    }
    if printed.parse::<Scope>().as_ref() != Ok(&scope) {
        return Err("what is printed is read as another scope".to_owned());
    }
    for action in Action::ALL {
        if scope.allows(*action) != letter(*action).is_some_and(|letter| letters.contains(letter)) {
            return Err(format!("wrong about {action}"));
        }
    }
    Ok(())
}

fn bad(text: &str, at: usize) -> Result<(), String> {
    match text.parse::<Scope>() {
        Ok(scope) => Err(format!("read as {scope}")),
        Err(error) if error.at() != at => Err(format!("refused at {error}")),
        Err(error) if text.len() > 8 && error.to_string().contains(text) => Err("quoted".to_owned()),
        Err(_) => Ok(()),
    }
}

/// A request through a program sees what the policy and the scopes both open, and nothing else.
fn narrows(scope: &str) -> Result<(), String> {
    let scopes: Scopes = scope.parse().map_err(|error| format!("{error}"))?;
    let launch = Launch { scopes: scopes.clone(), patient: Some("p".into()), client: None };
    let policy = Policy::starter();
    for action in Action::ALL {
        for (kind, patient) in [("Condition", "p"), ("Condition", "q"), ("Observation", "p"), ("Procedure", "p")] {
            let facts = Facts { patient: Some(patient.into()), ..Facts::new(ResourceType::of(kind), ClassSet::ALL) };
            let plain = Request {
                relationship: Relationship::Treating.into(),
                ..Request::new("dr-osei", "physician".into(), *action, Purpose::Treatment, DateTime::UNIX_EPOCH)
            };
            let through = Request { launch: Some(Arc::new(launch.clone())), ..plain.clone() };
            let before = policy.decide(&plain, &facts).permitted();
            let decision = policy.decide(&through, &facts);
            let covered = scope.contains(&format!("/{kind}.")) || scope.contains("/*.");
            let allowed =
                letter(*action).is_some_and(|letter| scope.rsplit('.').next().is_some_and(|all| all.contains(letter)));
            let reached = covered && allowed && (patient == "p" || !scope.starts_with("patient"));
            let expected = if reached { before } else { ClassSet::NONE };
            if decision.permitted() != expected {
                return Err(format!("wrong about {action} {kind} of {patient}"));
            }
            let told = decision.reasons().any(|reason| reason.note == Some(Note::OutsideScopes));
            if told != (!reached && !before.is_empty()) {
                return Err(format!("wrong reason for {action} {kind} of {patient}"));
            }
        }
    }
    Ok(())
}
