//! Closed codes of ImagingStudy.

use crate::primitive::code_set;

code_set! {
    /// The status of the ImagingStudy.
    ImagingStudyStatus: "http://hl7.org/fhir/ValueSet/imagingstudy-status" {
        /// Registered.
        Registered = "registered" in "http://hl7.org/fhir/imagingstudy-status",
        /// Available.
        Available = "available" in "http://hl7.org/fhir/imagingstudy-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/imagingstudy-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/imagingstudy-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/imagingstudy-status",
    }
}
