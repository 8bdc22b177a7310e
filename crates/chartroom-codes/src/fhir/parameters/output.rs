//! Writes answers.

use serde_json::{Map, Value, json};

use super::super::ValueSet;
use super::super::expand::Text;
use super::super::issue::{Issue, Refusal};
use super::super::json::Element;
use super::super::lookup::Found;
use super::super::related::{Relation, RelationKind};
use super::super::translate::{Direction, Match, Translation};
use super::super::validate::{CodeableConcept, Coding, Validated};

/// A refusal as a FHIR `OperationOutcome`.
pub fn outcome(refusal: &Refusal) -> Value {
    operation_outcome(std::slice::from_ref(refusal.0.as_ref()))
}

pub(super) fn validated(answer: &Validated) -> Value {
    let mut parameters = Parameters::default();
    parameters.put("result", "valueBoolean", json!(answer.is_valid));
    if let Some(Coding { system, version, code, .. }) = &answer.coding {
        parameters.put_some("system", "valueUri", system.as_ref());
        parameters.put_some("code", "valueCode", code.as_ref());
        parameters.put_some("version", "valueString", version.as_ref());
    }
    parameters.put_some("display", "valueString", answer.display.as_ref());
    if answer.is_inactive {
        parameters.put("inactive", "valueBoolean", json!(true));
    }
    parameters.put_some("status", "valueCode", answer.status.as_ref());
    parameters.put_some("normalized-code", "valueCode", answer.normalized_code.as_ref());
    let unknown = if answer.is_undecided { "x-caused-by-unknown-system" } else { "x-unknown-system" };
    for system in &answer.unknown_systems {
        parameters.put(unknown, "valueCanonical", json!(system));
    }
    parameters.put_some("message", "valueString", answer.message.as_ref());
    if let Some(concept) = &answer.concept {
        parameters.put("codeableConcept", "valueCodeableConcept", concept_json(concept));
    }
    if !answer.issues.is_empty() {
        parameters.put("issues", "resource", operation_outcome(&answer.issues));
    }
    parameters.into_json()
}

pub(super) fn found(found: &Found) -> Value {
    let mut parameters = Parameters::default();
    parameters.put_some("name", "valueString", found.name.as_ref());
    parameters.put("system", "valueUri", json!(found.system));
    parameters.put_some("version", "valueString", found.version.as_ref());
    parameters.put("code", "valueCode", json!(found.code));
    parameters.put_some("display", "valueString", found.display.as_ref());
    parameters.put_some("definition", "valueString", found.definition.as_ref());
    parameters.put("abstract", "valueBoolean", json!(found.is_abstract));
    for designation in &found.designations {
        parameters.put("designation", "part", designation_parts(designation));
    }
    for (code, member, value) in &found.properties {
        let parts = json!([{ "name": "code", "valueCode": code }, { "name": "value", member.as_str(): value }]);
        parameters.put("property", "part", parts);
    }
    parameters.into_json()
}

pub(super) fn translated(translation: &Translation, direction: Direction) -> Value {
    let mut parameters = Parameters::default();
    parameters.put("result", "valueBoolean", json!(translation.is_found()));
    if translation.matches.is_empty() {
        parameters.put("message", "valueString", json!("No translations found"));
    }
    for Match { target, source, relationship, conditions, products, map } in &translation.matches {
        let mut parts = vec![
            json!({ "name": "relationship", "valueCode": relationship.code() }),
            json!({ "name": "equivalence", "valueCode": relationship.equivalence() }),
            json!({ "name": "concept", "valueCoding": coding_json(target) }),
            json!({ "name": "originMap", "valueCanonical": map }),
        ];
        parts.extend(
            conditions.iter().map(|condition| json!({ "name": "dependsOn", "part": attribute_parts(condition) })),
        );
        parts.extend(products.iter().map(|product| json!({ "name": "product", "part": attribute_parts(product) })));
        // Whoever asks backwards does not know the source yet.
        if direction == Direction::Reverse {
            parts.push(json!({ "name": "source", "valueCoding": coding_json(source) }));
        }
        parameters.put("match", "part", json!(parts));
    }
    parameters.into_json()
}

