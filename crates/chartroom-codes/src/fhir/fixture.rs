//! Small resources for the unit tests.

use serde_json::{Value, json};

use super::Catalog;

/// Letters: A with AA, which has AAA, and AB under it; B, retired; C, not selectable.
pub(super) fn letters() -> Value {
    json!({
        "resourceType": "CodeSystem", "url": "urn:letters", "version": "1", "status": "active", "content": "complete",
        "language": "en",
        "concept": [
            { "code": "A", "display": "Letter A", "concept": [
                { "code": "AA", "display": "Letters AA", "concept": [{ "code": "AAA", "display": "Letters AAA" }] },
                { "code": "AB", "display": "Letters AB", "designation": [{ "language": "de", "value": "Buchstaben AB" }] }
            ] },
            { "code": "B", "display": "Letter B", "property": [{ "code": "status", "valueCode": "retired" }] },
            { "code": "C", "display": "Letter C", "property": [{ "code": "notSelectable", "valueBoolean": true }] }
        ]
    })
}

pub(super) fn value_set(url: &str, include: Value) -> Value {
    json!({ "resourceType": "ValueSet", "url": url, "status": "active", "compose": { "include": include } })
}

pub(super) fn catalog(resources: &[Value]) -> Catalog {
    resources.iter().fold(Catalog::default(), |catalog, resource| catalog.with(resource).unwrap())
}
