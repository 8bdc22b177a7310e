//! Any text as a path, followed and set in a record.

#![no_main]

use chartroom_record::{Mode, Path, parse};
use libfuzzer_sys::fuzz_target;

const RECORD: &str = r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"Mill"}],"extension":[{"url":"urn:a","valueQuantity":{"value":1.0}}],"name":[{"given":[null,"Ada"],"_given":[{"id":"g"},null],"family":"Fenwarden"}],"birthDate":"1978","deceasedBoolean":false,"contact":[{"name":{"family":"Moss"}}]}"#;

fuzz_target!(|input: (&str, &str)| {
    let (text, value) = input;
    let Ok(path) = text.parse::<Path>() else { return };
    assert_eq!(path.to_string().parse::<Path>().as_ref(), Ok(&path), "what is printed is the same path");

    let mut patient = parse(RECORD.as_bytes(), Mode::Strict).expect("a patient").into_resource();
    let before = patient.clone();
    for found in path.all(&patient) {
        found.to_json();
    }
    if path.set(&mut patient, value).is_err() {
        assert!(patient == before, "what does not fit changes nothing");
    }
    path.remove(&mut patient);
    parse(patient.to_json().as_bytes(), Mode::Lenient).expect("a record that can be read");
});
