//! Writes a policy, decides by it, explains the decision, and redacts a record: `cargo run --release --example redact`.

use chartroom::access::{Action, Facts, Policy, Purpose, Request, ResourceType, redact};
use chartroom::record::{Mode, parse};
use chrono::DateTime;

const HOUSE: &str = r#"
[policy]
name = "Harbor Street Clinic"
version = "3"

[roles.biller]
title = "Billing clerk"

[[rule]]
id = "claims"
effect = "permit"
roles = ["biller"]
actions = ["read"]
purposes = ["HPAYMT"]
types = ["Encounter"]
classes = ["Clinical", "ServiceDate", "Administrative"]
cites = "45 CFR 164.514(d)(2)"
dated = 2013-01-25
"#;

const VISIT: &str = r#"{"resourceType":"Encounter","status":"finished","subject":{"display":"Zoe Fenwarden"},
  "period":{"start":"2026-03-02"},"reasonCode":[{"text":"Chest pain"}],"text":{"status":"generated",
  "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Zoe came with chest pain</div>"}}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let visit = parse(VISIT.as_bytes(), Mode::Lenient)?.into_resource();
    let facts = Facts::new(ResourceType::of(visit.type_name()), visit.classes());
    let request = Request::new("clerk-4", "biller".into(), Action::Read, Purpose::Payment, DateTime::UNIX_EPOCH);
    let decision = Policy::from_toml(HOUSE)?.decide(&request, &facts);
    println!("{}", decision.explain());
    println!("{}", redact(&visit, &decision).unwrap_or_default());
    Ok(())
}
