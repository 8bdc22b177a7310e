//! Closed codes of MedicationDispense.

use crate::primitive::code_set;

code_set! {
    /// A coded concept specifying the state of the dispense event.
    MedicationDispenseStatus: "http://hl7.org/fhir/ValueSet/medicationdispense-status" {
        /// Preparation.
        Preparation = "preparation" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// In Progress.
        InProgress = "in-progress" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// On Hold.
        OnHold = "on-hold" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// Completed.
        Completed = "completed" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// Stopped.
        Stopped = "stopped" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// Declined.
        Declined = "declined" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
        /// Unknown.
        Unknown = "unknown" in "http://terminology.hl7.org/CodeSystem/medicationdispense-status",
    }
}
