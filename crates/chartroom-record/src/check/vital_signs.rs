//! Vital signs. An observation with one of their LOINC codes must conform to their profile: FHIR R4,
//! <https://hl7.org/fhir/R4/observation-vitalsigns.html>.

use crate::datatype::{CodeableConcept, Quantity};
use crate::element::Element as _;
use crate::issue::{Issue, IssueCode};
use crate::primitive::Precision;
use crate::resource::{
    Observation, ObservationComponent, ObservationComponentValue, ObservationEffective, ObservationValue,
};
use crate::walk::Step;

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// LOINC code, and the units of UCUM that it is measured in; none for a panel.
const SIGNS: &[(&str, &[&str])] = &[
    ("85353-1", &[]),
    ("85354-9", &[]),
    ("9279-1", &["/min"]),
    ("8867-4", &["/min"]),
    ("2708-6", &["%"]),
    ("8310-5", &["Cel", "[degF]"]),
    ("8302-2", &["cm", "[in_i]"]),
    ("9843-4", &["cm", "[in_i]"]),
    ("29463-7", &["g", "kg", "[lb_av]"]),
    ("39156-5", &["kg/m2"]),
];

/// Blood pressure, and the components that it is made of.
const BLOOD_PRESSURE: (&str, [&str; 2]) = ("85354-9", ["8480-6", "8462-4"]);

/// Checks an observation if it is of a vital sign.
pub(super) fn check(observation: &Observation, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let Some(code) = &observation.code else { return };
    let Some((sign, units)) = SIGNS.iter().find(|(sign, _)| has_code(code, LOINC, sign)) else { return };
    let mut add = |code: IssueCode, member: &str, detail: &str| {
        issues.push(Issue::new(code, format!("{at}{member}"), detail));
    };
    if !observation.category.iter().any(|category| has_code(category, CATEGORY, "vital-signs")) {
        add(IssueCode::Required, ".category", "the category vital-signs, as the profile of this vital sign asks");
    }
    match &observation.subject {
        None => add(IssueCode::Required, ".subject", "a subject, as the profile of this vital sign asks"),
        Some(subject) if subject.target().is_some_and(|target| target.type_name != "Patient") => {
            add(IssueCode::ReferenceTarget, ".subject.reference", "the subject of a vital sign is a patient");
        }
        Some(_) => {}
    }
    match &observation.effective {
        Some(ObservationEffective::DateTime(time)) if time.date().precision() != Precision::Day => {
            add(IssueCode::Invariant, ".effectiveDateTime", "vs-1: the time is known to the day at least");
        }
        Some(ObservationEffective::DateTime(_) | ObservationEffective::Period(_)) => {}
        _ if beside(observation, "effectiveDateTime") => {}
        _ => add(IssueCode::Required, ".effective[x]", "a time or a period, as the profile of this vital sign asks"),
    }
    let absent = observation.data_absent_reason.is_some();
    let in_parts = !observation.component.is_empty() || !observation.has_member.is_empty();
    if observation.value.is_none() && !absent && !in_parts {
        add(IssueCode::Invariant, "", "vs-2: a value, or the reason why there is none");
    }
    match &observation.value {
        Some(ObservationValue::Quantity(quantity)) if !units.is_empty() => {
            measured(quantity, units, ".valueQuantity", &mut add);
        }
        Some(ObservationValue::Quantity(_)) | None => {}
        Some(_) => add(IssueCode::Invariant, ".value[x]", "the value of a vital sign is a quantity"),
    }
    for (index, component) in observation.component.iter().enumerate() {
        if component.value.is_none() && component.data_absent_reason.is_none() {
            let member = format!(".component[{index}]");
            add(IssueCode::Invariant, &member, "vs-3: a value, or the reason why there is none");
        }
    }
    if *sign == BLOOD_PRESSURE.0 {
        blood_pressure(&observation.component, &mut add);
    }
}

