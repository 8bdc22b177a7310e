//! Closed codes of CoverageEligibilityRequest.

use crate::primitive::code_set;

code_set! {
    /// A code specifying the types of information being requested.
    EligibilityRequestPurpose: "http://hl7.org/fhir/ValueSet/eligibilityrequest-purpose" {
        /// Coverage auth-requirements.
        AuthRequirements = "auth-requirements" in "http://hl7.org/fhir/eligibilityrequest-purpose",
        /// Coverage benefits.
        Benefits = "benefits" in "http://hl7.org/fhir/eligibilityrequest-purpose",
        /// Coverage Discovery.
        Discovery = "discovery" in "http://hl7.org/fhir/eligibilityrequest-purpose",
        /// Coverage Validation.
        Validation = "validation" in "http://hl7.org/fhir/eligibilityrequest-purpose",
    }
}
