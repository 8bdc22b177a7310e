//! Closed codes of DocumentReference.

use crate::primitive::code_set;

code_set! {
    /// The status of the document reference.
    DocumentReferenceStatus: "http://hl7.org/fhir/ValueSet/document-reference-status" {
        /// Current.
        Current = "current" in "http://hl7.org/fhir/document-reference-status",
        /// Superseded.
        Superseded = "superseded" in "http://hl7.org/fhir/document-reference-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/document-reference-status",
    }
}
