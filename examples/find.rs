//! Finds a patient whose chart is sealed, by name and birth date as somebody types them: `cargo run --release --example find`.

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Request};
use chartroom::audit::event::Agent;
use chartroom::record::{Checks, Mode, Path, Resource, parse};
use chartroom::seal::index::Form;
use chartroom::seal::{Cost, Keyring, RandomSource};
use chartroom::store::{SqliteStore, Store, WriteBy};
use chartroom::vault::{Author, RecordIndex, Vault};
use chrono::Utc;

const PEOPLE: [(&str, &str); 3] = [("Fenwarden", "1978-02-28"), ("Núñez", "1990-11-03"), ("Osei", "1978-02-28")];
const INDEX: &str = "name-and-birth-date";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut random = RandomSource::try_from_rng(&mut getrandom::SysRng)?;
    let keyring = Keyring::create(&"correct horse battery staple".to_owned().into(), Cost::LEAST, &mut random)?;
    let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
    let mut store = SqliteStore::open_in_memory()?;
    let by = WriteBy::new(Agent::new("desk-2", "front desk"), Utc::now());

    // Once for the house. Some 50,000 different pairs are expected.
    let over = [("Patient.name.family", Form::Text), ("Patient.birthDate", Form::Digits)];
    let definition = RecordIndex::new(INDEX, &over, 50_000, 14)?;
    store.keep_house_key(INDEX, &vault.new_house_key(INDEX, &mut random)?, &by)?;
    let index = vault.open_index(&definition, &store.house_keys(INDEX)?)?;

    for (family, born) in PEOPLE {
        let text = format!(r#"{{"resourceType":"Patient","name":[{{"family":"{family}"}}],"birthDate":"{born}"}}"#);
        let checked = parse(text.as_bytes(), Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
        let (patient, wrapped) = vault.admit(&mut random)?;
        store.admit(patient.token(), &wrapped)?;
        let record = vault.seal(&checked, &patient, &Author::new("desk-2"), &mut random)?;
        store.put_indexed(&record, &index.tokens(&checked)?, &by)?;
    }

    // What is found shares a token with what was typed. Whether it is meant, only the chart tells, and to open it is a disclosure.
    let family: Path = "Patient.name.family".parse()?;
    for id in store.find(&index.search(&["NUNEZ", "1990/11/03"])?, &by)? {
        let record = store.get(id)?.ok_or("a record is gone")?;
        let patient = vault.unlock(record.patient(), &store.wrapped_keys(record.patient())?)?;
        let request =
            Request::new("desk-2", "front-desk".into(), Action::Search, Purpose::PatientAdministration, Utc::now());
        let ruling = vault.rule(&record, &patient, &Policy::starter(), &request, &mut random)?;
        let disclosure = vault.disclose(ruling, &mut store)?;
        let view = vault.open(&record, &patient, disclosure, Utc::now())?;
        let chart: &Resource = view.get();
        if family.all(chart).iter().any(|name| name.text().is_some_and(|name| Form::Text.of(&name) == "nunez")) {
            println!("{id}: {}", view.to_json());
        }
    }
    Ok(())
}