/// A `dependsOn` or `product` of a concept map. R4 calls `property` what R5 calls `attribute`, and has a text and perhaps its system where
/// R5 has a value of any type.
fn attribute_parts(of_map: &Value) -> Value {
    let attribute = of_map.text("attribute").or_else(|| of_map.text("property")).unwrap_or_default();
    let is_value = |(name, _): &(&String, &Value)| name.starts_with("value") && *name != "valueSet";
    let value = of_map.as_object().and_then(|members| members.iter().find(is_value));
    let value = match (of_map.text("system"), value) {
        (Some(system), Some((_, code))) => {
            json!({ "name": "value", "valueCoding": { "system": system, "code": code } })
        }
        (None, Some((member, value))) => {
            let member = if member == "value" { "valueString" } else { member };
            json!({ "name": "value", member: value })
        }
        (_, None) => json!({ "name": "value" }),
    };
    json!([{ "name": "attribute", "valueUri": attribute }, value])
}

pub(super) fn related(relation: &Relation, this: &ValueSet, other: &ValueSet) -> Value {
    let Relation { kind, is_expanded, common, missing, extra, reason } = relation;
    let (this, other) = (this.publication.canonical(), other.publication.canonical());
    let message = match kind {
        RelationKind::Same => format!("The value sets {this} and {other} contain the same codes"),
        RelationKind::Empty => format!("Both the value sets {this} and {other} are empty"),
        RelationKind::Subset => format!("The valueSet {this} is a sub-set of the valueSet {other}"),
        RelationKind::Superset => format!("The valueSet {this} is a super-set of the valueSet {other}"),
        RelationKind::Disjoint => format!("No shared codes between the value sets {this} and {other}"),
        RelationKind::Overlapping => {
            format!("Both value sets {this} and {other} contain the codes the other doesn't, but there is some overlap")
        }
        RelationKind::Indeterminate => {
            let reason = reason.as_deref().unwrap_or_default();
            format!("Unable to compare {this} and {other}: This expansion failed: {reason}")
        }
    };
    let mut parameters = Parameters::default();
    parameters.put("result", "valueCode", json!(kind.code()));
    parameters.put("message", "valueString", json!(message));
    parameters.put("performed-expansion", "valueBoolean", json!(is_expanded));
    for (name, codes) in [("common-codes", common), ("missing-codes", missing), ("extra-codes", extra)] {
        if !codes.is_empty() {
            parameters.put(name, "valueString", json!(codes.join(",")));
        }
    }
    parameters.into_json()
}

#[derive(Default)]
struct Parameters(Vec<Value>);

impl Parameters {
    fn put(&mut self, name: &str, member: &str, value: Value) {
        self.0.push(json!({ "name": name, member: value }));
    }

    fn put_some(&mut self, name: &str, member: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.put(name, member, json!(value));
        }
    }

    fn into_json(self) -> Value {
        json!({ "resourceType": "Parameters", "parameter": self.0 })
    }
}

fn operation_outcome(issues: &[Issue]) -> Value {
    json!({ "resourceType": "OperationOutcome", "issue": issues.iter().map(issue_json).collect::<Vec<_>>() })
}

fn issue_json(issue: &Issue) -> Value {
    let Issue { severity, kind, detail, message_id, text, expression } = issue;
    let mut json = Map::new();
    if let Some(id) = message_id {
        let url = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id";
        json.insert("extension".into(), json!([{ "url": url, "valueString": id }]));
    }
    json.insert("severity".into(), json!(severity.code()));
    json.insert("code".into(), json!(kind.code()));
    json.insert(
        "details".into(),
        match detail {
            Some(detail) => {
                let system = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type";
                json!({ "coding": [{ "system": system, "code": detail.code() }], "text": text })
            }
            None => json!({ "text": text }),
        },
    );
    if let Some(expression) = expression {
        // R4 servers still send the older of the two.
        json.insert("location".into(), json!([expression]));
        json.insert("expression".into(), json!([expression]));
    }
    Value::Object(json)
}

fn designation_parts(designation: &Text) -> Value {
    let Text { language, usage, value, .. } = designation;
    let mut parts = Vec::new();
    if let Some(language) = language {
        parts.push(json!({ "name": "language", "valueCode": language }));
    }
    if let Some(usage) = usage {
        parts.push(json!({ "name": "use", "valueCoding": usage }));
    }
    parts.push(json!({ "name": "value", "valueString": value }));
    json!(parts)
}

fn coding_json(coding: &Coding) -> Value {
    let Coding { system, version, code, display } = coding;
    let members = [("system", system), ("version", version), ("code", code), ("display", display)];
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))))
        .collect::<Map<_, _>>()
        .into()
}

fn concept_json(concept: &CodeableConcept) -> Value {
    let CodeableConcept { coding, text } = concept;
    let mut json = Map::new();
    if !coding.is_empty() {
        json.insert("coding".into(), coding.iter().map(coding_json).collect());
    }
    if let Some(text) = text {
        json.insert("text".into(), json!(text));
    }
    Value::Object(json)
}
