//! Closed codes of Specimen.

use crate::primitive::code_set;

code_set! {
    /// Codes providing the status/availability of a specimen.
    SpecimenStatus: "http://hl7.org/fhir/ValueSet/specimen-status" {
        /// Available.
        Available = "available" in "http://hl7.org/fhir/specimen-status",
        /// Unavailable.
        Unavailable = "unavailable" in "http://hl7.org/fhir/specimen-status",
        /// Unsatisfactory.
        Unsatisfactory = "unsatisfactory" in "http://hl7.org/fhir/specimen-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/specimen-status",
    }
}
