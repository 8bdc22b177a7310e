//! Events as FHIR R4 `AuditEvent` resources, in the shape of IHE Basic Audit Log Patterns (BALP) 1.1.
//!
//! An opening or a write that succeeded, for a patient, has the profile `PatientRead`, `PatientCreate`, `PatientUpdate` or `PatientDelete`
//! of BALP. Whatever else happened has the same shape and claims no profile. What BALP has no place for stands in the details of
//! `entity`: classes granted and withheld, rules, obligations, and why a key was destroyed, put on hold or retired. What was done to a
//! key is told by a second subtype, a record lifecycle event of ISO 21089.
//!
//! Where the user was stands at the user (`agent.location`), and the machine and the program at the client (`agent.network`,
//! `agent.who`), because BALP has users without a network. The organization and the consents stand as BALP has them for a decision by
//! consent (`AuthZconsent`). The policy is an entity with its name and version, known by its digest as a named hash (`ni`, RFC 6920),
//! and where it decided, it stands by that in `agent.policy` of the user too.
//!
//! ```
//! use chartroom_audit::event::{Action, Agent, Event, Kind, RecordReference};
//! use chartroom_audit::fhir::{Machine, Site};
//! use chrono::DateTime;
//!
//! let mut opening = Event::new(DateTime::UNIX_EPOCH, Kind::Disclosure, Action::Read, Agent::new("staff-7", "physician"));
//! opening.patient = Some("patient-token".into());
//! opening.record = Some(RecordReference::new("Condition", "c-1", 2));
//! let site = Site {
//!     server: Machine { name: "records.north-clinic.example", address: "records.north-clinic.example" },
//!     client: Machine { name: "ward-terminal", address: "ward-3.north-clinic.example" },
//! };
//! let json = opening.to_fhir(&site);
//! assert!(json.contains("IHE.BasicAudit.PatientRead"));
//! ```

use std::net::IpAddr;

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use crate::base64;
use crate::event::{Action, Agent, Event, Kind, Outcome, PolicyReference, RecordReference};
use crate::merkle::Hash;

/// Where an event happened: what BALP asks for and an event may not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    /// The system that keeps the records, and the trail.
    pub server: Machine<'a>,
    /// The program that the user works with, and its machine, where the event itself does not name them.
    pub client: Machine<'a>,
}

/// A machine or program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine<'a> {
    /// Its identifier.
    pub name: &'a str,
    /// Its name in the network, or its IP address.
    pub address: &'a str,
}

const BALP: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const PROVENANCE: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
const PURPOSE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";
const RESTFUL: &str = "http://hl7.org/fhir/restful-interaction";
const ROLE_CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
/// The system of identifiers that are URIs.
const URI: &str = "urn:ietf:rfc:3986";
/// `AuditEvent.agent.network.type`.
const MACHINE_NAME: &str = "1";
const IP_ADDRESS: &str = "2";

impl Event {
    /// The event as a FHIR R4 `AuditEvent` resource, in JSON.
    #[must_use]
    pub fn to_fhir(&self, site: &Site<'_>) -> String {
        let mut resource = json!({
            "resourceType": "AuditEvent",
            "type": self.fhir_type(),
            "subtype": self.subtypes(),
            "action": char::from(self.action as u8).to_string(),
            "recorded": self.recorded.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            "outcome": (self.outcome as u8).to_string(),
            "agent": self.agents(site),
            "source": {
                "site": site.server.name,
                "observer": who(site.server.name),
                "type": [coding(SOURCE_TYPE, "4", "Application Server")],
            },
        });
        if let Value::Object(members) = &mut resource {
            insert(members, "meta", self.profile().map(|profile| json!({ "profile": [format!("{BALP}{profile}")] })));
            insert(members, "purposeOfEvent", self.purpose.as_ref().map(|code| json!([purpose(code)])));
            let entities = self.entities();
            insert(members, "entity", (!entities.is_empty()).then(|| entities.into()));
        }
        resource.to_string()
    }

