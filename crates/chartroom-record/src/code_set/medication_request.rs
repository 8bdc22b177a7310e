//! Closed codes of MedicationRequest.

use crate::primitive::code_set;

code_set! {
    /// The kind of medication order.
    MedicationRequestIntent: "http://hl7.org/fhir/ValueSet/medicationrequest-intent" {
        /// Proposal.
        Proposal = "proposal" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Plan.
        Plan = "plan" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Order.
        Order = "order" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Original Order.
        OriginalOrder = "original-order" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Reflex Order.
        ReflexOrder = "reflex-order" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Filler Order.
        FillerOrder = "filler-order" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Instance Order.
        InstanceOrder = "instance-order" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
        /// Option.
        Option = "option" in "http://hl7.org/fhir/CodeSystem/medicationrequest-intent",
    }
}

code_set! {
    /// A coded concept specifying the state of the prescribing event.
    MedicationRequestStatus: "http://hl7.org/fhir/ValueSet/medicationrequest-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// Stopped.
        Stopped = "stopped" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// Draft.
        Draft = "draft" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/CodeSystem/medicationrequest-status",
    }
}
