//! Whole charts read by us and by other typed FHIR models, in one process. The printed form is that of `ratios`.

#[allow(dead_code, reason = "these benches use one of the units")]
#[path = "../support/lib.rs"]
mod support;

use std::hint::black_box;

use chartroom_record::{Mode, parse};
use support::{Unit, bundles, compare};

fn main() {
    let texts = bundles::minified();
    beside("serde_json::Value", &texts, |text| serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
    beside("fhirkit", &texts, fhirkit_reads);
    #[cfg(feature = "fhirbolt")]
    beside("fhirbolt", &texts, fhirbolt_reads);
    #[cfg(feature = "fhir")]
    beside("fhir", &texts, fhir_reads);
}

/// One line: our reading of every chart beside the peer's.
fn beside<T>(peer: &str, texts: &[String], read: impl Fn(&str) -> T) {
    let ours = |text: &str| parse(text.as_bytes(), Mode::Lenient).expect("a bundle").into_resource();
    compare(
        &format!("parse, {peer}"),
        Unit::MegabytesPerSecond(texts.iter().map(String::len).sum()),
        || texts.iter().for_each(|text| drop(black_box(ours(text)))),
        || texts.iter().for_each(|text| drop(black_box(read(text)))),
    );
}

fn fhirkit_reads(text: &str) -> fhirkit::r4::Resource {
    let (resource, _issues) = fhirkit::from_json(text).expect("JSON");
    resource.expect("a resource")
}

#[cfg(feature = "fhirbolt")]
fn fhirbolt_reads(text: &str) -> fhirbolt::model::r4::Resource {
    use fhirbolt::serde::{DeserializationConfig, DeserializationMode};

    let lax = DeserializationConfig { mode: DeserializationMode::Lax };
    fhirbolt::json::from_str(text, Some(lax)).expect("a bundle")
}

/// That model leaves the resources of a bundle as JSON, so each is read once more as what it is.
#[cfg(feature = "fhir")]
fn fhir_reads(text: &str) -> Vec<fhir::r4::resources::Resource> {
    let bundle: fhir::r4::resources::Bundle = serde_json::from_str(text).expect("a bundle");
    let resources = bundle.entry.into_iter().filter_map(|entry| entry.resource);
    resources.map(|resource| serde_json::from_value(resource).expect("a resource")).collect()
}
