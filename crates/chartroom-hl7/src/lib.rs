#![doc = include_str!("../README.md")]

use std::sync::LazyLock;

use chartroom_codes::fhir::Catalog;
use serde_json::{Deserializer, Value};

/// The code systems and value sets that this crate ships. They are read at the first call; cloning the catalog is cheap.
#[allow(clippy::expect_used, reason = "the resources are part of this crate, and its tests read the same text")]
pub fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| read().expect("the shipped resources are whole"));
    &CATALOG
}

static RESOURCES: &str = include_str!("../data/hl7.ndjson");

fn read() -> Option<Catalog> {
    let resources = Deserializer::from_str(RESOURCES).into_iter::<Value>();
    let catalog =
        resources.into_iter().try_fold(Catalog::builder(), |builder, resource| builder.add(&resource.ok()?).ok());
    Some(catalog?.build())
}

#[cfg(test)]
mod tests {
    use chartroom_codes::fhir::{Coding, Options};
    use chartroom_codes::{Terminology, Undated, Validation};

    use super::*;

    fn is_in(value_set: &str, system: &str, code: &str) -> bool {
        let answer = catalog().validate_code(value_set, Coding::new(system, code), &Options::default());
        answer.unwrap().is_valid
    }

    #[test]
    fn it_is_as_the_readme_says() {
        let kind = |kind: &str| {
            RESOURCES.lines().filter(|line| line.contains(&format!("\"resourceType\":\"{kind}\""))).count()
        };
        assert_eq!((kind("CodeSystem"), kind("ValueSet")), (258, 266));
        assert_eq!(RESOURCES.len(), 510_306);
    }

    #[test]
    fn required_bindings_can_be_judged() {
        let genders = "http://hl7.org/fhir/ValueSet/administrative-gender";
        assert!(is_in(genders, "http://hl7.org/fhir/administrative-gender", "female"));
        assert!(!is_in(genders, "http://hl7.org/fhir/administrative-gender", "femail"));
        assert!(!is_in(genders, "http://hl7.org/fhir/publication-status", "active"));
    }

    #[test]
    fn a_filter_reaches_down_a_hierarchy_of_v3() {
        let acts = "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode";
        assert!(is_in(acts, "http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB"));
        assert!(!is_in(acts, "http://terminology.hl7.org/CodeSystem/v3-ActCode", "ETH"));
    }

    #[test]
    fn a_terminology_answers_for_systems_without_a_table() {
        let terminology = Terminology::builder().catalog(catalog().clone()).build();
        let genders = |code| terminology.validate_code("http://hl7.org/fhir/administrative-gender", code, None);
        assert_eq!(genders("female"), Validation::Undated(Undated::Usable));
        assert_eq!(genders("femail"), Validation::Undated(Undated::Unlisted));
        assert_eq!(terminology.validate_code("http://loinc.org", "4548-4", None), Validation::NotLoaded);
    }

    #[test]
    fn nothing_is_shipped_that_is_not_of_hl7() {
        for system in ["http://loinc.org", "http://snomed.info/sct", "http://dicom.nema.org/resources/ontology/DCM"] {
            assert!(catalog().code_system(system, None).is_none(), "{system}");
            assert!(!RESOURCES.contains(&format!("\"system\":\"{system}\"")), "{system}");
        }
    }
}
