//! Closed codes of CarePlan.

use crate::primitive::code_set;

code_set! {
    /// Resource types defined as part of FHIR that can be represented as in-line definitions of a care plan activity.
    CarePlanActivityKind: "http://hl7.org/fhir/ValueSet/care-plan-activity-kind" {
        /// Appointment.
        Appointment = "Appointment" in "http://hl7.org/fhir/resource-types",
        /// CommunicationRequest.
        CommunicationRequest = "CommunicationRequest" in "http://hl7.org/fhir/resource-types",
        /// DeviceRequest.
        DeviceRequest = "DeviceRequest" in "http://hl7.org/fhir/resource-types",
        /// MedicationRequest.
        MedicationRequest = "MedicationRequest" in "http://hl7.org/fhir/resource-types",
        /// NutritionOrder.
        NutritionOrder = "NutritionOrder" in "http://hl7.org/fhir/resource-types",
        /// Task.
        Task = "Task" in "http://hl7.org/fhir/resource-types",
        /// ServiceRequest.
        ServiceRequest = "ServiceRequest" in "http://hl7.org/fhir/resource-types",
        /// VisionPrescription.
        VisionPrescription = "VisionPrescription" in "http://hl7.org/fhir/resource-types",
    }
}

code_set! {
    /// Codes that reflect the current state of a care plan activity within its overall life cycle.
    CarePlanActivityStatus: "http://hl7.org/fhir/ValueSet/care-plan-activity-status" {
        /// Not Started.
        NotStarted = "not-started" in "http://hl7.org/fhir/care-plan-activity-status",
        /// Scheduled.
        Scheduled = "scheduled" in "http://hl7.org/fhir/care-plan-activity-status",
        /// In Progress.
        InProgress = "in-progress" in "http://hl7.org/fhir/care-plan-activity-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/care-plan-activity-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/care-plan-activity-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/care-plan-activity-status",
        /// Stopped.
        Stopped = "stopped" in "http://hl7.org/fhir/care-plan-activity-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/care-plan-activity-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/care-plan-activity-status",
    }
}

code_set! {
    /// Codes indicating the degree of authority/intentionality associated with a care plan.
    CarePlanIntent: "http://hl7.org/fhir/ValueSet/care-plan-intent" {
        /// Proposal.
        Proposal = "proposal" in "http://hl7.org/fhir/request-intent",
        /// Plan.
        Plan = "plan" in "http://hl7.org/fhir/request-intent",
        /// Order.
        Order = "order" in "http://hl7.org/fhir/request-intent",
        /// Option.
        Option = "option" in "http://hl7.org/fhir/request-intent",
    }
}
