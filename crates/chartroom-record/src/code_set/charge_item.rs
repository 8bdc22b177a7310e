//! Closed codes of ChargeItem.

use crate::primitive::code_set;

code_set! {
    /// Codes identifying the lifecycle stage of a ChargeItem.
    ChargeItemStatus: "http://hl7.org/fhir/ValueSet/chargeitem-status" {
        /// Planned.
        Planned = "planned" in "http://hl7.org/fhir/chargeitem-status",
        /// Billable.
        Billable = "billable" in "http://hl7.org/fhir/chargeitem-status",
        /// Not billable.
        NotBillable = "not-billable" in "http://hl7.org/fhir/chargeitem-status",
        /// Aborted.
        Aborted = "aborted" in "http://hl7.org/fhir/chargeitem-status",
        /// Billed.
        Billed = "billed" in "http://hl7.org/fhir/chargeitem-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/chargeitem-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/chargeitem-status",
    }
}
