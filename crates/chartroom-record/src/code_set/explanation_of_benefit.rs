//! Closed codes of ExplanationOfBenefit.

use crate::primitive::code_set;

code_set! {
    /// A code specifying the state of the resource instance.
    ExplanationOfBenefitStatus: "http://hl7.org/fhir/ValueSet/explanationofbenefit-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/explanationofbenefit-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/explanationofbenefit-status",
        /// Draft.
        Draft = "draft" in "http://hl7.org/fhir/explanationofbenefit-status",
        /// Entered In Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/explanationofbenefit-status",
    }
}
