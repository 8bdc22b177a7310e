//! Invariants of consent and of the audit trail.

use super::{Has as _, invariants, means};
use crate::resource::{AuditEventEntity, Consent};

/// R4 states the rules on scope with a system that does not exist; the scopes are in this one.
const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";

invariants! {
    "Consent" Consent {
        Error "ppc-1" "neither a policy nor a policy rule": |it| it.has("policy") || it.has("policyRule");
        Error "ppc-2" "a consent to privacy names a patient": |it| names_patient_for(it, "patient-privacy");
        Error "ppc-3" "a consent to research names a patient": |it| names_patient_for(it, "research");
        Error "ppc-4" "an advance care directive names a patient": |it| names_patient_for(it, "adr");
        Error "ppc-5" "a consent to treatment names a patient": |it| names_patient_for(it, "treatment");
    }
    "AuditEvent.entity" AuditEventEntity {
        Error "sev-1" "a name beside a query": |it| !it.has("name") || !it.has("query");
    }
}

fn names_patient_for(it: &Consent, scope: &str) -> bool {
    it.has("patient") || !means(&it.scope, SCOPE, &[scope])
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn consents_and_the_trail_keep_the_rules() {
        let cases = [
            (
                r#"{"resourceType":"Consent","status":"active","category":[{"text":"x"}],"scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]}}"#,
                &["ppc-1 Consent", "ppc-2 Consent"][..],
            ),
            (
                r#"{"resourceType":"Consent","status":"active","category":[{"text":"x"}],"policyRule":{"text":"x"},"scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"research"}]},"patient":{"reference":"Patient/1"}}"#,
                &[],
            ),
            (
                r#"{"resourceType":"AuditEvent","type":{"code":"x"},"recorded":"2020-01-01T00:00:00Z","agent":[{"requestor":true}],"source":{"observer":{"display":"x"}},"entity":[{"name":"x","query":"AAAA"}]}"#,
                &["sev-1 AuditEvent.entity[0]"],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
