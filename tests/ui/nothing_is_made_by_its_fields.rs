//! The fields of the types on the road are private, so a struct expression makes none of them and a pattern takes none apart.

use chartroom_access::{Decision, Facts};
use chartroom_audit::{Head, Receipt, TrustedHead};
use chartroom_record::{Checked, Resource};
use chartroom_seal::SubjectKey;
use chartroom_vault::{Disclosure, Merge, PatientKey, RecordId, Retokened, Ruling, SealedRecord, Token, View};

fn checked(value: Resource) {
    let _ = Checked { value, issues: Vec::new() }; //~ E0451
}

fn sealed_record(other: SealedRecord) {
    let _ = SealedRecord { version: 2, ..other }; //~ E0451
}

fn decision(facts: Facts, other: Decision) {
    let _ = Decision { facts, ..other }; //~ E0451
}

fn ruling(decision: Decision, other: Ruling) {
    let _ = Ruling { decision, ..other }; //~ E0451
}

fn disclosure(other: Disclosure, receipt: Receipt) {
    let _ = Disclosure { receipt, ..other }; //~ E0451
}

fn view(value: Resource, other: View<Resource>) {
    let _ = View { value, ..other }; //~ E0451
}

fn merge(from: RecordId, into: RecordId) {
    let _ = Merge { from, into }; //~ E0451
}

fn retokened(tokens: Vec<Token>, other: Retokened) {
    let _ = Retokened { tokens, ..other }; //~ E0451
}

fn patient_key(token: RecordId, current: SubjectKey) {
    let _ = PatientKey { token, current, older: Vec::new() }; //~ E0451
}

fn patient_key_taken_apart(patient: PatientKey) {
    let PatientKey { current: _, .. } = patient; //~ E0451
}

fn trusted_head(head: Head) {
    let _ = TrustedHead { head }; //~ E0451
}

fn main() {}
