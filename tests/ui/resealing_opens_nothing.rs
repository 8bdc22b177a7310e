//! Sealing anew, for another patient or for the trail, gives back what is sealed and nothing else; indexing anew gives tokens.

use chartroom_audit::MemoryTrail;
use chartroom_audit::event::Agent;
use chartroom_record::Resource;
use chartroom_seal::{CryptoRng, Keyring, RecordKey};
use chartroom_vault::{Merge, OpenIndex, PatientKey, SealedRecord, Token, Vault, View};
use chrono::DateTime;

type House<'a> = (&'a Vault<Keyring>, &'a PatientKey, &'a SealedRecord);

fn a_view_by_resealing((vault, patient, record): House<'_>, random: &mut impl CryptoRng) {
    let view: View<Resource> = vault.reseal(record, patient, random).unwrap(); //~ E0308
}

fn a_resource_by_rebinding(
    (vault, patient, record): House<'_>,
    (to, merge): (&PatientKey, &Merge),
    random: &mut impl CryptoRng,
) {
    let resource: Resource = vault.rebind(record, (patient, to), merge, random).unwrap(); //~ E0308
}

fn another_patients_without_a_merge((vault, patient, record): House<'_>, to: &PatientKey, random: &mut impl CryptoRng) {
    let _ = vault.rebind(record, (patient, to), random); //~ E0061
    let _ = vault.seal_anew(record, patient, to, random); //~ E0624
}

fn a_resource_by_indexing((vault, patient, record): House<'_>, index: &OpenIndex, by: &Agent) {
    let mut trail = MemoryTrail::new();
    let made: Vec<_> = vault.retoken([(record, patient)], index, by, DateTime::UNIX_EPOCH, &mut trail).unwrap();
    let resource: Vec<Result<Resource, _>> = made; //~ E0308
}

fn tokens_without_an_entry((vault, patient, record): House<'_>, index: &OpenIndex, by: &Agent) {
    let _ = vault.retoken([(record, patient)], index, by, DateTime::UNIX_EPOCH); //~ E0061
}

fn tokens_by_the_index(index: &OpenIndex, record: &SealedRecord, key: &RecordKey) {
    let _ = index.retoken(record, key); //~ E0624
}

fn tokens_of_what_was_not_checked(index: &OpenIndex, resource: &Resource) -> Vec<Token> {
    let _ = index.tokens_of(resource); //~ E0624
    Vec::new()
}

fn the_key_of_a_record((vault, patient, record): House<'_>) {
    let _ = vault.key_of(record, patient); //~ E0624
}

fn main() {}
