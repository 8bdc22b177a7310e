//! A whole record through the vault: sealing it in parts beside writing it as JSON and sealing that in one call; opening one class
//! of many beside opening all.
//!
//! Sealing is measured from the checked record on, on both sides. Once for a patient in as many classes as can be, and once for the
//! records of about thirty elements (primitive values) in the charts at hand, as they are.

use std::hint::black_box;

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, Aes256Gcm, KeyInit};
use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Request};
use chartroom::audit::MemoryTrail;
use chartroom::record::{Checked, Checks, Mode, Resource, parse};
use chartroom::seal::{Cost, Keyring, Passphrase, RandomSource};
use chartroom::vault::{Author, Disclosure, PatientKey, SealedRecord, Vault};
use chartroom_benches::{Unit, bundles, compare, compare_prepared};
use chrono::{DateTime, Utc};
use serde_json::Value;

pub fn run() {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let house = House::new(&mut random);
    let classes = house.sealed.classes().len();
    seal(&format!("seal record, {classes} classes"), &house, std::slice::from_ref(&house.checked), &mut random);
    let charted = charted();
    let classes: usize = charted.iter().map(|record| house.seal(record, &mut random).classes().len()).sum();
    let name = format!("seal records, {} classes", classes.div_ceil(charted.len()));
    seal(&name, &house, &charted, &mut random);
    open(&house, &mut random);
}

/// Thirty elements, of as many classes as a patient can have.
const PATIENT: &str = r#"{"resourceType":"Patient","id":"p-1","active":true,"identifier":[
    {"system":"http://north.example/mrn","value":"77120943"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"078051120"}],
    "name":[{"use":"official","family":"Quillfeather","given":["Ada","Marian"]}],
    "telecom":[{"system":"phone","value":"555-0147","use":"home"},{"system":"email","value":"ada@north.example"}],
    "gender":"female","birthDate":"1961-07-19",
    "address":[{"line":["3 Larkspur Terrace"],"city":"Northmouth","state":"OR","postalCode":"97001","country":"US"}],
    "maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]},
    "multipleBirthBoolean":false,"photo":[{"url":"http://north.example/p-1.png"}],
    "communication":[{"language":{"text":"English"},"preferred":true}],
    "generalPractitioner":[{"reference":"Practitioner/7","display":"Dr. Wrenfield"}],
    "link":[{"other":{"reference":"RelatedPerson/9"},"type":"seealso"}]}"#;

/// Grants one class to one role, and all to another.
const POLICY: &str = r#"
[policy]
name = "Bench"
version = "1"

[roles.one]
title = "One class"

[roles.all]
title = "All classes"

[[rule]]
id = "one"
effect = "permit"
roles = ["one"]
actions = ["read"]
purposes = ["TREAT"]
types = ["Patient"]
classes = ["BirthDate"]
cites = "house rule 1"
dated = 2026-01-01
because = "To measure."

[[rule]]
id = "all"
effect = "permit"
roles = ["all"]
actions = ["read"]
purposes = ["TREAT"]
types = ["Patient"]
classes = ["Name", "Address", "Contact", "BirthDate", "Identifier", "GovernmentId", "Biometric", "Demographic",
    "Participant", "Relation", "Administrative", "Technical"]
cites = "house rule 2"
dated = 2026-01-01
because = "To measure."
"#;

struct House {
    vault: Vault<Keyring>,
    policy: Policy,
    patient: PatientKey,
    checked: Checked<Resource>,
    sealed: SealedRecord,
    now: DateTime<Utc>,
}

impl House {
    fn new(random: &mut RandomSource) -> Self {
        let passphrase = Passphrase::from("a passphrase to measure with".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, random).expect("a keyring");
        let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
        let (patient, _) = vault.admit(random).expect("admitted");
        let parsed = parse(PATIENT.as_bytes(), Mode::Strict).expect("a patient");
        let checked = parsed.check(&Checks::structure()).expect("a right one");
        let sealed = vault.seal(&checked, &patient, &Author::unknown(), random).expect("sealed");
        let policy = Policy::from_toml(POLICY).expect("a policy");
        Self { vault, policy, patient, checked, sealed, now: DateTime::default() }
    }

    fn seal(&self, record: &Checked<Resource>, random: &mut RandomSource) -> SealedRecord {
        self.vault.seal(record, &self.patient, &Author::unknown(), random).expect("sealed")
    }

    fn disclosure(&self, role: &str, random: &mut RandomSource) -> Disclosure {
        let request = Request::new("someone-9", role.into(), Action::Read, Purpose::Treatment, self.now);
        let ruling = self.vault.rule(&self.sealed, &self.patient, &self.policy, &request, random).expect("ruled");
        self.vault.disclose(ruling, &mut MemoryTrail::new()).expect("granted")
    }

    fn open(&self, disclosure: Disclosure) {
        black_box(self.vault.open(&self.sealed, &self.patient, disclosure, self.now).expect("opened"));
    }
}

/// The records of 27 to 33 elements in the charts.
fn charted() -> Vec<Checked<Resource>> {
    let bundles = bundles::minified();
    let bundles = bundles.iter().map(|text| serde_json::from_str::<Value>(text).expect("a bundle"));
    let records = bundles.flat_map(|bundle| bundle["entry"].as_array().cloned().unwrap_or_default());
    let records = records.map(|entry| entry["resource"].clone()).filter(|record| (27..=33).contains(&elements(record)));
    let checked = records
        .filter_map(|record| parse(record.to_string().as_bytes(), Mode::Strict).ok()?.check(&Checks::structure()).ok());
    checked.collect()
}

/// How many primitive values there are.
fn elements(json: &Value) -> usize {
    match json {
        Value::Object(members) => {
            members.iter().filter(|(name, _)| *name != "resourceType").map(|(_, it)| elements(it)).sum()
        }
        Value::Array(items) => items.iter().map(elements).sum(),
        _ => 1,
    }
}

fn seal(name: &str, house: &House, records: &[Checked<Resource>], random: &mut RandomSource) {
    let cipher = Aes256Gcm::new(&[1; 32].into());
    compare(
        name,
        Unit::NanosecondsPer("record", records.len()),
        || {
            for record in records {
                black_box(house.seal(black_box(record), random));
            }
        },
        || {
            for record in records {
                let mut bytes = black_box(record).to_json().into_bytes();
                let buffer = InOutBuf::from(&mut bytes[..]);
                black_box(cipher.encrypt_inout_detached(&[3; 12].into(), &[2; 64], buffer).expect("sealed"));
            }
        },
    );
}

fn open(house: &House, random: &mut RandomSource) {
    let classes = house.sealed.classes().len();
    let mut others = RandomSource::from_seed(&[2; 32]);
    compare_prepared(
        &format!("open 1 class of {classes}"),
        Unit::NanosecondsPer("record", 1),
        (|| house.disclosure("one", random), |disclosure| house.open(disclosure)),
        (|| house.disclosure("all", &mut others), |disclosure| house.open(disclosure)),
    );
}
