//! Nothing is sealed that was not checked.

use chartroom_record::{Parsed, Refused, Resource};
use chartroom_seal::{CryptoRng, Keyring};
use chartroom_vault::{Author, PatientKey, SealedRecord, Vault};

fn a_resource(vault: &Vault<Keyring>, patient: &PatientKey, resource: &Resource, random: &mut impl CryptoRng) {
    let _ = vault.seal(resource, patient, &Author::unknown(), random); //~ E0308
}

fn what_was_only_read(vault: &Vault<Keyring>, patient: &PatientKey, parsed: &Parsed<'_>, random: &mut impl CryptoRng) {
    let _ = vault.seal(parsed, patient, &Author::unknown(), random); //~ E0308
}

fn what_was_refused(vault: &Vault<Keyring>, patient: &PatientKey, refused: &Refused, random: &mut impl CryptoRng) {
    let _ = vault.seal(refused, patient, &Author::unknown(), random); //~ E0308
}

fn a_next_version(
    vault: &Vault<Keyring>,
    patient: &PatientKey,
    resource: &Resource,
    before: &SealedRecord,
    random: &mut impl CryptoRng,
) {
    let _ = vault.seal_next(resource, patient, &Author::unknown(), before, random); //~ E0308
}

fn main() {}
