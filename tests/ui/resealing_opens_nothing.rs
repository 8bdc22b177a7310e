//! Sealing anew, for another patient or for the trail, gives back what is sealed and nothing else; indexing anew gives tokens.

use chartroom_record::Resource;
use chartroom_seal::{CryptoRng, Keyring};
use chartroom_vault::{Merge, OpenIndex, PatientKey, Reindexing, SealedRecord, Token, Vault, View};

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

fn a_resource_by_indexing((vault, patient, record): House<'_>, index: &OpenIndex, begun: &Reindexing) {
    let resource: Resource = vault.retoken(record, patient, index, begun).unwrap(); //~ E0308
}

fn tokens_without_an_entry((vault, patient, record): House<'_>, index: &OpenIndex) {
    let _ = vault.retoken(record, patient, index); //~ E0061
}

fn tokens_of_what_was_not_checked(index: &OpenIndex, resource: &Resource) -> Vec<Token> {
    let _ = index.tokens_of(resource); //~ E0624
    Vec::new()
}

fn the_key_of_a_record((vault, patient, record): House<'_>) {
    let _ = vault.key_of(record, patient); //~ E0624
}

fn main() {}
