//! Records that come back as they were, whatever other crates switch on in serde_json. The file uses the record crate and serde_json
//! alone, because a program outside the workspace is made of it too.

use chartroom_record::{Mode, Resource, parse};
use serde_json::Value;

/// Texts in which serde_json's features could change something: the text of numbers, the order of members, numbers inside what is
/// kept as plain JSON.
const TEXTS: [&str; 10] = [
    r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.0}}"#,
    r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.00}}"#,
    r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":-0.0}}"#,
    r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.5e-7}}"#,
    r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":12345678901234567.890123456789}}"#,
    r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"component":[{"code":{"text":"y"},"valueInteger":7},{"code":{"text":"z"},"valueRange":{"low":{"value":0.10},"high":{"value":0.20}}}]}"#,
    r#"{"resourceType":"Patient","extension":[{"url":"urn:x","valueDecimal":2.50}],"birthDate":"1980","_birthDate":{"extension":[{"url":"urn:y","valueDecimal":3.0}]}}"#,
    r#"{"resourceType":"Patient","zebra":1.10,"aardvark":{"z":1,"a":[2.0,3.00]}}"#,
    r#"{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/1"},"prediction":[{"probabilityDecimal":12.50}]}"#,
    r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10}}}]}"#,
];

/// Whether a text comes back as it was, or `None` if it could not be read or written.
type RoundTrip = fn(&str) -> Option<bool>;

/// One line for each round trip: what it was, and whether it failed.
pub fn outcomes() -> Vec<(String, bool)> {
    let ways: [(&str, RoundTrip); 4] = [
        ("our own", own),
        ("serde", serde),
        ("a value of serde_json, written", to_value),
        ("a value, read", from_value),
    ];
    let all = TEXTS.iter().enumerate().flat_map(|(index, text)| {
        ways.iter().map(move |(way, holds)| (format!("text {}: {way}", index + 1), holds(text) != Some(true)))
    });
    all.collect()
}

fn own(text: &str) -> Option<bool> {
    let parsed = parse(text.as_bytes(), Mode::Lenient).ok()?;
    Some(parsed.resource().to_json() == text)
}

/// serde's traits refuse what no field holds, so such a text must be refused, and not changed.
fn serde(text: &str) -> Option<bool> {
    match serde_json::from_str::<Resource>(text) {
        Ok(resource) => Some(serde_json::to_string(&resource).ok()? == text),
        Err(_) => Some(parse(text.as_bytes(), Mode::Strict).is_err()),
    }
}

fn to_value(text: &str) -> Option<bool> {
    let resource = parse(text.as_bytes(), Mode::Lenient).ok()?.into_resource();
    Some(serde_json::to_value(&resource).ok()? == serde_json::from_str::<Value>(text).ok()?)
}

/// What a value keeps of a number's text is up to its features; the record is that of the value's own text.
fn from_value(text: &str) -> Option<bool> {
    let value: Value = serde_json::from_str(text).ok()?;
    let told = serde_json::from_value::<Resource>(value.clone());
    match parse(value.to_string().as_bytes(), Mode::Strict) {
        Ok(parsed) => Some(told.ok()? == *parsed.resource()),
        Err(_) => Some(told.is_err()),
    }
}
