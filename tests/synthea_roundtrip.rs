//! Every resource of every Synthea bundle goes through the whole house and comes back as it was: parsed, checked, sealed, stored,
//! decided on, disclosed, opened by a role that may see all of it.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Relationship, Request};
use chartroom::audit::event::Agent;
use chartroom::codes::Terminology;
use chartroom::icd10cm;
use chartroom::record::{Checks, Mode, parse};
use chartroom::seal::{Cost, Keyring, Passphrase, RandomSource};
use chartroom::store::{SqliteStore, Store as _, WriteBy};
use chartroom::vault::{Author, PatientKey, RecordId, Vault};
use chartroom_tests::tally::Tally;
use chartroom_tests::{corpora, json};
use chrono::{DateTime, Utc};

fn main() -> ExitCode {
    let mut tally = Tally::new("synthea_roundtrip");
    let Some(folder) = corpora::find("synthea-r4") else { return tally.finish() };
    for file in corpora::files(&folder, "json") {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Err(error) = bundle(&file, &name, &mut tally) {
            tally.case(name, Err(error));
        }
    }
    tally.finish()
}

/// One bundle, through a house of its own. A case for the bundle as a whole, and one for each of its resources.
fn bundle(file: &Path, name: &str, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let text = std::str::from_utf8(&bytes)?;
    let parsed = parse(&bytes, Mode::Strict)?;
    tally.case(name, json::same(text, &parsed.resource().to_json()));

    let originals = originals(text)?;
    let mut house = House::new()?;
    let entries = parsed.check_entries(&house.checks);
    for refused in &entries.refused {
        tally.case(format_args!("{name}: entry {}", refused.index), Err("refused"));
    }
    let mut indexes = HashMap::new();
    let mut sealed = Vec::new();
    for entry in &entries.accepted {
        let record = house.vault.seal(&entry.resource, &house.patient, &Author::unknown(), &mut house.random)?;
        indexes.insert(record.id(), entry.index);
        sealed.push(record);
    }
    house.store.put_all(&sealed, &WriteBy::new(Agent::new("intake", "system"), moment()?))?;
    for (id, view) in house.open_all()? {
        let index = indexes.get(&id).copied().ok_or("a record that was not put in")?;
        let original = originals.get(index).ok_or("no such entry")?;
        tally.case(format_args!("{name}: entry {index}"), view.and_then(|view| json::same(original, &view)));
    }
    Ok(())
}

/// The text of each entry's resource, found by serde_json.
fn originals(text: &str) -> Result<Vec<String>, Box<dyn Error>> {
    #[derive(serde::Deserialize)]
    struct Entry {
        resource: Box<serde_json::value::RawValue>,
    }
    #[derive(serde::Deserialize)]
    struct Bundle {
        entry: Vec<Entry>,
    }
    let bundle: Bundle = serde_json::from_str(text)?;
    Ok(bundle.entry.into_iter().map(|entry| entry.resource.get().to_owned()).collect())
}

/// A day on which everything in this test happens.
fn moment() -> Result<DateTime<Utc>, &'static str> {
    DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")
}

struct House {
    vault: Vault<Keyring>,
    store: SqliteStore,
    policy: Policy,
    checks: Checks,
    random: RandomSource,
    patient: PatientKey,
}

/// A record's id with what the reader sees of it.
type Seen = (RecordId, Result<String, String>);

impl House {
    fn new() -> Result<Self, Box<dyn Error>> {
        let mut random = RandomSource::from_seed(&[42; 32]);
        let keyring =
            Keyring::create(&Passphrase::from("a passphrase for tests".to_owned()), Cost::LEAST, &mut random)?;
        let vault = Vault::new(keyring, "test-house", LabelSets::starter());
        let mut store = SqliteStore::open_in_memory()?;
        let (patient, wrapped) = vault.admit(&mut random)?;
        store.admit(patient.token(), &wrapped)?;
        let checks = Checks::with_codes(Terminology::builder().add(icd10cm::table().clone()).build());
        Ok(Self { vault, store, policy: Policy::starter(), checks, random, patient })
    }

    /// Opens everything as the treating physician.
    fn open_all(&mut self) -> Result<Vec<Seen>, Box<dyn Error>> {
        let now = moment()?;
        let request = Request {
            relationship: Relationship::Treating.into(),
            ..Request::new("dr-test", "physician".into(), Action::Read, Purpose::Treatment, now)
        };
        let records = self.store.records_of(self.patient.token())?;
        let random = &mut self.random;
        let rulings =
            records.iter().map(|record| self.vault.rule(record, &self.patient, &self.policy, &request, random));
        let rulings = rulings.collect::<Result<Vec<_>, _>>()?;
        let outcomes = self.vault.disclose_all(rulings, &mut self.store)?;
        let mut seen = Vec::new();
        for (record, outcome) in records.iter().zip(outcomes) {
            let view = match outcome {
                Ok(disclosure) => Ok(self.vault.open(record, &self.patient, disclosure, now)?.to_json()),
                Err(_) => Err("denied to the treating physician".to_owned()),
            };
            seen.push((record.id(), view));
        }
        Ok(seen)
    }
}
