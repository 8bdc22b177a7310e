//! Any JSON as FHIR terminology resources, put into a catalog and asked.

#![no_main]

use chartroom_codes::fhir::parameters::{self, Context};
use chartroom_codes::fhir::{Catalog, Coding, Options};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    // Resources stand one to a line; the last may be a request.
    let lines: Vec<Value> = input.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    let catalog = lines.iter().take(8).fold(Catalog::default().with_units(), |catalog, resource| {
        catalog.with(resource).unwrap_or(catalog)
    });
    let options = Options { limit: Some(1_000), ..Options::default() };
    for resource in lines.iter().take(8) {
        let url = resource["url"].as_str().unwrap_or_default();
        let code = resource["concept"][0]["code"].as_str().unwrap_or("a");
        let system = resource["compose"]["include"][0]["system"].as_str().unwrap_or(url);
        if let Ok(expansion) = catalog.expand(url, &options) {
            assert!(expansion.total.is_some_and(|total| total <= 1_000));
            // Whoever is listed is a member.
            for found in expansion.contains.iter().take(20).filter(|found| !found.code.is_empty()) {
                let coding = Coding::new(&found.system, &found.code);
                drop(catalog.validate_code(url, coding, &options));
            }
        }
        drop(catalog.validate_code(url, Coding::new(system, code), &options));
        drop(catalog.validate_in_system(url, Coding::new(url, code), &options));
        drop(catalog.lookup(url, None, code, &options));
        drop(catalog.subsumes(url, None, code, "b", &options));
    }
    if let Some(request) = lines.last() {
        let context = Context { limit: Some(1_000), ..Context::default() };
        for operation in [parameters::validate_code, parameters::expand, parameters::lookup, parameters::translate, parameters::related] {
            drop(operation(&catalog, request, &context));
        }
    }
});
