//! Nothing but a disclosure opens an attachment, and one opens one attachment once.

use std::fs::File;
use std::io::Read;

use chartroom_access::Decision;
use chartroom_seal::{Keyring, StreamReader};
use chartroom_vault::{Denial, Disclosure, PatientKey, Ruling, SealedAttachment, Vault, View};
use chrono::{DateTime, Utc};
use serde::Serialize;

type House<'a> = (&'a Vault<Keyring>, &'a PatientKey, DateTime<Utc>);
type Sealed = SealedAttachment<File>;

fn with_the_key_alone((vault, patient, now): House<'_>, sealed: Sealed) {
    let _ = vault.open_attachment(sealed, patient, now); //~ E0061
}

fn with_a_decision((vault, patient, now): House<'_>, sealed: Sealed, decision: Decision) {
    let _ = vault.open_attachment(sealed, patient, decision, now); //~ E0308
}

fn with_a_ruling((vault, patient, now): House<'_>, sealed: Sealed, ruling: Ruling) {
    let _ = vault.open_attachment(sealed, patient, ruling, now); //~ E0308
}

fn with_a_denial((vault, patient, now): House<'_>, sealed: Sealed, denial: Denial) {
    let _ = vault.open_attachment(sealed, patient, denial, now); //~ E0308
}

fn with_a_loan((vault, patient, now): House<'_>, sealed: Sealed, disclosure: &Disclosure) {
    let _ = vault.open_attachment(sealed, patient, disclosure, now); //~ E0308
}

fn twice((vault, patient, now): House<'_>, [one, other]: [Sealed; 2], disclosure: Disclosure) {
    let _ = vault.open_attachment(one, patient, disclosure, now);
    let _ = vault.open_attachment(other, patient, disclosure, now); //~ E0382
}

fn as_a_record((vault, patient, now): House<'_>, sealed: &Sealed, disclosure: Disclosure) {
    let _ = vault.open(sealed, patient, disclosure, now); //~ E0308
}

fn by_its_key((vault, patient, _): House<'_>, sealed: &Sealed) {
    let _ = vault.attachment_key(sealed, patient); //~ E0624
}

fn by_its_fields(sealed: Sealed) {
    let _ = sealed.derivation; //~ E0616
    let _ = sealed.inner; //~ E0616
}

fn unopened() {
    is_read::<Sealed>(); //~ E0277
}

fn once_more() {
    is_cloned::<View<StreamReader<File>>>(); //~ E0277
    is_serialized::<View<StreamReader<File>>>(); //~ E0277
}

fn out_of_the_view(view: View<StreamReader<File>>) {
    let _ = view.value; //~ E0616
}

fn is_read<T: Read>() {}
fn is_cloned<T: Clone>() {}
fn is_serialized<T: Serialize>() {}

fn main() {}
