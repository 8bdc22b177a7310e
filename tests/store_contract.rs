//! The contract of a store: each case is a story over a fresh one, told by what every store does and nothing else. Another
//! backend is held to it by one more line in `main`.

use std::error::Error;
use std::fmt::Debug;
use std::process::ExitCode;

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Relationship, Request};
use chartroom::audit::accounting::{Query, Scope};
use chartroom::audit::event::{self, Agent, Kind};
use chartroom::audit::{Hash, Head, TrailError};
use chartroom::record::{Checked, Checks, Mode, Resource, parse};
use chartroom::seal::{Cost, Keyring, Passphrase, RandomSource};
use chartroom::store::{SqliteStore, Store, StoreError, WriteBy};
use chartroom::vault::{Author, PatientKey, RecordId, Ruling, SealedRecord, Vault};
use chartroom_tests::tally::Tally;
use chrono::{DateTime, TimeDelta, Utc};

fn main() -> ExitCode {
    let mut tally = Tally::new("store_contract");
    hold(&mut tally, "sqlite", || Ok(SqliteStore::open_in_memory()?));
    tally.finish()
}

type Outcome<T = ()> = Result<T, Box<dyn Error>>;
type Case<S> = fn(&mut House, &mut S) -> Outcome;

/// Holds a backend to the contract.
fn hold<S: Store>(tally: &mut Tally, backend: &str, fresh: impl Fn() -> Outcome<S>) {
    let cases: [(&str, Case<S>); 14] = [
        ("a fresh store is empty", fresh_is_empty),
        ("a patient is admitted once", admitted_once),
        ("a record comes back as it was put", comes_back),
        ("versions are kept side by side", versions_stay),
        ("a version follows the last one", versions_follow),
        ("the patient must be known", patient_is_known),
        ("a record stays with its patient", stays_with_its_patient),
        ("a batch is kept in its order", batch_in_order),
        ("a batch is kept whole or not at all", batch_is_whole),
        ("a chart holds the latest versions", chart_is_latest),
        ("a write is on the trail", write_is_on_the_trail),
        ("every head is proven by the next", heads_are_proven),
        ("a false head does not hold", false_heads_fail),
        ("what was opened is accounted for", openings_are_accounted_for),
    ];
    for (name, case) in cases {
        let outcome = House::open().and_then(|mut house| case(&mut house, &mut fresh()?));
        tally.case(format!("{backend}: {name}"), outcome);
    }
}

fn fresh_is_empty<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, _) = house.vault.admit(&mut house.random)?;
    equal(store.head()?, Head { size: 0, root: Hash::of_empty_tree() })?;
    equal(store.patients()?, vec![])?;
    equal(store.wrapped_key(patient.token())?, None)?;
    equal(store.records_of(patient.token())?, vec![])?;
    equal(store.get(patient.token())?, None)?;
    equal(store.get_version(patient.token(), 1)?, None)?;
    equal(store.versions(patient.token())?, vec![])?;
    equal(store.events(0..u64::MAX)?, vec![])?;
    equal(store.put_all(&[], &house.by())?, vec![])?;
    Ok(store.verify(&store.head()?)?)
}

fn admitted_once<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, wrapped) = house.vault.admit(&mut house.random)?;
    store.admit(one.token(), &wrapped)?;
    let (other, replaced) = house.vault.admit(&mut house.random)?;
    refused(store.admit(one.token(), &replaced), |error| matches!(error, StoreError::KnownPatient))?;
    store.admit(other.token(), &replaced)?;
    equal(store.patients()?, vec![one.token(), other.token()])?;
    equal(store.wrapped_key(one.token())?, Some(wrapped))
}

