//! Nothing but a disclosure opens a record.

use chartroom_access::{Decision, Policy, Request};
use chartroom_seal::{CryptoRng, Keyring};
use chartroom_vault::{Denial, Disclosure, PatientKey, Ruling, SealedRecord, Vault};
use chrono::{DateTime, Utc};

type House<'a> = (&'a Vault<Keyring>, &'a PatientKey, &'a SealedRecord, DateTime<Utc>);

fn with_a_decision((vault, patient, record, now): House<'_>, decision: Decision) {
    let _ = vault.open(record, patient, decision, now); //~ E0308
}

fn with_a_ruling((vault, patient, record, now): House<'_>, ruling: Ruling) {
    let _ = vault.open(record, patient, ruling, now); //~ E0308
}

fn with_a_ruling_just_made(
    (vault, patient, record, now): House<'_>,
    (policy, request): (&Policy, &Request),
    random: &mut impl CryptoRng,
) {
    let ruling = vault.rule(record, patient, policy, request, random).unwrap();
    let _ = vault.open(record, patient, ruling, now); //~ E0308
}

fn with_a_denial((vault, patient, record, now): House<'_>, denial: Denial) {
    let _ = vault.open(record, patient, denial, now); //~ E0308
}

fn with_a_loan((vault, patient, record, now): House<'_>, disclosure: &Disclosure) {
    let _ = vault.open(record, patient, disclosure, now); //~ E0308
}

fn main() {}
