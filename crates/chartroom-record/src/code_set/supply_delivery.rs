//! Closed codes of SupplyDelivery.

use crate::primitive::code_set;

code_set! {
    /// Status of the supply delivery.
    SupplyDeliveryStatus: "http://hl7.org/fhir/ValueSet/supplydelivery-status" {
        /// In Progress.
        InProgress = "in-progress" in "http://hl7.org/fhir/supplydelivery-status",
        /// Delivered.
        Completed = "completed" in "http://hl7.org/fhir/supplydelivery-status",
        /// Abandoned.
        Abandoned = "abandoned" in "http://hl7.org/fhir/supplydelivery-status",
        /// Entered In Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/supplydelivery-status",
    }
}