fn comes_back<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let record = house.seal(&patient)?;
    store.put(&record, &house.by())?;
    equal(store.get(record.id())?, Some(record.clone()))?;
    // The key, too, is as good as the one that sealed.
    let wrapped = store.wrapped_key(patient.token())?.ok_or("the key is gone")?;
    let patient = house.vault.unlock(patient.token(), &[wrapped])?;
    let ruling = house.rule(&record, &patient, &house.request("physician", Purpose::Treatment))?;
    let disclosure = house.vault.disclose(ruling, store)?;
    let view = house.vault.open(&record, &patient, disclosure, house.now)?;
    equal(view.to_json().contains("J45.909"), true)?;
    equal(view.to_json().contains("Fenwarden"), false)
}

fn versions_stay<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 3)?;
    for version in &versions {
        store.put(version, &house.by())?;
    }
    let id = versions[0].id();
    equal(store.versions(id)?, vec![1, 2, 3])?;
    for version in &versions {
        equal(store.get_version(id, version.version())?.as_ref(), Some(version))?;
    }
    equal(store.get(id)?.as_ref(), versions.last())?;
    equal(store.get_version(id, 4)?, None)?;
    equal(store.get_version(id, 0)?, None)?;
    equal(store.get_version(id, u64::MAX)?, None)
}

fn versions_follow<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 3)?;
    let [first, second, third] = &versions[..] else { return Err("three versions".into()) };
    let conflict_at = |expected| move |error: &StoreError| matches!(error, StoreError::Conflict { current, .. } if *current == expected);
    refused(store.put(second, &house.by()), conflict_at(0))?;
    store.put(first, &house.by())?;
    refused(store.put(first, &house.by()), conflict_at(1))?;
    refused(store.put(third, &house.by()), conflict_at(1))?;
    store.put(second, &house.by())?;
    for stray in [0, 1, 2, 4, u64::MAX] {
        refused(store.put(&with_version(third, stray)?, &house.by()), conflict_at(2))?;
    }
    store.put(third, &house.by())?;
    equal(store.head()?.size, 3)
}

fn patient_is_known<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (stranger, _) = house.vault.admit(&mut house.random)?;
    let record = house.seal(&stranger)?;
    refused(store.put(&record, &house.by()), |error| matches!(error, StoreError::UnknownPatient))?;
    equal(store.get(record.id())?, None)?;
    equal(store.head()?.size, 0)
}

fn stays_with_its_patient<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 2)?;
    store.put(&versions[0], &house.by())?;
    let moved = with_patient(&versions[1], other.token())?;
    refused(store.put(&moved, &house.by()), |error| matches!(error, StoreError::AnotherRecord { .. }))?;
    equal(store.versions(moved.id())?, vec![1])
}

fn batch_in_order<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let mut batch = house.seal_versions(&patient, 2)?;
    batch.push(house.seal(&patient)?);
    let receipts = store.put_all(&batch, &house.by())?;
    equal(receipts.iter().map(|receipt| receipt.index).collect::<Vec<_>>(), vec![0, 1, 2])?;
    for ((_, event), record) in store.events(0..3)?.iter().zip(&batch) {
        let entity = event.record.as_ref().ok_or("no record on the trail")?;
        equal((entity.id.as_str(), entity.version), (record.id().to_string().as_str(), record.version()))?;
    }
    Ok(())
}

fn batch_is_whole<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let before = house.seal(&patient)?;
    store.put(&before, &house.by())?;
    let head = store.head()?;
    let (stranger, _) = house.vault.admit(&mut house.random)?;
    for bad in [before.clone(), house.seal(&stranger)?, with_version(&before, 3)?] {
        let batch = [house.seal(&patient)?, house.seal(&patient)?, bad, house.seal(&patient)?];
        refused(store.put_all(&batch, &house.by()), |_| true)?;
        equal(store.records_of(patient.token())?, vec![before.clone()])?;
        equal(store.head()?, head)?;
    }
    equal(store.put(&house.seal(&patient)?, &house.by())?.index, 1)?;
    Ok(store.verify(&store.head()?)?)
}

