//! A decision told in FHIR: to whoever asked, to the privacy office, and to the audit trail.

use chartroom_record::code_set::{IssueSeverity, IssueType};
use chartroom_record::datatype::CodeableConcept;
use chartroom_record::primitive::{Code, Text};
use chartroom_record::resource::{
    AuditEventEntity, AuditEventEntityDetail, AuditEventEntityDetailValue, OperationOutcome, OperationOutcomeIssue,
};
use chartroom_record::{ClassSet, Resource};

use crate::decision::Told;
use crate::label::{ACT_CODE, CONFIDENTIALITY};
use crate::redact::coding;
use crate::{Decision, Effect, Explanation};

const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

impl Decision {
    /// What the person who asked may be told, as FHIR `OperationOutcome`: which classes are withheld, and not why. Whole refusals are
    /// `forbidden`; where something is shown and something is not, that is `suppressed`.
    ///
    /// ```
    /// use chartroom_access::{Action, Facts, Policy, Purpose, Request, ResourceType};
    /// use chartroom_record::{Class, ClassSet};
    ///
    /// let at = chrono::DateTime::UNIX_EPOCH;
    /// let request = Request::new("clerk-4", "billing-clerk".into(), Action::Read, Purpose::Payment, at);
    /// let facts = Facts::new(ResourceType::of("Condition"), ClassSet::of(&[Class::Clinical, Class::Narrative]));
    /// let outcome = Policy::starter().decide(&request, &facts).to_outcome();
    /// assert_eq!(outcome.issue[0].code.as_ref().unwrap().as_str(), "suppressed");
    /// assert_eq!(outcome.issue[0].details.as_ref().unwrap().text.as_deref(), Some("Withheld: Narrative."));
    /// ```
    pub fn to_outcome(&self) -> OperationOutcome {
        let (severity, code) = self.severity(!self.withheld().is_empty());
        outcome(vec![issue(severity, code, &self.notice())])
    }

    /// How much it matters, and what kind of issue it is, where something is withheld or not.
    fn severity(&self, withheld: bool) -> (IssueSeverity, IssueType) {
        match (withheld, self.is_permitted()) {
            (false, _) => (IssueSeverity::Information, IssueType::Informational),
            (true, true) => (IssueSeverity::Information, IssueType::Suppressed),
            (true, false) => (IssueSeverity::Error, IssueType::Forbidden),
        }
    }
}

impl Explanation<'_> {
    /// The whole chain for the privacy office, as FHIR `OperationOutcome`: an issue for what became of each class and why, with the
    /// elements of the record's type that carry it, and one for each code that gave the record a label.
    pub fn to_outcome(&self) -> OperationOutcome {
        let decision = self.decision();
        let classes = self.told().into_iter().map(|told| {
            let (severity, code) = decision.severity(told.reason.effect != Effect::Granted);
            let expression = self.elements(&told).iter().map(|path| Text::from(path.as_str())).collect();
            OperationOutcomeIssue { expression, ..issue(severity, code, &told.to_string()) }
        });
        let labels = self.labels().map(|(label, code)| {
            let (severity, kind) = decision.severity(false);
            issue(severity, kind, &format!("label {label} ({}): {code}", label.words()))
        });
        outcome(classes.chain(labels).collect())
    }

    /// The record in a FHIR `AuditEvent` that tells of the decision, as `AuditEvent.entity`: its labels and confidentiality, and as
    /// details what was granted and withheld and why, what that obliges to, and the codes behind the labels.
    ///
    /// It does not say which record it is: whoever writes the event knows, and puts it into `what`.
    pub fn to_audit_entity(&self) -> AuditEventEntity {
        let facts = self.decision().facts();
        let level = std::iter::once(coding(CONFIDENTIALITY, facts.confidentiality.code()));
        let reasons = self.told().into_iter().map(|told| detail(kind(told.reason.effect), &told.to_string()));
        let obligations = self.decision().obligations();
        let obligations = obligations.iter().map(|duty| detail("obligation", &format!("{duty}: {}", duty.words())));
        let labels = self.labels().map(|(label, code)| detail("label", &format!("{label}: {code}")));
        AuditEventEntity {
            type_: Some(coding(ENTITY_TYPE, "2")),
            role: Some(coding(OBJECT_ROLE, "4")),
            security_label: level.chain(facts.labels.iter().map(|label| coding(ACT_CODE, label.code()))).collect(),
            detail: reasons.chain(obligations).chain(labels).collect(),
            ..AuditEventEntity::default()
        }
    }

    /// The elements of the record's type that a reason is about: those that its rule names, or those that carry its classes.
    fn elements(&self, told: &Told<'_>) -> Vec<String> {
        let type_name = self.decision().facts().resource_type.name();
        let of_type = |path: &&str| path.strip_prefix(type_name).is_some_and(|rest| rest.starts_with('.'));
        match told.reason.rule.and_then(|rule| rule.elements()) {
            Some(elements) => elements.filter(of_type).map(str::to_owned).collect(),
            None => carrying(type_name, told.classes),
        }
    }
}

