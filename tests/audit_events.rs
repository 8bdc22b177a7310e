//! Events of every kind, as FHIR: our own reader and check of R4 find nothing wrong with them, and where one claims a profile of IHE
//! BALP, it keeps what that profile asks.

use std::process::ExitCode;

use chartroom::audit::event::{
    Action, Agent, Event, Exclusion, Kind, Outcome, PolicyReference, Reason, Recipient, RecordReference,
};
use chartroom::record::{Checks, Mode, parse};
use chartroom_audit::fhir::{Machine, Site};
use chartroom_tests::tally::Tally;
use chrono::DateTime;
use serde_json::{Value, json};

const SITE: Site<'_> = Site {
    server: Machine { name: "records.north-clinic.example", address: "records.north-clinic.example" },
    client: Machine { name: "ward-terminal", address: "ward-3.north-clinic.example" },
};

const KINDS: [Kind; 10] = [
    Kind::Disclosure,
    Kind::BreakGlass,
    Kind::Denial,
    Kind::Write,
    Kind::KeyDestruction,
    Kind::KeyRotation,
    Kind::PolicyChange,
    Kind::Hold,
    Kind::Merge,
    Kind::Search,
];
const ACTIONS: [Action; 5] = [Action::Create, Action::Read, Action::Update, Action::Delete, Action::Execute];
const OUTCOMES: [Outcome; 4] =
    [Outcome::Success, Outcome::MinorFailure, Outcome::SeriousFailure, Outcome::MajorFailure];

fn main() -> ExitCode {
    let mut tally = Tally::new("audit_events");
    for (kind, action, outcome) in KINDS.iter().flat_map(|kind| {
        ACTIONS.iter().flat_map(move |action| OUTCOMES.iter().map(move |outcome| (*kind, *action, *outcome)))
    }) {
        let (bare, whole) = (bare(kind, action, outcome), whole(kind, action, outcome));
        tally.case(format_args!("{kind:?}, {action:?}, {outcome:?}, bare"), check(&bare).map(drop));
        tally.case(format_args!("{kind:?}, {action:?}, {outcome:?}, whole"), check(&whole).and_then(|it| tells(&it)));
    }
    tally.finish()
}

fn check(event: &Event) -> Result<Value, String> {
    let json = event.to_fhir(&SITE);
    let resource = parse(json.as_bytes(), Mode::Strict).map_err(|error| error.to_string())?;
    resource.check(&Checks::structure()).map_err(|refused| format!("{refused:?}"))?;
    let event = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    keeps_its_profile(&event)?;
    Ok(event)
}

/// Where, through which program, for which organization, by which policy and consents: of the event that has it all.
fn tells(event: &Value) -> Result<(), String> {
    let agents = event["agent"].as_array().ok_or("no agents")?;
    let agent = |is_it: &dyn Fn(&Value) -> bool| only(&event["agent"], is_it);
    let user = agent(&|agent| agent["requestor"] == true)?;
    let client = agent(&|agent| agent["who"]["identifier"]["value"] == "growth-chart")?;
    let organization = agent(&|agent| agent["type"]["coding"][0]["code"] == "PROV")?;
    let consent = only(&event["entity"], |entity| entity["type"]["code"] == "Consent")?;
    let policy = only(&event["entity"], |entity| entity["type"]["code"] == "4")?;
    let digest = &policy["what"]["identifier"]["value"];
    let authorizing = if event["subtype"][0]["code"] == "110129" { Value::Null } else { json!([digest]) };
    let details = only(&event["entity"], |entity| entity["type"]["code"] == "2")?;
    let found_by = only(&details["detail"], |detail| detail["type"] == "found-by")?;
    let told = [
        ("place", user["location"]["identifier"]["value"] == "ward-3"),
        ("address", client["network"] == json!({ "address": "192.0.2.7", "type": "2" })),
        (
            "the client in the place of the site's",
            agents.iter().all(|it| it["who"]["identifier"]["value"] != "ward-terminal"),
        ),
        ("organization", organization["who"]["identifier"]["value"] == "North Clinic"),
        ("consent", consent["what"]["reference"] == "Consent/9"),
        ("policy", policy["name"] == "House" && policy["detail"][0]["valueString"] == "7"),
        ("the policy's digest", digest.as_str().is_some_and(|uri| uri.starts_with("ni:///sha-256;"))),
        ("by which policy the user acted", user["policy"] == authorizing),
        ("found by", found_by["valueBase64Binary"].is_string()),
    ];
    let missed = told.iter().find(|(_, told)| !told);
    missed.map_or(Ok(()), |(name, _)| Err(format!("does not tell {name}")))
}

/// What the profiles PatientCreate, PatientRead, PatientUpdate and PatientDelete of BALP 1.1.4 ask: profile, action, interaction, and
/// the codes of client, server and user.
const PROFILES: [(&str, &str, &str, [&str; 3]); 4] = [
    ("PatientCreate", "C", "create", ["110153", "110152", "AUT"]),
    ("PatientRead", "R", "read", ["110152", "110153", "IRCP"]),
    ("PatientUpdate", "U", "update", ["110153", "110152", "AUT"]),
    ("PatientDelete", "D", "delete", ["110150", "custodian", "CST"]),
];

fn keeps_its_profile(event: &Value) -> Result<(), String> {
    let Some(claimed) = event["meta"]["profile"][0].as_str() else { return Ok(()) };
    let profile = PROFILES.iter().find(|(name, ..)| claimed.ends_with(&format!("IHE.BasicAudit.{name}")));
    let (_, action, interaction, [client, server, user]) = profile.ok_or("claims an unknown profile")?;
    let agent = |code: &str| only(&event["agent"], |agent| agent["type"]["coding"][0]["code"] == *code);
    let entity = |code: &str| only(&event["entity"], |entity| entity["type"]["code"] == *code);
    let (client, server, user) = (agent(client)?, agent(server)?, agent(user)?);
    let (patient, data) = (entity("1")?, entity("2")?);
    let asked = [
        ("type", event["type"]["code"] == "rest"),
        ("action", event["action"] == *action),
        ("subtype", only(&event["subtype"], |subtype| subtype["code"] == *interaction).is_ok()),
        ("outcome", event["outcome"] == "0"),
        ("client", client["who"].is_object() && client["network"].is_object() && client["media"].is_null()),
        ("server", server["who"].is_object() && server["network"].is_object() && server["media"].is_null()),
        (
            "user",
            user["who"].is_object()
                && user["requestor"] == true
                && user["network"].is_null()
                && user["media"].is_null(),
        ),
        ("patient", patient["role"]["code"] == "1" && patient["what"]["type"] == "Patient"),
        ("data", data["role"]["code"] == "4" && data["what"]["reference"].is_string()),
    ];
    let missed = asked.iter().find(|(_, kept)| !kept);
    missed.map_or(Ok(()), |(name, _)| Err(format!("{claimed} asks for another {name}")))
}

/// The one of a list that is as told.
fn only(list: &Value, is_it: impl Fn(&Value) -> bool) -> Result<&Value, String> {
    let mut found = list.as_array().into_iter().flatten().filter(|item| is_it(item));
    match (found.next(), found.next()) {
        (Some(item), None) => Ok(item),
        _ => Err("an agent, entity or subtype is not there once".to_owned()),
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
    event.found_by = Some(event.leaf_hash());
    event.agent.place = Some("ward-3".into());
    event.agent.address = Some("192.0.2.7".into());
    event.agent.client = Some("growth-chart".into());
    event.policy = Some(PolicyReference::new("House", "7", event.leaf_hash()));
    event.consents = vec!["Consent/9".into()];
    event
}
