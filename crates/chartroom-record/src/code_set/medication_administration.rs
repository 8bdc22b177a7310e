//! Closed codes of MedicationAdministration.

use crate::primitive::code_set;

code_set! {
    /// A set of codes indicating the current status of a MedicationAdministration.
    MedicationAdministrationStatus: "http://hl7.org/fhir/ValueSet/medication-admin-status" {
        /// In Progress.
        InProgress = "in-progress" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
        /// Not Done.
        NotDone = "not-done" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
        /// On Hold.
        OnHold = "on-hold" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
        /// Completed.
        Completed = "completed" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
        /// Stopped.
        Stopped = "stopped" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
        /// Unknown.
        Unknown = "unknown" in "http://terminology.hl7.org/CodeSystem/medication-admin-status",
    }
}
