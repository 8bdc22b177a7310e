//! Redaction: what a decision lets out of a record that is at hand in plaintext.
//!
//! Which to use when? A sealed record is opened by the vault: its view decrypts what was granted and nothing else, and what was
//! withheld is simply absent. Redaction is for plaintext that is there anyway, such as the answer of another system or a
//! bundle about to be sent: it leaves out the same classes, and says where something was left out.
//!
//! Elements of which nothing may be seen carry FHIR's `data-absent-reason` `masked` where the standard allows it, and the
//! record gets the security label `REDACTED` with the HL7 codes of the decision's obligations. That something was left
//! out shows; what it was does not. [`Resource::to_masked_json`] has the rules in full.

use chartroom_record::datatype::Coding;
use chartroom_record::{ClassSet, Mask, Resource};

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
    }
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
}
