//! Why something was granted or refused is opened by nothing but a disclosure, and once, as a record is.

use chartroom_access::Decision;
use chartroom_audit::Event;
use chartroom_seal::Keyring;
use chartroom_vault::{Disclosure, PatientKey, Ruling, Vault};
use chrono::{DateTime, Utc};

type House<'a> = (&'a Vault<Keyring>, &'a PatientKey, &'a Event, DateTime<Utc>);

fn with_the_key_alone((vault, patient, event, _): House<'_>) {
    let _ = vault.entry(event, patient); //~ E0061
}

fn with_a_decision((vault, patient, event, now): House<'_>, decision: Decision) {
    let _ = vault.entry(event, patient, decision, now); //~ E0308
}

fn with_a_ruling((vault, patient, event, now): House<'_>, ruling: Ruling) {
    let _ = vault.entry(event, patient, ruling, now); //~ E0308
}

fn twice((vault, patient, event, now): House<'_>, disclosure: Disclosure) {
    let _ = vault.entry(event, patient, disclosure, now);
    let _ = vault.entry(event, patient, disclosure, now); //~ E0382
}

fn main() {}
