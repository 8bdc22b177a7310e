//! Closed codes of Observation.

use crate::primitive::code_set;

code_set! {
    /// Codes providing the status of an observation.
    ObservationStatus: "http://hl7.org/fhir/ValueSet/observation-status" {
        /// Registered.
        Registered = "registered" in "http://hl7.org/fhir/observation-status",
        /// Preliminary.
        Preliminary = "preliminary" in "http://hl7.org/fhir/observation-status",
        /// Final.
        Final = "final" in "http://hl7.org/fhir/observation-status",
        /// Amended.
        Amended = "amended" in "http://hl7.org/fhir/observation-status",
        /// Corrected.
        Corrected = "corrected" in "http://hl7.org/fhir/observation-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/observation-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/observation-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/observation-status",
    }
}
