//! Neither a patient's key, nor one of the house, nor the key service comes out of the vault.

use chartroom_seal::{Keyring, SubjectKey, WrappedKey};
use chartroom_vault::{OpenIndex, PatientKey, Vault};
use serde::Serialize;

fn by_its_fields(patient: &PatientKey) {
    let _ = &patient.current; //~ E0616
    let _ = &patient.older; //~ E0616
}

fn by_its_methods(patient: &PatientKey) {
    let _ = patient.current(); //~ E0624
    let _ = patient.version(patient.label()); //~ E0624
}

fn by_conversion() {
    is_from::<SubjectKey, PatientKey>(); //~ E0277
}

fn by_reference() {
    shows::<PatientKey, SubjectKey>(); //~ E0277
    shows::<PatientKey, [u8]>(); //~ E0277
}

fn by_serializing() {
    is_serialized::<PatientKey>(); //~ E0277
}

fn of_the_house(vault: &Vault<Keyring>, kept: &[WrappedKey], index: &OpenIndex) {
    let _ = vault.unlock_house_key("surname", kept); //~ E0624
    let _ = &index.keyed; //~ E0616
}

fn through_the_vault(vault: Vault<Keyring>) {
    let _ = vault.keys; //~ E0616
}

fn is_from<T: From<S>, S>() {}
fn shows<T: AsRef<U>, U: ?Sized>() {}
fn is_serialized<T: Serialize>() {}

fn main() {}
