//! Any bytes as a record: read, written back, read again.

#![no_main]

use chartroom_record::{Json, JsonText, Mode, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let strict = parse(bytes, Mode::Strict);
    let Ok(lenient) = parse(bytes, Mode::Lenient) else {
        assert!(strict.is_err(), "strict took what lenient refused");
        return;
    };
    assert_eq!(strict.is_ok(), lenient.issues().is_empty(), "strict is lenient without issues");
    let written = lenient.resource().to_json();
    let (read, back) = (Json::parse(lenient.text()), Json::parse(&written));
    assert!(sorted(read.expect("it was read")) == sorted(back.expect("it was written")), "the same JSON value");
    let again = parse(written.as_bytes(), Mode::Lenient).expect("what was written can be read");
    assert!(again.resource() == lenient.resource(), "the same record");
});

/// With the members of each object by name, those of one name as they stand.
fn sorted(json: Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.into_iter().map(sorted).collect()),
        Json::Object(members) => {
            let mut members: Vec<(JsonText, Json)> =
                members.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(members)
        }
        other => other,
    }
}
