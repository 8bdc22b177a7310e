//! What code systems and value sets must hold beyond their invariants: FHIR R4, sections 4.8 and 4.9.

use std::collections::HashMap;

use crate::code_set::{CodeSystemContentMode, ConceptPropertyType};
use crate::issue::{Issue, IssueCode};
use crate::resource::{CodeSystem, CodeSystemConcept, CodeSystemConceptPropertyValue as Value};
use crate::walk::Step;

/// Checks a code system: a supplement says so, and properties have one type each, that of their values.
pub(super) fn code_system(system: &CodeSystem, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let mut contradiction =
        |path: String, detail: &str| issues.push(Issue::new(IssueCode::Contradiction, format!("{at}.{path}"), detail));
    let content = system.content.as_ref().and_then(|content| content.known());
    if system.supplements.is_some() && content.is_some_and(|content| content != CodeSystemContentMode::Supplement) {
        contradiction("content".to_owned(), "a code system that supplements another has this content");
    }
    let mut types = HashMap::new();
    for (index, property) in system.property.iter().enumerate() {
        let code = property.code.as_ref().map_or("", |code| code.as_str());
        let declared = property.type_.as_ref().and_then(|kind| kind.known());
        if types.insert(code, declared).is_some_and(|earlier| earlier != declared) {
            contradiction(format!("property[{index}].type"), "the same property has another type above");
        }
    }
    misfits(&system.concept, "concept", &types, &mut contradiction);
}

type Types<'a> = HashMap<&'a str, Option<ConceptPropertyType>>;

/// Shows each value that is not of the type of its property.
fn misfits(concepts: &[CodeSystemConcept], path: &str, types: &Types<'_>, show: &mut dyn FnMut(String, &str)) {
    for (index, concept) in concepts.iter().enumerate() {
        for (property_index, property) in concept.property.iter().enumerate() {
            let declared = property.code.as_ref().and_then(|code| *types.get(code.as_str())?);
            if let (Some(declared), Some(value)) = (declared, &property.value)
                && declared != type_of(value)
            {
                let path = format!("{path}[{index}].property[{property_index}]");
                show(path, "the value is not of the type of the property");
            }
        }
        misfits(&concept.concept, &format!("{path}[{index}].concept"), types, show);
    }
}

const fn type_of(value: &Value) -> ConceptPropertyType {
    match value {
        Value::Code(_) => ConceptPropertyType::Code,
        Value::Coding(_) => ConceptPropertyType::Coding,
        Value::String(_) => ConceptPropertyType::String,
        Value::Integer(_) => ConceptPropertyType::Integer,
        Value::Boolean(_) => ConceptPropertyType::Boolean,
        Value::DateTime(_) => ConceptPropertyType::DateTime,
        Value::Decimal(_) => ConceptPropertyType::Decimal,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    #[test]
    fn properties_keep_their_type() {
        let json = r#"{"resourceType":"CodeSystem","status":"draft","content":"complete","supplements":"urn:x","property":[{"code":"p","type":"boolean"},{"code":"p","type":"code"}],"concept":[{"code":"a","concept":[{"code":"b","property":[{"code":"p","valueInteger":1}]}]}]}"#;
        let refused = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure()).unwrap_err();
        let paths: Vec<_> =
            refused.issues().iter().filter(|issue| issue.is_error()).map(|issue| issue.path()).collect();
        let expected =
            ["CodeSystem.content", "CodeSystem.property[1].type", "CodeSystem.concept[0].concept[0].property[0]"];
        assert_eq!(paths, expected);
    }
}
