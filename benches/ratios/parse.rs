//! Whole charts read into typed records, written again and gone through, beside `serde_json::Value`, which knows no types.

use std::hint::black_box;

use chartroom::record::{Class, Mode, Resource, parse};
use chartroom_benches::{Unit, bundles, compare};
use serde_json::Value;

/// Compares reading (`parse`), writing (`write`) and going through every value (`walk`).
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
    compare(
        "walk",
        unit,
        || _ = black_box(resources.iter().map(names).sum::<usize>()),
        || _ = black_box(values.iter().map(leaves).sum::<usize>()),
    );
}

fn ours(text: &str) -> Resource {
    parse(text.as_bytes(), Mode::Lenient).expect("a bundle").into_resource()
}

fn peer(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// How many values are of one class: that of each is worked out on the way.
fn names(resource: &Resource) -> usize {
    let mut count = 0;
    resource.for_each_element(|visit| count += usize::from(visit.found().class() == Class::Name));
    count
}

/// How many texts there are: all that a walk without types can tell.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(members) => members.values().map(leaves).sum(),
        Value::String(_) => 1,
        _ => 0,
    }
}
