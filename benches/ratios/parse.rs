//! Whole charts read into typed records, and written again, beside `serde_json::Value`, which knows no types.

use std::hint::black_box;

use chartroom::record::{Mode, Resource, parse};
use chartroom_benches::{Unit, bundles, compare};
use serde_json::Value;

/// Compares reading (`parse`) and writing (`write`).
pub fn run() {
    let texts = bundles::minified();
    let unit = Unit::MegabytesPerSecond(texts.iter().map(String::len).sum());
    compare(
        "parse",
        unit,
        || texts.iter().for_each(|text| drop(black_box(ours(text)))),
        || texts.iter().for_each(|text| drop(black_box(peer(text)))),
    );
    let (resources, values): (Vec<_>, Vec<_>) = texts.iter().map(|text| (ours(text), peer(text))).unzip();
    compare(
        "write",
        unit,
        || resources.iter().for_each(|resource| drop(black_box(resource.to_json()))),
        || values.iter().for_each(|value| drop(black_box(value.to_string()))),
    );
}

fn ours(text: &str) -> Resource {
    parse(text.as_bytes(), Mode::Lenient).expect("a bundle").into_resource()
}

fn peer(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}
