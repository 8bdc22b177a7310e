//! Closed codes of FamilyMemberHistory.

use crate::primitive::code_set;

code_set! {
    /// A code that identifies the status of the family history record.
    FamilyHistoryStatus: "http://hl7.org/fhir/ValueSet/history-status" {
        /// Partial.
        Partial = "partial" in "http://hl7.org/fhir/history-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/history-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/history-status",
        /// Health Unknown.
        HealthUnknown = "health-unknown" in "http://hl7.org/fhir/history-status",
    }
}
