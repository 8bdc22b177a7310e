//! Redaction: what a decision lets out of a record that is at hand in plaintext.
//!
//! Which to use when? A sealed record is opened by the vault: its view decrypts what was granted and nothing else, and what was
//! withheld is simply absent. Redaction is for plaintext that is there anyway, such as the answer of another system or a
//! bundle about to be sent: it leaves out the same classes, and says where something was left out.
//!
//! Where rules name single elements, those are shown and the rest of their class is not.
//!
//! Elements of which nothing may be seen carry FHIR's `data-absent-reason` `masked` where the standard allows it, and the
//! record gets the security label `REDACTED` with the HL7 codes of the decision's obligations. That something was left
//! out shows; what it was does not. [`Resource::to_masked_json`] has the rules in full.

use chartroom_record::datatype::Coding;
use chartroom_record::{ClassSet, Elements, Mask, Resource};

use crate::decision::PartGround;
use crate::label::{ACT_CODE, OBSERVATION_VALUE};
use crate::{Decision, ResourceType};

/// The record as JSON, as far as the decision permits. `None` if nothing of it may be seen.
///
/// A decision is about one record: of a bundle or parameters, the records inside are withheld. [`redact_each`] asks for a
/// decision about each. What was decided about a record of another type opens nothing.
///
/// ```
/// use chartroom_access::{Action, Facts, Policy, Purpose, Request, ResourceType, redact};
/// use chartroom_record::{Mode, parse};
///
/// let text = br#"{"resourceType":"Encounter","reasonCode":[{"text":"Chest pain"}],"subject":{"display":"Zoe Fenwarden"}}"#;
/// let encounter = parse(text, Mode::Lenient)?.into_resource();
/// let facts = Facts::new(ResourceType::of("Encounter"), encounter.classes());
/// let (who, at) = ("billing-clerk".into(), chrono::DateTime::UNIX_EPOCH);
/// let request = Request::new("clerk-4", who, Action::Read, Purpose::Payment, at);
/// let decision = Policy::starter().decide(&request, &facts);
/// let redacted = redact(&encounter, &decision).unwrap();
/// assert!(redacted.contains("Chest pain") && redacted.contains("REDACTED") && !redacted.contains("Fenwarden"));
/// # Ok::<(), chartroom_record::Issues>(())
/// ```
pub fn redact(resource: &Resource, decision: &Decision) -> Option<String> {
    let mut outermost = Some(decision);
    resource.to_masked_json(|resource| outermost.take().map_or_else(Mask::default, |decision| mask(resource, decision)))
}

/// The record as JSON, as far as the decision about it permits, and so each record inside it. A record of which nothing
/// may be seen goes with its entry, and the bundle's total with it.
///
/// Each record is shown to `decide` once, the bundle itself first. `None` if nothing may be seen.
pub fn redact_each(resource: &Resource, mut decide: impl FnMut(&Resource) -> Decision) -> Option<String> {
    resource.to_masked_json(|resource| mask(resource, &decide(resource)))
}

fn mask(resource: &Resource, decision: &Decision) -> Mask {
    let same = ResourceType::of(resource.type_name()) == decision.facts().resource_type;
    Mask {
        shown: if same { decision.permitted() } else { ClassSet::NONE },
        labels: vec![coding(OBSERVATION_VALUE, "REDACTED")],
        handling: decision
            .obligations()
            .iter()
            .filter_map(|duty| duty.hl7_code())
            .map(|code| coding(ACT_CODE, code))
            .collect(),
        elements: (same && !decision.in_part().is_empty()).then(|| elements(decision)),
    }
}

/// What may be seen of the classes that were granted in part.
fn elements(decision: &Decision) -> Elements {
    let (policy, request, facts) = (decision.policy().clone(), decision.request().clone(), decision.facts().clone());
    let granted = move |class, path: &str| {
        let ground = policy.part(&request, &facts, class, |rule| rule.covers(path));
        matches!(ground, PartGround::Granted(_))
    };
    Elements::new(decision.in_part(), granted)
}

