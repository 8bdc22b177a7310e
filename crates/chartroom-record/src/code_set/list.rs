//! Closed codes of List.

use crate::primitive::code_set;

code_set! {
    /// The current state of the list.
    ListStatus: "http://hl7.org/fhir/ValueSet/list-status" {
        /// Current.
        Current = "current" in "http://hl7.org/fhir/list-status",
        /// Retired.
        Retired = "retired" in "http://hl7.org/fhir/list-status",
        /// Entered In Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/list-status",
    }
}
