//! Closed codes of MedicationStatement.

use crate::primitive::code_set;

code_set! {
    /// A coded concept indicating the current status of a MedicationStatement.
    MedicationStatementStatus: "http://hl7.org/fhir/ValueSet/medication-statement-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// Intended.
        Intended = "intended" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// Stopped.
        Stopped = "stopped" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
        /// Not Taken.
        NotTaken = "not-taken" in "http://hl7.org/fhir/CodeSystem/medication-statement-status",
    }
}