fn chart_is_latest<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (one, other) = (house.admit(store)?, house.admit(store)?);
    let versions = house.seal_versions(&one, 3)?;
    let (second, strange) = (house.seal(&one)?, house.seal(&other)?);
    let [v1, v2, v3] = &versions[..] else { return Err("three versions".into()) };
    for record in [v1, &second, v2, &strange, v3] {
        store.put(record, &house.by())?;
    }
    equal(store.records_of(one.token())?, vec![v3.clone(), second])?;
    equal(store.records_of(other.token())?, vec![strange])
}

fn write_is_on_the_trail<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let versions = house.seal_versions(&patient, 2)?;
    let by = WriteBy { purpose: Some("TREAT".into()), ..house.by() };
    let receipts = store.put_all(&versions, &by)?;
    let events = store.events(0..9)?;
    equal(events.len(), 2)?;
    let actions = [event::Action::Create, event::Action::Update];
    for (((index, event), receipt), action) in events.iter().zip(receipts).zip(actions) {
        equal((*index, event.leaf_hash()), (receipt.index, receipt.leaf_hash))?;
        equal((event.kind, event.action, event.recorded), (Kind::Write, action, by.at))?;
        equal((&event.agent, &event.purpose), (&by.agent, &by.purpose))?;
        equal(event.patient.clone(), Some(patient.token().to_string()))?;
    }
    equal(store.events(1..2)?.len(), 1)?;
    equal(store.events(2..9)?.len(), 0)
}

fn heads_are_proven<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    let (mut heads, mut receipts) = (Vec::new(), Vec::new());
    for record in house.seal_versions(&patient, 20)? {
        receipts.push(store.put(&record, &house.by())?);
        heads.push(store.head()?);
    }
    let last = store.head()?;
    for (head, receipt) in heads.iter().zip(&receipts) {
        store.verify(head)?;
        store.consistency(head.size, last.size)?.verify(&head.root, &last.root)?;
        store.inclusion(receipt.index, head.size)?.verify(&receipt.leaf_hash, &head.root)?;
        store.inclusion(receipt.index, last.size)?.verify(&receipt.leaf_hash, &last.root)?;
    }
    let outside = [store.inclusion(20, 20).err(), store.inclusion(0, 21).err(), store.consistency(20, 21).err()];
    let refused = outside.iter().flatten().filter(|error| matches!(error, TrailError::OutOfRange { .. })).count();
    equal(refused, outside.len())
}

fn false_heads_fail<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let patient = house.admit(store)?;
    store.put_all(&house.seal_versions(&patient, 5)?, &house.by())?;
    let head = store.head()?;
    for size in (0..9).chain([u64::MAX]).filter(|size| *size != head.size) {
        let outcome = store.verify(&Head { size, ..head });
        equal(matches!(outcome, Err(TrailError::Tampered(_))), true)?;
    }
    Ok(store.verify(&head)?)
}

fn openings_are_accounted_for<S: Store>(house: &mut House, store: &mut S) -> Outcome {
    let (patient, other) = (house.admit(store)?, house.admit(store)?);
    for patient in [&patient, &other] {
        let record = house.seal(patient)?;
        store.put(&record, &house.by())?;
        for (role, purpose) in [("physician", Purpose::Treatment), ("researcher", Purpose::Research)] {
            let request = house.request(role, purpose);
            let ruling = house.rule(&record, patient, &request)?;
            let disclosure = house.vault.disclose(ruling, store)?;
            house.vault.open(&record, patient, disclosure, house.now)?;
        }
    }
    let token = patient.token().to_string();
    let period = house.now..house.now + TimeDelta::days(1);
    let purposes = |scope| -> Outcome<Vec<String>> {
        let accounting = store.accounting(&Query { patient: &token, period: period.clone(), scope })?;
        accounting.verify(&store.head()?)?;
        Ok(accounting.lines.iter().filter_map(|line| line.purpose().map(str::to_owned)).collect())
    };
    // Both openings are there; the law asks for the one that was not for treatment.
    equal(purposes(Scope::Everything)?, vec!["TREAT".to_owned(), "HRESCH".to_owned()])?;
    equal(purposes(Scope::Law164_528)?, vec!["HRESCH".to_owned()])
}

