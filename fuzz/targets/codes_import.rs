//! Any bytes as a release file of each kind.

#![no_main]

use std::io::Cursor;

use chartroom_codes::import::*;
use chartroom_codes::snomed::SnomedCt;
use chartroom_codes::table::{Edition, Release, Table, TableBuilder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    let day = "2026-01-01".parse().expect("a day");
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let halves = bytes.split_at(bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len()));
    let release = match kind % 21 {
        0 => order_text(bytes).map(of_rows),
        1 => order_zip(Cursor::new(bytes)).map(of_rows),
        2 => tabular_xml(text).map(of_rows),
        3 => loinc_csv(halves.0, halves.1.get(1..).unwrap_or_default(), day),
        4 => loinc_zip(Cursor::new(bytes), day),
        5 => ndc_text(halves.0, halves.1.get(1..).unwrap_or_default()),
        6 => ndc_zip(Cursor::new(bytes)),
        7 => rxnorm_rrf(halves.0, halves.1.get(1..).unwrap_or_default(), day),
        8 => rxnorm_zip(Cursor::new(bytes), day),
        9 => hcpcs_text(bytes),
        10 => cvx_text(bytes),
        11 => mvx_text(bytes),
        12 => return drop(exempt_text(bytes)),
        13 => return drop(exempt_zip(Cursor::new(bytes))),
        14 => return drop(index_xml(text)),
        15 => return drop(tabular_notes(text)),
        16 => return drop(snomed_zip(Cursor::new(bytes), US_ENGLISH)),
        17 => return snomed(bytes),
        18 => hcpcs_zip(Cursor::new(bytes)),
        19 => loinc_parts_csv(bytes, day),
        _ => return drop(loinc_answers_csv(bytes)),
    };
    // What is read makes a table, or it is said why it does not.
    if let Ok(release) = release {
        assert!(!release.rows.is_empty(), "a release without a code is refused");
        let edition = Edition { label: "fuzz".into(), from: day, last: None };
        if let Ok(image) = TableBuilder::new("urn:fuzz", "Fuzz").dot_after(3).release(edition, release).build() {
            Table::from_bytes(image).expect("a table that was built is read");
        }
    }
});

fn of_rows(rows: Vec<chartroom_codes::table::Row>) -> Release {
    Release { rows, ..Release::default() }
}

fn snomed(bytes: &[u8]) {
    let mut files = bytes.split(|byte| *byte == 0);
    let mut file = || files.next().unwrap_or_default();
    let files = SnomedFiles {
        concepts: file(),
        descriptions: file(),
        language: file(),
        relationships: file(),
        associations: file(),
        sets: vec![file()],
    };
    if let Ok(snapshot) = snomed_rf2(files, US_ENGLISH) {
        drop(snapshot.release());
        drop(SnomedCt::new("urn:fuzz", snapshot));
    }
}