    /// The BALP profile that the event keeps, if it does.
    fn profile(&self) -> Option<&'static str> {
        let on_records = matches!(self.kind, Kind::Disclosure | Kind::BreakGlass | Kind::Write);
        let whole = self.outcome == Outcome::Success && self.patient.is_some() && self.record.is_some();
        match self.action {
            _ if !on_records || !whole => None,
            Action::Read => Some("PatientRead"),
            Action::Create => Some("PatientCreate"),
            Action::Update => Some("PatientUpdate"),
            Action::Delete => Some("PatientDelete"),
            Action::Execute => None,
        }
    }

    fn fhir_type(&self) -> Value {
        match self.kind {
            Kind::Disclosure | Kind::BreakGlass | Kind::Denial | Kind::Write | Kind::Merge | Kind::Search => {
                coding(EVENT_TYPE, "rest", "Restful Operation")
            }
            Kind::KeyDestruction | Kind::KeyRotation | Kind::PolicyChange | Kind::Hold => {
                coding(DICOM, "110113", "Security Alert")
            }
        }
    }

    fn subtypes(&self) -> Vec<Value> {
        let interaction = match self.action {
            Action::Create => "create",
            Action::Read => "read",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Execute => "operation",
        };
        let interaction = coding(RESTFUL, interaction, interaction);
        match self.kind {
            Kind::Disclosure | Kind::Denial | Kind::Write => vec![interaction],
            Kind::BreakGlass => vec![interaction, coding(DICOM, "110127", "Emergency Override Started")],
            Kind::Search => vec![coding(RESTFUL, "search", "search")],
            Kind::Merge => std::iter::once(interaction).chain(self.lifecycle()).collect(),
            Kind::KeyDestruction | Kind::KeyRotation | Kind::Hold => {
                let changed = coding(DICOM, "110135", "Object Security Attributes Changed");
                std::iter::once(changed).chain(self.lifecycle()).collect()
            }
            Kind::PolicyChange => vec![coding(DICOM, "110129", "Security Configuration")],
        }
    }

    /// What became of the patient's records, or of a key: what type and action alone do not tell apart.
    fn lifecycle(&self) -> Option<Value> {
        let (code, display) = match (self.kind, self.action) {
            (Kind::Merge, _) => ("merge", "Merge"),
            (Kind::KeyDestruction, _) => ("destroy", "Destroy/Delete"),
            (Kind::Hold, Action::Create) => ("hold", "Add Legal Hold"),
            (Kind::Hold, Action::Delete) => ("unhold", "Remove Legal Hold"),
            (Kind::KeyRotation, Action::Create) => ("originate", "Originate/Retain"),
            (Kind::KeyRotation, Action::Update) => ("encrypt", "Encrypt"),
            (Kind::KeyRotation, Action::Delete) => ("deprecate", "Deprecate"),
            _ => return None,
        };
        Some(coding(LIFECYCLE, code, &format!("{display} Record Lifecycle Event")))
    }

    fn agents(&self, site: &Site<'_>) -> Vec<Value> {
        let source = || coding(DICOM, "110153", "Source Role ID");
        let destination = || coding(DICOM, "110152", "Destination Role ID");
        // Who sends the information is its source: the server where it is read, the client where it is written. What is deleted is
        // not sent.
        let (server, client) = match self.action {
            Action::Read => (source(), destination()),
            Action::Delete => (coding(PROVENANCE, "custodian", "Custodian"), coding(DICOM, "110150", "Application")),
            _ => (destination(), source()),
        };
        let Agent { address, client: program, organization, .. } = &self.agent;
        let site_client = Machine {
            name: program.as_deref().unwrap_or(site.client.name),
            address: address.as_deref().unwrap_or(site.client.address),
        };
        let mut agents = vec![machine(&site.server, server), machine(&site_client, client), self.user()];
        agents.extend(organization.as_deref().map(of_organization));
        if let Some(recipient) = &self.recipient {
            // Not the code of the user, of whom BALP allows one.
            let part = coding(PARTICIPATION, "PRCP", "primary information recipient");
            let mut agent = json!({ "type": { "coding": [part] }, "name": recipient.name, "requestor": false });
            if let Value::Object(members) = &mut agent {
                let address = recipient.address.as_ref();
                insert(
                    members,
                    "who",
                    address.map(|address| json!({ "display": format!("{}, {address}", recipient.name) })),
                );
            }
            agents.push(agent);
        }
        agents
    }

    fn user(&self) -> Value {
        let part = match (self.kind, self.action) {
            (Kind::Search, _) | (_, Action::Read) => coding(PARTICIPATION, "IRCP", "information recipient"),
            (_, Action::Delete) => coding(PARTICIPATION, "CST", "custodian"),
            _ => coding(PARTICIPATION, "AUT", "author"),
        };
        let mut user = json!({
            "type": { "coding": [part] },
            "role": [{ "text": self.agent.role }],
            "who": who(&self.agent.id),
            "requestor": true,
        });
        if let Value::Object(members) = &mut user {
            insert(members, "purposeOfUse", self.purpose.as_ref().map(|code| json!([purpose(code)])));
            insert(members, "location", self.agent.place.as_ref().map(|place| identified("Location", place)));
            // A policy that is brought in authorizes nothing yet.
            let authorizing = self.policy.as_ref().filter(|_| self.kind != Kind::PolicyChange);
            insert(members, "policy", authorizing.map(|policy| json!([named_hash(&policy.digest)])));
        }
        user
    }

    fn entities(&self) -> Vec<Value> {
        let patient = self.patient.as_ref().map(|token| {
            json!({
                "what": identified("Patient", token),
                "type": coding(ENTITY_TYPE, "1", "Person"),
                "role": coding(OBJECT_ROLE, "1", "Patient"),
            })
        });
        let details = self.details();
        let told = self.record.is_some() || !details.is_empty();
        let data = told.then(|| {
            let mut data = json!({ "type": coding(ENTITY_TYPE, "2", "System Object"), "role": self.role_of_data() });
            if let Value::Object(members) = &mut data {
                let reference = |record: &RecordReference| {
                    format!("{}/{}/_history/{}", record.resource_type, record.id, record.version)
                };
                insert(members, "what", self.record.as_ref().map(|record| json!({ "reference": reference(record) })));
                insert(members, "detail", (!details.is_empty()).then(|| details.into()));
            }
            data
        });
        let consents = self.consents.iter().map(|consent| {
            json!({
                "what": { "reference": consent },
                "type": coding(RESOURCE_TYPES, "Consent", "Consent"),
                "role": coding(OBJECT_ROLE, "4", "Domain Resource"),
            })
        });
        patient.into_iter().chain(data).chain(consents).chain(self.policy.as_ref().map(of_policy)).collect()
    }

    /// A record, what was looked for, or the key or policy that has no reference.
    fn role_of_data(&self) -> Value {
        match self.kind {
            Kind::KeyDestruction | Kind::KeyRotation | Kind::PolicyChange | Kind::Hold if self.record.is_none() => {
                coding(OBJECT_ROLE, "13", "Security Resource")
            }
            Kind::Search => coding(OBJECT_ROLE, "24", "Query"),
            _ => coding(OBJECT_ROLE, "4", "Domain Resource"),
        }
    }

    fn details(&self) -> Vec<Value> {
        let mut details = Vec::new();
        let texts = |kind: &str, texts: &mut dyn Iterator<Item = &String>| -> Vec<Value> {
            texts.map(|text| json!({ "type": kind, "valueString": text })).collect()
        };
        details.extend(texts("granted", &mut self.granted.iter()));
        details.extend(texts("withheld", &mut self.withheld.iter()));
        details.extend(texts("rule", &mut self.reasons.iter().map(|reason| &reason.rule)));
        details.extend(texts("citation", &mut self.reasons.iter().filter_map(|reason| reason.citation.as_ref())));
        details.extend(texts("obligation", &mut self.obligations.iter()));
        details.extend(texts("break-glass", &mut self.break_glass.iter()));
        let mut bytes = |kind: &str, bytes: &[u8]| {
            details.push(json!({ "type": kind, "valueBase64Binary": base64::encode(bytes) }));
        };
        if let Some(stored) = &self.stored {
            bytes("stored", stored.as_bytes());
        }
        if let Some(sealed) = &self.sealed {
            bytes("sealed", sealed);
        }
        if let Some(found_by) = &self.found_by {
            bytes("found-by", found_by.as_bytes());
        }
        details
    }
}

