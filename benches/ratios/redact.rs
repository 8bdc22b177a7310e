//! Whole charts redacted to JSON, beside reading them: a gateway that redacts does both.

use std::hint::black_box;

use chartroom::record::{Class, ClassSet, Mask, Mode, Resource, parse};
use chartroom_benches::{Unit, bundles, compare};

/// Compares redacting a chart that was read with reading it.
pub fn run() {
    let texts = bundles::minified();
    let read = |text: &String| parse(text.as_bytes(), Mode::Lenient).expect("a bundle").into_resource();
    let charts: Vec<Resource> = texts.iter().map(read).collect();
    let shown = ClassSet::ALL.without(ClassSet::of(&[Class::Name, Class::Address, Class::Contact, Class::Narrative]));
    let mask = Mask { shown, ..Mask::default() };
    let redact = |chart: &Resource| chart.to_masked_json(|_| mask.clone()).expect("something is shown");
    compare(
        "redact",
        Unit::MegabytesPerSecond(texts.iter().map(String::len).sum()),
        || charts.iter().for_each(|chart| drop(black_box(redact(chart)))),
        || texts.iter().for_each(|text| drop(black_box(read(text)))),
    );
}
