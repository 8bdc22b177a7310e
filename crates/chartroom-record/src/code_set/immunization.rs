//! Closed codes of Immunization.

use crate::primitive::code_set;

code_set! {
    /// A set of codes indicating the current status of an Immunization.
    ImmunizationStatus: "http://hl7.org/fhir/ValueSet/immunization-status" {
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/event-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/event-status",
        /// Not Done.
        NotDone = "not-done" in "http://hl7.org/fhir/event-status",
    }
}