fn insert(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    members.extend(value.map(|value| (name.to_owned(), value)));
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

fn purpose(code: &str) -> Value {
    json!({ "coding": [{ "system": PURPOSE, "code": code }] })
}

fn who(id: &str) -> Value {
    json!({ "identifier": { "value": id } })
}

/// A reference to what is known by an identifier alone.
fn identified(resource_type: &str, id: &str) -> Value {
    json!({ "type": resource_type, "identifier": { "value": id } })
}

fn machine(Machine { name, address }: &Machine<'_>, part: Value) -> Value {
    let kind = if address.parse::<IpAddr>().is_ok() { IP_ADDRESS } else { MACHINE_NAME };
    json!({
        "type": { "coding": [part] },
        "who": who(name),
        "requestor": false,
        "network": { "address": address, "type": kind },
    })
}

fn of_organization(organization: &str) -> Value {
    json!({
        "type": { "coding": [coding(ROLE_CLASS, "PROV", "healthcare provider")] },
        "who": identified("Organization", organization),
        "requestor": false,
    })
}

fn of_policy(PolicyReference { name, version, digest }: &PolicyReference) -> Value {
    json!({
        "what": { "identifier": { "system": URI, "value": named_hash(digest) } },
        "type": coding(ENTITY_TYPE, "4", "Other"),
        "role": coding(OBJECT_ROLE, "13", "Security Resource"),
        "name": name,
        "detail": [{ "type": "version", "valueString": version }],
    })
}

/// The hash as a URI: RFC 6920, section 3.
fn named_hash(hash: &Hash) -> String {
    let text = base64::encode(hash.as_bytes()).replace('+', "-").replace('/', "_");
    format!("ni:///sha-256;{}", text.trim_end_matches('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Reason, sample, whole_sample};

    const SITE: Site<'_> = Site {
        server: Machine { name: "records", address: "records.example" },
        client: Machine { name: "terminal", address: "ward-3.example" },
    };

    fn read(event: &Event) -> Value {
        serde_json::from_str(&event.to_fhir(&SITE)).unwrap()
    }

    #[test]
    fn every_field_has_its_place() {
        let event = read(&sample());
        assert_eq!(event["recorded"], "2026-04-01T12:00:00.250Z");
        assert_eq!((&event["action"], &event["outcome"]), (&json!("R"), &json!("0")));
        assert_eq!(event["meta"]["profile"], json!([format!("{BALP}PatientRead")]));
        assert_eq!(event["subtype"][1]["code"], "110127");
        assert_eq!(event["purposeOfEvent"][0]["coding"][0]["code"], "ETREAT");
        assert_eq!(event["agent"][2]["who"]["identifier"]["value"], "staff-7");
        assert_eq!(event["agent"][3]["who"]["identifier"]["value"], "North Hospital");
        assert_eq!(event["agent"][4]["name"], "Dr. Ida Quill");
        assert_eq!(event["entity"][0]["what"]["identifier"]["value"], "patient-token");
        assert_eq!(event["entity"][1]["what"]["reference"], "Condition/c-1/_history/200");
        let details = event["entity"][1]["detail"].as_array().unwrap();
        let of = |kind: &str| details.iter().filter(|detail| detail["type"] == kind).collect::<Vec<_>>();
        assert_eq!(of("granted").len(), 2);
        assert_eq!(of("withheld")[0]["valueString"], "Narrative");
        assert_eq!(
            (&of("rule")[0]["valueString"], &of("break-glass")[0]["valueString"]),
            (&json!("emergency"), &json!("unconscious"))
        );
    }

    #[test]
    fn where_and_by_which_policy_have_their_place() {
        let event = read(&whole_sample());
        let (client, user) = (&event["agent"][1], &event["agent"][2]);
        assert_eq!(client["who"]["identifier"]["value"], "growth-chart");
        assert_eq!(client["network"], json!({ "address": "192.0.2.7", "type": "2" }));
        assert_eq!(user["location"]["identifier"]["value"], "ward-3");
        let named = "ni:///sha-256;7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-8";
        assert_eq!((&user["policy"], &user["network"]), (&json!([named]), &Value::Null));
        assert_eq!(event["entity"][2]["what"]["reference"], "Consent/9");
        let policy = &event["entity"][3];
        assert_eq!(policy["what"]["identifier"]["value"], named);
        assert_eq!((&policy["name"], &policy["detail"][0]["valueString"]), (&json!("North Hospital"), &json!("7")));
        let details = event["entity"][1]["detail"].as_array().unwrap();
        let found_by = details.iter().find(|detail| detail["type"] == "found-by").unwrap();
        assert_eq!(found_by["valueBase64Binary"], base64::encode(&[0xcd; 32]));

        // What the event does not know, the site does.
        let client = &read(&sample())["agent"][1];
        assert_eq!(client["who"]["identifier"]["value"], "terminal");
        assert_eq!(client["network"], json!({ "address": "ward-3.example", "type": "1" }));
    }

    #[test]
    fn the_source_of_what_is_read_is_the_server() {
        let mut event = sample();
        let source = |event: &Event| {
            let agents = read(event)["agent"].as_array().unwrap().clone();
            let source = agents.iter().find(|agent| agent["type"]["coding"][0]["code"] == "110153");
            source.map(|agent| agent["who"]["identifier"]["value"].clone())
        };
        assert_eq!(source(&event), Some(json!("records")));
        (event.kind, event.action) = (Kind::Write, Action::Delete);
        assert_eq!(source(&event), None);
        event.action = Action::Update;
        assert_eq!(source(&event), Some(json!("terminal")));
        assert_eq!(read(&event)["meta"]["profile"], json!([format!("{BALP}PatientUpdate")]));
    }

    #[test]
    fn a_search_is_a_query_of_whoever_receives_what_is_found() {
        let mut event =
            Event::new(sample().recorded, Kind::Search, Action::Execute, Agent::new("desk-2", "front desk"));
        event.reasons = vec![Reason::new("by name", None), Reason::new("1 found", None)];
        let event = read(&event);
        assert_eq!((&event["type"]["code"], &event["subtype"][0]["code"]), (&json!("rest"), &json!("search")));
        assert_eq!(event["entity"][0]["role"]["code"], "24");
        let agents = event["agent"].as_array().unwrap();
        let user = agents.iter().find(|agent| agent["requestor"] == true).unwrap();
        assert_eq!(user["type"]["coding"][0]["code"], "IRCP");
    }

    #[test]
    fn what_is_done_to_a_key_is_told_apart_and_why() {
        let mut told = std::collections::BTreeSet::new();
        let cases = [
            (Kind::KeyDestruction, Action::Delete, "destroy"),
            (Kind::Hold, Action::Create, "hold"),
            (Kind::Hold, Action::Delete, "unhold"),
            (Kind::Merge, Action::Execute, "merge"),
            (Kind::Merge, Action::Update, "merge"),
            (Kind::KeyRotation, Action::Create, "originate"),
            (Kind::KeyRotation, Action::Update, "encrypt"),
            (Kind::KeyRotation, Action::Delete, "deprecate"),
        ];
        for (kind, action, code) in cases {
            let mut event = Event::new(sample().recorded, kind, action, Agent::new("staff-1", "officer"));
            event.reasons = vec![Reason::new("case 17", None)];
            for patient in [None, Some("patient-token".to_owned())] {
                event.patient = patient;
                let event = read(&event);
                assert_eq!(
                    (&event["subtype"][1]["system"], &event["subtype"][1]["code"]),
                    (&json!(LIFECYCLE), &json!(code))
                );
                let entities = event["entity"].as_array().unwrap();
                let details: Vec<_> = entities.iter().filter_map(|entity| entity["detail"].as_array()).collect();
                assert_eq!(details, [&vec![json!({ "type": "rule", "valueString": "case 17" })]]);
                told.insert((event["type"].to_string(), event["subtype"].to_string()));
            }
        }
        assert_eq!(told.len(), cases.len());
    }

    #[test]
    fn what_balp_has_no_profile_for_claims_none() {
        let mut refused = sample();
        refused.outcome = Outcome::MinorFailure;
        assert_eq!(read(&refused)["meta"], Value::Null);
        let bare = Event::new(refused.recorded, Kind::PolicyChange, Action::Update, Agent::new("staff-1", "officer"));
        let bare = read(&bare);
        assert_eq!(
            (&bare["meta"], &bare["entity"], &bare["type"]["code"]),
            (&Value::Null, &Value::Null, &json!("110113"))
        );
    }
}