/// A house with its keys, its clock and one thing to record.
struct House {
    vault: Vault<Keyring>,
    policy: Policy,
    random: RandomSource,
    now: DateTime<Utc>,
    condition: Checked<Resource>,
}

/// Enough of a policy that something can be opened.
const POLICY: &str = r#"
[policy]
name = "North Clinic"
version = "1"

[roles.physician]
title = "Physician"

[roles.researcher]
title = "Researcher"

[[rule]]
id = "reading"
effect = "permit"
roles = ["physician", "researcher"]
actions = ["read"]
purposes = ["TREAT", "HRESCH"]
types = ["Condition"]
classes = ["Clinical", "Administrative"]
cites = "house rule 1"
dated = 2026-01-01
because = "Both work with the condition."
"#;

const CONDITION: &[u8] = br#"{"resourceType":"Condition","clinicalStatus":{"coding":[{
    "system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"J45.909"}]},
    "subject":{"reference":"Patient/a-1","display":"Ottilie Fenwarden"}}"#;

impl House {
    fn open() -> Outcome<Self> {
        let mut random = RandomSource::from_seed(&[7; 32]);
        let passphrase = Passphrase::from("an invented passphrase".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
        let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
        let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
        let condition = parse(CONDITION, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "the check refuses")?;
        Ok(Self { vault, policy: Policy::from_toml(POLICY)?, random, now, condition })
    }

    fn by(&self) -> WriteBy {
        WriteBy::new(Agent::new("nurse-3", "nurse"), self.now)
    }

    fn admit(&mut self, store: &mut impl Store) -> Outcome<PatientKey> {
        let (patient, wrapped) = self.vault.admit(&mut self.random)?;
        store.admit(patient.token(), &wrapped)?;
        Ok(patient)
    }

    fn seal(&mut self, patient: &PatientKey) -> Outcome<SealedRecord> {
        Ok(self.vault.seal(&self.condition, patient, &Author::new("nurse-3"), &mut self.random)?)
    }

    fn seal_versions(&mut self, patient: &PatientKey, count: usize) -> Outcome<Vec<SealedRecord>> {
        let mut versions = vec![self.seal(patient)?];
        while let Some(last) = versions.last().filter(|_| versions.len() < count) {
            let author = Author::new("nurse-3");
            versions.push(self.vault.seal_next(&self.condition, patient, &author, last, &mut self.random)?);
        }
        Ok(versions)
    }

    fn rule(&mut self, record: &SealedRecord, patient: &PatientKey, request: &Request) -> Outcome<Ruling> {
        Ok(self.vault.rule(record, patient, &self.policy, request, &mut self.random)?)
    }

    fn request(&self, role: &str, purpose: Purpose) -> Request {
        Request {
            actor: "someone-9".into(),
            roles: role.into(),
            action: Action::Read,
            purpose,
            at: self.now,
            relationship: Relationship::None,
            break_glass: None,
        }
    }
}

/// The record with other bytes in its header: format 1, id 16, version 8, patient 16.
fn forged(record: &SealedRecord, at: usize, bytes: &[u8]) -> Outcome<SealedRecord> {
    let mut forged = record.to_bytes();
    forged[at..at + bytes.len()].copy_from_slice(bytes);
    Ok(SealedRecord::from_bytes(&forged)?)
}

fn with_version(record: &SealedRecord, version: u64) -> Outcome<SealedRecord> {
    forged(record, 17, &version.to_be_bytes())
}

fn with_patient(record: &SealedRecord, patient: RecordId) -> Outcome<SealedRecord> {
    forged(record, 25, patient.as_bytes())
}

fn equal<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}").into()) }
}

fn refused<T>(outcome: Result<T, StoreError>, as_expected: impl Fn(&StoreError) -> bool) -> Outcome {
    match outcome {
        Ok(_) => Err("was not refused".into()),
        Err(error) if as_expected(&error) => Ok(()),
        Err(error) => Err(format!("was refused otherwise: {error}").into()),
    }
}