pub(crate) fn coding(system: &str, code: &str) -> Coding {
    Coding { system: system.parse().ok(), code: code.parse().ok(), ..Coding::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Facts, Policy, Purpose, Request};
    use chartroom_record::{Mode, parse};
    use chrono::DateTime;

    const CONDITION: &str =
        r#"{"resourceType":"Condition","code":{"text":"Influenza"},"note":[{"text":"Her sister too"}]}"#;

    fn read(text: &str) -> Resource {
        parse(text.as_bytes(), Mode::Lenient).expect("well formed").into_resource()
    }

    fn decide(role: &str, purpose: Purpose, resource: &Resource) -> Decision {
        let request = Request::new("actor", role.into(), Action::Read, purpose, DateTime::UNIX_EPOCH);
        let kind = ResourceType::of(resource.type_name());
        Policy::starter().decide(&request, &Facts::new(kind, resource.classes()))
    }

    #[test]
    fn the_record_says_what_it_obliges_to() {
        let condition = read(CONDITION);
        let redacted = redact(&condition, &decide("researcher", Purpose::Research, &condition)).expect("in part");
        let labels = [(OBSERVATION_VALUE, "REDACTED"), (ACT_CODE, "DEID"), (ACT_CODE, "NORELINK")];
        let labels = labels.map(|(system, code)| format!(r#"{{"system":"{system}","code":"{code}"}}"#)).join(",");
        assert!(redacted.contains(&format!(r#""security":[{labels}]"#)), "{redacted}");
        assert!(redacted.contains("Influenza") && !redacted.contains("sister"));
    }

    #[test]
    fn what_was_decided_about_another_type_opens_nothing() {
        let condition = read(CONDITION);
        let other = read(&CONDITION.replace("Condition", "Procedure"));
        let decision = decide("researcher", Purpose::Research, &condition);
        assert!(decision.is_permitted());
        assert_eq!(redact(&other, &decision), None);
    }

    #[test]
    fn each_record_of_a_bundle_has_its_own_decision() {
        let text = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{CONDITION}}}]}}"#);
        let bundle = read(&text);
        let redacted = redact_each(&bundle, |resource| decide("researcher", Purpose::Research, resource));
        assert!(redacted.is_some_and(|text| text.contains("Influenza") && !text.contains("sister")));
        let Resource::Bundle(inner) = &bundle else { panic!("a bundle") };
        let condition = inner.entry[0].resource.as_deref().expect("a resource");
        let about_the_condition = decide("researcher", Purpose::Research, condition);
        assert_eq!(redact(&bundle, &about_the_condition), None);
    }

    #[test]
    fn single_elements_are_shown_where_rules_name_them() {
        let rule = |id: &str, effect: &str, more: &str| {
            format!("[[rule]]\nid = \"{id}\"\neffect = \"{effect}\"\ncites = \"house\"\ndated = 2026-01-01\n{more}\n")
        };
        let permit = "roles = [\"kin\"]\nactions = [\"read\"]\npurposes = [\"FAMRQT\"]\n";
        let text = "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.kin]\ntitle = \"Kin\"\n".to_owned()
            + &rule(
                "a",
                "permit",
                &format!(
                    "{permit}elements = [\"Patient.contact\", \"Patient.birthDate\"]\nclasses = [\"Name\", \"Contact\", \"BirthDate\"]"
                ),
            )
            + &rule("b", "permit", &format!("{permit}types = [\"Patient\"]\nclasses = [\"Demographic\"]"))
            + &rule("c", "forbid", "elements = [\"Patient.contact.telecom\"]\nclasses = [\"all\"]");
        let policy = Policy::from_toml(&text).expect("well formed");
        let patient = read(
            r#"{"resourceType":"Patient","id":"p7","name":[{"family":"Fenwarden"}],"telecom":[{"value":"555-0100"}],"gender":"female","birthDate":"1980-04-01","_birthDate":{"extension":[{"url":"urn:a","valueCode":"early"}]},"contact":[{"name":{"family":"Merrow"},"telecom":[{"value":"555-0199"}]}],"generalPractitioner":[{"display":"Osei"}]}"#,
        );
        let request = Request::new("kin-1", "kin".into(), Action::Read, Purpose::FamilyRequest, DateTime::UNIX_EPOCH);
        let decision = policy.decide(&request, &Facts::new(ResourceType::of("Patient"), patient.classes()));
        let redacted = redact(&patient, &decision).expect("in part");
        for shown in ["Merrow", "1980-04-01", "female", "REDACTED", "masked"] {
            assert!(redacted.contains(shown), "{shown}: {redacted}");
        }
        for hidden in ["Fenwarden", "555", "p7", "Osei", "early"] {
            assert!(!redacted.contains(hidden), "{hidden}: {redacted}");
        }
        // Inside a bundle too.
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{}}}]}}"#,
            patient.to_json()
        );
        let open = Policy::from_toml(
            &text
                .replace("types = [\"Patient\"]", "types = [\"Patient\", \"Bundle\"]")
                .replace("\"Demographic\"", "\"Demographic\", \"Administrative\""),
        )
        .expect("well formed");
        let inside = redact_each(&read(&bundle), |one| {
            open.decide(&request, &Facts::new(ResourceType::of(one.type_name()), one.classes()))
        });
        let inside = inside.expect("in part");
        assert!(inside.contains("Merrow") && !inside.contains("Fenwarden") && !inside.contains("555"), "{inside}");
    }
}
