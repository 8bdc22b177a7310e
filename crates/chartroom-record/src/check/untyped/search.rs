//! Search parameters that are used or refined: they keep the type that R4 gives them.

use crate::json::Json;

const PARAMETERS: &str = include_str!("search-parameters.txt");

/// What is wrong with the type of a search parameter, in the structure that names it: the member, and the fault.
pub(super) fn fault(type_name: &str, path: &str, json: &Json) -> Option<(&'static str, &'static str)> {
    let named = match (type_name, path) {
        ("CapabilityStatement", "rest.resource.searchParam" | "rest.searchParam") => "definition",
        ("SearchParameter", "") => "derivedFrom",
        _ => return None,
    };
    let official = type_of(json.get(named)?.as_str()?)?;
    let stated = json.get("type")?.as_str()?;
    (stated != official).then_some(("type", "the search parameter that it names has another type"))
}

fn type_of(address: &str) -> Option<&'static str> {
    let name = address.strip_prefix("http://hl7.org/fhir/SearchParameter/")?;
    let name = name.split('|').next().unwrap_or(name);
    PARAMETERS.lines().find_map(|line| {
        let (kind, names) = line.split_once(' ')?;
        names.split(' ').any(|known| known == name).then_some(kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_keeps_its_type() {
        let json = Json::parse(
            r#"{"definition":"http://hl7.org/fhir/SearchParameter/clinical-patient|4.0.1","type":"token"}"#,
        );
        let fault_at = |path| fault("CapabilityStatement", path, json.as_ref().unwrap());
        assert!(fault_at("rest.resource.searchParam").is_some());
        assert!(fault_at("rest").is_none());
        assert_eq!(type_of("http://hl7.org/fhir/SearchParameter/clinical-patient"), Some("reference"));
        assert_eq!(type_of("https://example.org/SearchParameter/clinical-patient"), None);
    }
}