/// The elements of a type that carry information of these classes.
fn carrying(type_name: &str, classes: ClassSet) -> Vec<String> {
    let elements = Resource::facts_of(type_name).map_or(&[][..], |facts| facts.elements);
    let carrying = elements.iter().filter(|element| element.class.is_some_and(|class| classes.contains(class)));
    let named = carrying.map(|element| {
        let choice = if element.types.len() > 1 { "[x]" } else { "" };
        format!("{type_name}.{}{choice}", element.name)
    });
    named.collect()
}

fn kind(effect: Effect) -> &'static str {
    match effect {
        Effect::Granted => "granted",
        Effect::InPart => "granted in part",
        Effect::Withheld | Effect::Silence => "withheld",
    }
}

fn outcome(issue: Vec<OperationOutcomeIssue>) -> OperationOutcome {
    OperationOutcome { issue, ..OperationOutcome::default() }
}

fn issue(severity: IssueSeverity, code: IssueType, text: &str) -> OperationOutcomeIssue {
    OperationOutcomeIssue {
        severity: Some(Code::Known(severity)),
        code: Some(Code::Known(code)),
        details: Some(CodeableConcept { text: Some(text.into()), ..CodeableConcept::default() }),
        ..OperationOutcomeIssue::default()
    }
}

fn detail(kind: &str, text: &str) -> AuditEventEntityDetail {
    AuditEventEntityDetail {
        type_: Some(kind.into()),
        value: Some(AuditEventEntityDetailValue::String(text.into())),
        ..AuditEventEntityDetail::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelSets;
    use crate::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType};
    use chartroom_record::resource::AuditEvent;
    use chartroom_record::{Class, Mode, parse};
    use chrono::DateTime;

    const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

    fn decide(policy: &Policy, role: &str, purpose: Purpose, kind: &str) -> Decision {
        let request = Request::new("actor", role.into(), Action::Read, purpose, DateTime::UNIX_EPOCH);
        let facts = Facts {
            labels: LabelSets::starter().of(ICD10CM, "F11.20"),
            ..Facts::new(ResourceType::of(kind), ClassSet::of(&[Class::Clinical, Class::ServiceDate]))
        };
        policy.decide(&Request { relationship: Relationship::Treating.into(), ..request }, &facts)
    }

    /// The codes and texts of the issues.
    fn issues(outcome: &OperationOutcome) -> Vec<(&str, &str)> {
        fn text(issue: &OperationOutcomeIssue) -> Option<&str> {
            issue.details.as_ref()?.text.as_deref()
        }
        fn code(issue: &OperationOutcomeIssue) -> Option<&str> {
            issue.code.as_ref().map(|code| code.as_str())
        }
        outcome.issue.iter().map(|issue| (code(issue).unwrap_or_default(), text(issue).unwrap_or_default())).collect()
    }

    #[test]
    fn who_asked_is_not_told_why() {
        let outcome = decide(&Policy::starter(), "billing-clerk", Purpose::Payment, "Condition").to_outcome();
        assert_eq!(issues(&outcome), [("forbidden", "Withheld: ServiceDate, Clinical.")]);
        assert_eq!(outcome.issue[0].severity, Some(Code::Known(IssueSeverity::Error)));
        let outcome = decide(&Policy::starter(), "physician", Purpose::Treatment, "Condition").to_outcome();
        assert_eq!(issues(&outcome), [("informational", "Nothing is withheld.")]);
    }

    #[test]
    fn the_privacy_office_is_told_from_code_to_element() {
        let (policy, sets) = (Policy::starter(), LabelSets::starter());
        let codes: Vec<_> = sets.why(ICD10CM, "F11.20").collect();
        let decision = decide(&policy, "billing-clerk", Purpose::Payment, "Condition");
        let outcome = decision.explain().from_codes(&codes).to_outcome();
        let told = issues(&outcome);
        assert!(
            told[0].1.starts_with("ServiceDate, Clinical: withheld by rule `part-2-consent` (42 CFR 2.31 and 2.33, ")
        );
        assert_eq!(told[0].0, "forbidden");
        assert_eq!(told.last().map(|(code, _)| *code), Some("informational"));
        assert!(told[1].1.starts_with("label ETH (substance use): code F11.20 of"));
        let elements: Vec<&str> = outcome.issue[0].expression.iter().map(Text::as_str).collect();
        assert!(elements.contains(&"Condition.code") && elements.contains(&"Condition.onset[x]"), "{elements:?}");
        assert!(!elements.contains(&"Condition.subject") && outcome.issue[1].expression.is_empty());
        let text = Resource::from(outcome).to_json();
        assert!(parse(text.as_bytes(), Mode::Strict).is_ok(), "{text}");
    }

    #[test]
    fn the_audit_trail_has_labels_reasons_and_obligations() {
        let (policy, sets) = (Policy::starter(), LabelSets::starter());
        let codes: Vec<_> = sets.why(ICD10CM, "F11.20").collect();
        let decision = decide(&policy, "physician", Purpose::Treatment, "Condition");
        let entity = decision.explain().from_codes(&codes).to_audit_entity();
        let event = AuditEvent { entity: vec![entity], ..AuditEvent::default() };
        let text = Resource::from(event).to_json();
        for part in [
            r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}"#,
            r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPIOIDUD"}"#,
            r#"{"type":"granted","valueString":"ServiceDate, Clinical: granted by rule `part-2-treatment`"#,
            r#"{"type":"obligation","valueString":"NORDSCLCD: do not redisclose"#,
            r#"{"type":"label","valueString":"ETH: code F11.20 of"#,
        ] {
            assert!(text.contains(part) || text.contains(part.trim_end_matches('"')), "{part} in {text}");
        }
        assert!(!text.contains("actor"));
    }

    #[test]
    fn rules_about_elements_name_them() {
        let policy = Policy::from_toml(
            "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.nurse]\ntitle = \"N\"\n[[rule]]\nid = \"a\"\neffect = \"permit\"\n\
             roles = [\"nurse\"]\nactions = [\"read\"]\npurposes = [\"TREAT\"]\nlabels = [\"ETH\", \"OPIOIDUD\"]\n\
             elements = [\"Condition.code\", \"Condition.severity\", \"Patient.contact\"]\nclasses = [\"Clinical\"]\ncites = \"house\"\n\
             dated = 2026-01-01\n",
        )
        .expect("well formed");
        let decision = decide(&policy, "nurse", Purpose::Treatment, "Condition");
        let outcome = decision.explain().to_outcome();
        let clinical = outcome.issue.iter().find(|issue| !issue.expression.is_empty() && issue.expression.len() == 2);
        let elements: Vec<&str> = clinical.expect("told").expression.iter().map(Text::as_str).collect();
        assert_eq!(elements, ["Condition.code", "Condition.severity"]);
        let words = decision.explain().to_string();
        assert!(
            words.contains(
                "granted in part by rule `a` (house, 2026-01-01) about Condition.code, Condition.severity, Patient.contact, label ETH"
            ),
            "{words}"
        );
    }
}
