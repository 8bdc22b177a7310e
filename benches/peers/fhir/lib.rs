//! Reading and writing a chart by `fhir`. That model leaves the resources of a bundle as JSON, so each is read once more as
//! what it is.

use fhir::r4::resources::{Bundle, Resource};

/// The resources of a bundle, without the bundle around them.
pub fn read(text: &str) -> Vec<Resource> {
    let bundle: Bundle = serde_json::from_str(text).expect("a bundle");
    let resources = bundle.entry.into_iter().filter_map(|entry| entry.resource);
    resources.map(|resource| serde_json::from_value(resource).expect("a resource")).collect()
}

/// Writes each resource, without the bundle around them.
pub fn write(resources: &Vec<Resource>) -> String {
    serde_json::to_string(resources).expect("JSON")
}
