//! Writes a house policy, decides one request by it, and explains the answer.
//!
//! ```text
//! cargo run --release --example policy
//! ```

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Facts, Policy, PolicyError, Purpose, Request, ResourceType};
use chartroom::record::{Class, ClassSet};
use chrono::DateTime;

const HOUSE: &str = r#"
[policy]
name = "Harbor Street Clinic"
version = "3"

[roles.scheduler]
title = "Appointment scheduler"

[[rule]]
id = "visits"
effect = "permit"
roles = ["scheduler"]
actions = ["read"]
purposes = ["HOPERAT"]
types = ["Patient", "Encounter"]
classes = ["Name", "Contact", "ServiceDate", "Administrative"]
cites = "45 CFR 164.514(d)(2)"
dated = 2013-01-25
because = "Booking a visit needs the person and the time, not the reason."
"#;

fn main() -> Result<(), PolicyError> {
    let policy = Policy::from_toml(HOUSE)?;
    let at = DateTime::from_timestamp(1_772_000_000, 0).unwrap_or_default();
    let request = Request::new("scheduler-2", "scheduler".into(), Action::Read, Purpose::Operations, at);
    let (icd10cm, labels) = ("http://hl7.org/fhir/sid/icd-10-cm", LabelSets::starter());
    let classes = ClassSet::of(&[Class::ServiceDate, Class::Administrative, Class::Clinical]);
    for code in ["I10", "F11.20"] {
        let facts = Facts { labels: labels.of(icd10cm, code), ..Facts::new(ResourceType::of("Encounter"), classes) };
        let codes: Vec<_> = labels.why(icd10cm, code).collect();
        println!("{}", policy.decide(&request, &facts).explain().from_codes(&codes));
    }
    Ok(())
}
