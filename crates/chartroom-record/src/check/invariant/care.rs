//! Invariants of what is found, done and planned.

use std::collections::HashSet;

use super::{Has as _, invariants, means};
use crate::datatype::CodeableConcept;
use crate::resource::{
    AllergyIntolerance, CarePlanActivity, Condition, ConditionEvidence, ConditionStage, FamilyMemberHistory,
    GoalTarget, ImmunizationEducation, MeasureReport, Observation, ObservationReferenceRange, ServiceRequest,
};
use crate::write;

const ALLERGY_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const CONDITION_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CONDITION_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const CONDITION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";

invariants! {
    "AllergyIntolerance" AllergyIntolerance {
        Error "ait-1" "a clinical status is needed unless it was entered in error": |it|
            it.has("clinicalStatus") || allergy_in_error(it);
        Error "ait-2" "a clinical status, though it was entered in error": |it|
            !it.has("clinicalStatus") || !allergy_in_error(it);
    }
    "Condition" Condition {
        Warning "con-3" "a problem on the list has a clinical status unless it was entered in error": |it|
            it.has("clinicalStatus") || condition_in_error(it) || !on_problem_list(it);
        Error "con-4" "an abated condition is inactive, resolved or in remission": |it|
            !it.has("abatement")
                || means(&it.clinical_status, CONDITION_CLINICAL, &["inactive", "resolved", "remission"]);
        Error "con-5" "a clinical status, though it was entered in error": |it|
            !it.has("clinicalStatus") || !condition_in_error(it);
    }
    "Condition.stage" ConditionStage {
        Error "con-1" "neither a summary nor an assessment": |it| it.has("summary") || it.has("assessment");
    }
    "Condition.evidence" ConditionEvidence {
        Error "con-2" "neither a code nor details": |it| it.has("code") || it.has("detail");
    }
    "Observation" Observation {
        Error "obs-6" "a reason why the value is absent, beside a value": |it|
            !it.has("dataAbsentReason") || !it.has("value");
        Error "obs-7" "a value, though a component with the same code carries it": |it|
            !it.has("value") || !component_has_its_code(it);
    }
    "Observation.referenceRange" ObservationReferenceRange {
        Error "obs-3" "neither low, nor high, nor text": |it| it.has("low") || it.has("high") || it.has("text");
    }
    "FamilyMemberHistory" FamilyMemberHistory {
        Error "fhs-1" "an age beside a date of birth": |it| !it.has("age") || !it.has("born");
        Error "fhs-2" "the age is estimated, and there is none": |it| it.has("age") || !it.has("estimatedAge");
    }
    "Goal.target" GoalTarget {
        Error "gol-1" "a detail without a measure": |it| !it.has("detail") || it.has("measure");
    }
    "CarePlan.activity" CarePlanActivity {
        Error "cpl-3" "a detail beside a reference": |it| !it.has("detail") || !it.has("reference");
    }
    "Immunization.education" ImmunizationEducation {
        Error "imm-1" "neither a document type nor a reference": |it| it.has("documentType") || it.has("reference");
    }
    "ServiceRequest" ServiceRequest {
        Error "prr-1" "details of the order without a code": |it| !it.has("orderDetail") || it.has("code");
    }
    "MeasureReport" MeasureReport {
        Error "mrp-1" "a report for data collection has no groups": |it|
            !super::is(&it.type_, "data-collection") || !it.has("group");
        Error "mrp-2" "a stratum has either a value or components, and not both": |it| {
            let stratifiers = it.group.iter().flat_map(|group| &group.stratifier);
            stratifiers.flat_map(|stratifier| &stratifier.stratum).all(|it| it.has("value") != it.has("component"))
        };
    }
}

fn allergy_in_error(it: &AllergyIntolerance) -> bool {
    means(&it.verification_status, ALLERGY_VERIFICATION, &["entered-in-error"])
}

fn condition_in_error(it: &Condition) -> bool {
    means(&it.verification_status, CONDITION_VERIFICATION, &["entered-in-error"])
}

fn on_problem_list(it: &Condition) -> bool {
    let mut codings = it.category.iter().flat_map(|category| &category.coding);
    codings.any(|coding| super::in_system(coding, CONDITION_CATEGORY) && super::is(&coding.code, "problem-list-item"))
}

