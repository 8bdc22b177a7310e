//! Closed codes of CoverageEligibilityResponse.

use crate::primitive::code_set;

code_set! {
    /// A code specifying the types of information being requested.
    EligibilityResponsePurpose: "http://hl7.org/fhir/ValueSet/eligibilityresponse-purpose" {
        /// Coverage auth-requirements.
        AuthRequirements = "auth-requirements" in "http://hl7.org/fhir/eligibilityresponse-purpose",
        /// Coverage benefits.
        Benefits = "benefits" in "http://hl7.org/fhir/eligibilityresponse-purpose",
        /// Coverage Discovery.
        Discovery = "discovery" in "http://hl7.org/fhir/eligibilityresponse-purpose",
        /// Coverage Validation.
        Validation = "validation" in "http://hl7.org/fhir/eligibilityresponse-purpose",
    }
}