fn blood_pressure(components: &[ObservationComponent], add: &mut dyn FnMut(IssueCode, &str, &str)) {
    for part in BLOOD_PRESSURE.1 {
        let is_part =
            |component: &&ObservationComponent| component.code.as_ref().is_some_and(|code| has_code(code, LOINC, part));
        match components.iter().find(is_part).map(|component| &component.value) {
            None => add(
                IssueCode::Required,
                ".component",
                "systolic and diastolic pressure, as the profile of this vital sign asks",
            ),
            Some(Some(ObservationComponentValue::Quantity(quantity))) => {
                measured(quantity, &["mm[Hg]"], ".component", add);
            }
            Some(None) => {}
            Some(Some(_)) => add(IssueCode::Invariant, ".component", "a pressure is a quantity"),
        }
    }
}

fn has_code(concept: &CodeableConcept, system: &str, code: &str) -> bool {
    concept.coding.iter().any(|coding| {
        coding.system.as_deref() == Some(system) && coding.code.as_ref().is_some_and(|own| own.as_str() == code)
    })
}

/// What a quantity has: a value, and its unit for people and as a code of UCUM.
fn measured(quantity: &Quantity, units: &[&str], path: &str, add: &mut dyn FnMut(IssueCode, &str, &str)) {
    let parts = [
        ("value", quantity.value.is_some()),
        ("unit", quantity.unit.is_some()),
        ("system", quantity.system.is_some()),
        ("code", quantity.code.is_some()),
    ];
    for (part, _) in parts.into_iter().filter(|(part, there)| !there && quantity.extra.extension_of(part).is_empty()) {
        add(IssueCode::Required, path, &format!("a quantity with its {part}, as the profile of this vital sign asks"));
    }
    let foreign = quantity.system.as_deref().is_some_and(|system| system != UCUM);
    let other = quantity.code.as_ref().is_some_and(|code| !units.contains(&code.as_str()));
    if foreign || other {
        add(IssueCode::Binding, path, "the unit is not one of UCUM for this sign");
    }
}

/// Whether extensions stand in place of a value.
fn beside(observation: &Observation, member: &str) -> bool {
    !observation.extra().extension_of(member).is_empty()
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    fn issues(code: &str, rest: &str) -> Vec<String> {
        let json = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}{rest}}}"#
        );
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        let issues = outcome.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        let errors = issues.iter().filter(|issue| issue.is_error());
        errors.map(|issue| format!("{} {}", issue.key().unwrap_or(issue.code().as_str()), issue.path())).collect()
    }

    /// What every vital sign has.
    const BASE: &str = r#","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-05-06""#;

    #[test]
    fn a_sign_has_what_its_profile_asks_for() {
        let rate = |unit: &str| {
            format!(
                r#"{BASE},"valueQuantity":{{"value":70,"unit":"x","system":"http://unitsofmeasure.org","code":"{unit}"}}"#
            )
        };
        assert!(issues("8867-4", &rate("/min")).is_empty());
        assert_eq!(issues("8867-4", &rate("Hz")), ["binding Observation.valueQuantity"]);
        assert_eq!(issues("8867-4", BASE), ["vs-2 Observation"]);
        assert_eq!(issues("8867-4", &(BASE.to_owned() + r#","valueString":"70""#)), ["invariant Observation.value[x]"]);
        assert_eq!(issues("8867-4", &(BASE.to_owned() + r#","valueQuantity":{"unit":"beats"}"#)).len(), 3);
        let group = rate("/min").replace("Patient/1", "Group/1");
        assert_eq!(issues("8867-4", &group), ["reference-target Observation.subject.reference"]);
        assert_eq!(issues("8867-4", "").len(), 4);
        assert!(issues("1-8", "").is_empty());
        let month = BASE.replace("2024-05-06", "2024-05") + r#","dataAbsentReason":{"text":"asleep"}"#;
        assert_eq!(issues("8867-4", &month), ["vs-1 Observation.effectiveDateTime"]);
    }

    #[test]
    fn a_blood_pressure_has_two_parts() {
        let part = |code: &str, value: &str| {
            format!(r#"{{"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}{value}}}"#)
        };
        let value =
            r#","valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}"#;
        let of = |parts: &[String]| issues("85354-9", &format!(r#"{BASE},"component":[{}]"#, parts.join(",")));
        assert!(of(&[part("8480-6", value), part("8462-4", value)]).is_empty());
        assert_eq!(of(&[part("8480-6", value)]), ["required Observation.component"]);
        assert_eq!(of(&[part("8480-6", value), part("8462-4", "")]), ["vs-3 Observation.component[1]"]);
    }
}