/// Whether the code of a component has a coding of the observation's own.
fn component_has_its_code(it: &Observation) -> bool {
    if it.component.is_empty() {
        return false;
    }
    let own: HashSet<String> = coding_texts(it.code.as_ref()).collect();
    it.component.iter().flat_map(|component| coding_texts(component.code.as_ref())).any(|text| own.contains(&text))
}

/// The codings as JSON: equal ones have the same text, by which many are quickly compared.
fn coding_texts(code: Option<&CodeableConcept>) -> impl Iterator<Item = String> {
    code.into_iter().flat_map(|code| &code.coding).map(|coding| write::element(coding))
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn many_codings_are_no_burden() {
        // Each held against each, they would take many minutes.
        let codings = |from: usize| {
            let coding = |at: usize| format!(r#"{{"system":"urn:x","code":"{at}"}}"#);
            (from..from + 10_000).map(coding).collect::<Vec<_>>().join(",")
        };
        let observation = |from: usize| {
            format!(
                r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{}]}},"valueInteger":1,"component":[{{"code":{{"coding":[{}]}}}}]}}"#,
                codings(0),
                codings(from)
            )
        };
        assert!(breaches(&observation(10_000)).is_empty());
        assert_eq!(breaches(&observation(9_999)), ["obs-7 Observation"]);
    }

    #[test]
    fn findings_and_plans_keep_the_rules() {
        let cases = [
            (
                r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:x","code":"1"}]},"valueInteger":1,"dataAbsentReason":{"text":"x"}}"#,
                &["obs-6 Observation"][..],
            ),
            (
                r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:x","code":"1"}]},"valueInteger":1,"component":[{"code":{"coding":[{"system":"urn:x","code":"1"}]}}]}"#,
                &["obs-7 Observation"],
            ),
            (
                r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:x","code":"1"}]},"valueInteger":1,"component":[{"code":{"coding":[{"system":"urn:x","code":"2"}]}}]}"#,
                &[],
            ),
            (
                r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:x","code":"1"}]},"referenceRange":[{"type":{"text":"x"}}]}"#,
                &["obs-3 Observation.referenceRange[0]"],
            ),
            (
                r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}]}"#,
                &["con-3 Condition"],
            ),
            (
                r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"abatementDateTime":"2020"}"#,
                &["con-4 Condition"],
            ),
            (
                r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"resolved"}]},"abatementDateTime":"2020"}"#,
                &[],
            ),
            (
                r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"entered-in-error"}]}}"#,
                &["con-5 Condition"],
            ),
            (
                r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"stage":[{"type":{"text":"x"}}],"evidence":[{"id":"e","extension":[{"url":"urn:x","valueCode":"x"}]}]}"#,
                &["con-1 Condition.stage[0]", "con-2 Condition.evidence[0]"],
            ),
            (
                r#"{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/1"}}"#,
                &["ait-1 AllergyIntolerance"],
            ),
            (
                r#"{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/1"},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"active"}]},"verificationStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-verification","code":"entered-in-error"}]}}"#,
                &["ait-2 AllergyIntolerance"],
            ),
            (
                r#"{"resourceType":"FamilyMemberHistory","status":"partial","patient":{"reference":"Patient/1"},"relationship":{"text":"x"},"ageString":"x","bornString":"y"}"#,
                &["fhs-1 FamilyMemberHistory"],
            ),
            (
                r#"{"resourceType":"FamilyMemberHistory","status":"partial","patient":{"reference":"Patient/1"},"relationship":{"text":"x"},"estimatedAge":true}"#,
                &["fhs-2 FamilyMemberHistory"],
            ),
            (
                r#"{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/1"},"target":[{"detailString":"x"}]}"#,
                &["gol-1 Goal.target[0]"],
            ),
            (
                r#"{"resourceType":"MeasureReport","status":"complete","type":"data-collection","measure":"urn:x","period":{"start":"2020"},"group":[{"stratifier":[{"stratum":[{"measureScore":{"value":1}}]}]}]}"#,
                &["mrp-1 MeasureReport", "mrp-2 MeasureReport"],
            ),
            (
                r#"{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"orderDetail":[{"text":"x"}]}"#,
                &["prr-1 ServiceRequest"],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
