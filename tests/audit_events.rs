//! Events of every kind, as FHIR: our own reader and check of R4 find nothing wrong with them.

use std::process::ExitCode;

use chartroom::audit::event::{Action, Agent, Event, Exclusion, Kind, Outcome, Reason, Recipient, RecordReference};
use chartroom::record::{Checks, Mode, parse};
use chartroom_audit::fhir::{Machine, Site};
use chartroom_tests::tally::Tally;
use chrono::DateTime;

const SITE: Site<'_> = Site {
    server: Machine { name: "records.north-clinic.example", address: "records.north-clinic.example" },
    client: Machine { name: "ward-terminal", address: "ward-3.north-clinic.example" },
};

const KINDS: [Kind; 8] = [
    Kind::Disclosure,
    Kind::BreakGlass,
    Kind::Denial,
    Kind::Write,
    Kind::KeyDestruction,
    Kind::KeyRotation,
    Kind::PolicyChange,
    Kind::Hold,
];
const ACTIONS: [Action; 5] = [Action::Create, Action::Read, Action::Update, Action::Delete, Action::Execute];
const OUTCOMES: [Outcome; 4] =
    [Outcome::Success, Outcome::MinorFailure, Outcome::SeriousFailure, Outcome::MajorFailure];

fn main() -> ExitCode {
    let mut tally = Tally::new("audit_events");
    for (kind, action, outcome) in KINDS.iter().flat_map(|kind| {
        ACTIONS.iter().flat_map(move |action| OUTCOMES.iter().map(move |outcome| (*kind, *action, *outcome)))
    }) {
        tally.case(format_args!("{kind:?}, {action:?}, {outcome:?}, bare"), check(&bare(kind, action, outcome)));
        tally.case(format_args!("{kind:?}, {action:?}, {outcome:?}, whole"), check(&whole(kind, action, outcome)));
    }
    tally.finish()
}

fn check(event: &Event) -> Result<(), String> {
    let json = event.to_fhir(&SITE);
    let resource = parse(json.as_bytes(), Mode::Strict).map_err(|error| error.to_string())?;
    match resource.check(&Checks::structure()) {
        Ok(_) => Ok(()),
        Err(refused) => Err(format!("{refused:?}")),
    }
}

fn bare(kind: Kind, action: Action, outcome: Outcome) -> Event {
    let mut event = Event::new(DateTime::UNIX_EPOCH, kind, action, Agent::new("staff-7", "physician"));
    event.outcome = outcome;
    event
}

fn whole(kind: Kind, action: Action, outcome: Outcome) -> Event {
    let mut event = bare(kind, action, outcome);
    event.agent.organization = Some("North Clinic".into());
    event.recipient = Some(Recipient::new("State Registry"));
    event.patient = Some("patient-token".into());
    event.record = Some(RecordReference::new("Condition", "c-1", 2));
    event.purpose = Some("PUBHLTH".into());
    event.exclusion = Some(Exclusion::LimitedDataSet);
    event.granted = vec!["Clinical".into(), "Name".into()];
    event.withheld = vec!["Narrative".into()];
    event.reasons = vec![Reason::new("registry", Some("45 CFR 164.512(b)".into()))];
    event.obligations = vec!["review".into()];
    event.break_glass = Some("unconscious".into());
    event.stored = Some(event.leaf_hash());
    event.sealed = Some(vec![1, 2, 3]);
    event
}
