//! Closed codes of MessageHeader.

use crate::primitive::code_set;

code_set! {
    /// The kind of response to a message.
    MessageResponseType: "http://hl7.org/fhir/ValueSet/response-code" {
        /// OK.
        Ok = "ok" in "http://hl7.org/fhir/response-code",
        /// Transient Error.
        TransientError = "transient-error" in "http://hl7.org/fhir/response-code",
        /// Fatal Error.
        FatalError = "fatal-error" in "http://hl7.org/fhir/response-code",
    }
}
