//! Closed codes of Flag.

use crate::primitive::code_set;

code_set! {
    /// Indicates whether this flag is active and needs to be displayed to a user, or whether it is no longer needed or
    /// was entered in error.
    FlagStatus: "http://hl7.org/fhir/ValueSet/flag-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/flag-status",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/flag-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/flag-status",
    }
}
