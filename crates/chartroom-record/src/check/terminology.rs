//! What code systems and value sets must hold beyond their invariants: FHIR R4, sections 4.8 and 4.9.

use std::collections::{HashMap, HashSet};

use crate::code_set::{CodeSystemContentMode, ConceptPropertyType};
use crate::issue::{Issue, IssueCode};
use crate::resource::{CodeSystem, CodeSystemConcept, CodeSystemConceptPropertyValue as Value, ValueSetComposeInclude};
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
    let mut addresses = HashSet::new();
    for (index, property) in system.property.iter().enumerate() {
        let declared = property.type_.as_ref().and_then(|kind| kind.known());
        if let Some(code) = &property.code
            && types.insert(code.as_str(), declared).is_some()
        {
            contradiction(format!("property[{index}].code"), "a property of this code stands above");
        }
        let Some(address) = property.uri.as_deref() else { continue };
        if !addresses.insert(address) {
            contradiction(format!("property[{index}].uri"), "a property of this address stands above");
        }
        if property_type(address).is_some_and(|known| declared.is_some_and(|declared| declared != known)) {
            contradiction(format!("property[{index}].type"), "the property of this address has another type");
        }
    }
    let counted = count(&system.concept);
    let stated = system.count.and_then(|count| usize::try_from(count).ok());
    if content == Some(CodeSystemContentMode::Complete) && stated.is_some_and(|stated| stated != counted) {
        contradiction("count".to_owned(), "the code system is complete, and has another number of concepts");
    }
    misfits(&system.concept, "concept", &types, &mut contradiction);
}

/// Checks the filters of a value set on properties that HL7 defines for any code system.
pub(super) fn filters(include: &ValueSetComposeInclude, at: &Step<'_>, issues: &mut Vec<Issue>) {
    for (index, filter) in include.filter.iter().enumerate() {
        let property = filter.property.as_ref().map_or("", |property| property.as_str());
        let is_truth = filter.value.as_deref().is_none_or(|value| matches!(value, "true" | "false"));
        let address = format!("{PROPERTIES}{property}");
        if property_type(&address) == Some(ConceptPropertyType::Boolean) && !is_truth {
            let detail = "a filter on this property has the value true or false";
            issues.push(Issue::new(IssueCode::Contradiction, format!("{at}.filter[{index}].value"), detail));
        }
    }
}

/// Where HL7 defines the properties that any code system may have.
const PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

fn property_type(address: &str) -> Option<ConceptPropertyType> {
    match address.strip_prefix(PROPERTIES)? {
        "inactive" | "notSelectable" => Some(ConceptPropertyType::Boolean),
        "deprecated" | "deprecationDate" | "retirementDate" => Some(ConceptPropertyType::DateTime),
        "parent" | "child" => Some(ConceptPropertyType::Code),
        _ => None,
    }
}

fn count(concepts: &[CodeSystemConcept]) -> usize {
    concepts.iter().map(|concept| 1 + count(&concept.concept)).sum()
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
            ["CodeSystem.content", "CodeSystem.property[1].code", "CodeSystem.concept[0].concept[0].property[0]"];
        assert_eq!(paths, expected);
    }
}
