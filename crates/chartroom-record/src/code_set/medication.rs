//! Closed codes of Medication.

use crate::primitive::code_set;

code_set! {
    /// A coded concept defining if the medication is in active use.
    MedicationStatus: "http://hl7.org/fhir/ValueSet/medication-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/CodeSystem/medication-status",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/CodeSystem/medication-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/CodeSystem/medication-status",
    }
}
