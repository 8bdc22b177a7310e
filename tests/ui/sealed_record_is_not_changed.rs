//! The parts of a sealed record are neither reached nor replaced.

use chartroom_vault::{RecordId, SealedRecord};

fn a_part_is_read(record: &SealedRecord) {
    let _ = record.part("Name"); //~ E0624
}

fn the_parts_are_read(record: &SealedRecord) {
    let _ = &record.parts; //~ E0616
}

fn the_parts_are_moved(record: &mut SealedRecord, other: SealedRecord) {
    record.parts = other.parts; //~ E0616
}

fn the_version_is_set_back(record: &mut SealedRecord) {
    record.version = 1; //~ E0616
}

fn another_patient_is_named(record: &mut SealedRecord, patient: RecordId) {
    record.patient = patient; //~ E0616
}

fn main() {}
