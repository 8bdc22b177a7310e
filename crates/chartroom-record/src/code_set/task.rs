//! Closed codes of Task.

use crate::primitive::code_set;

code_set! {
    /// Distinguishes whether the task is a proposal, plan or full order.
    TaskIntent: "http://hl7.org/fhir/ValueSet/task-intent" {
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/task-intent",
        /// Proposal.
        Proposal = "proposal" in "http://hl7.org/fhir/request-intent",
        /// Plan.
        Plan = "plan" in "http://hl7.org/fhir/request-intent",
        /// Order.
        Order = "order" in "http://hl7.org/fhir/request-intent",
        /// Original Order.
        OriginalOrder = "original-order" in "http://hl7.org/fhir/request-intent",
        /// Reflex Order.
        ReflexOrder = "reflex-order" in "http://hl7.org/fhir/request-intent",
        /// Filler Order.
        FillerOrder = "filler-order" in "http://hl7.org/fhir/request-intent",
        /// Instance Order.
        InstanceOrder = "instance-order" in "http://hl7.org/fhir/request-intent",
        /// Option.
        Option = "option" in "http://hl7.org/fhir/request-intent",
    }
}

code_set! {
    /// The current status of the task.
    TaskStatus: "http://hl7.org/fhir/ValueSet/task-status" {
        /// Draft.
        Draft = "draft" in "http://hl7.org/fhir/task-status",
        /// Requested.
        Requested = "requested" in "http://hl7.org/fhir/task-status",
        /// Received.
        Received = "received" in "http://hl7.org/fhir/task-status",
        /// Accepted.
        Accepted = "accepted" in "http://hl7.org/fhir/task-status",
        /// Rejected.
        Rejected = "rejected" in "http://hl7.org/fhir/task-status",
        /// Ready.
        Ready = "ready" in "http://hl7.org/fhir/task-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/task-status",
        /// In Progress.
        InProgress = "in-progress" in "http://hl7.org/fhir/task-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/task-status",
        /// Failed.
        Failed = "failed" in "http://hl7.org/fhir/task-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/task-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/task-status",
    }
}
