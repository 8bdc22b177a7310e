//! Closed codes of Goal.

use crate::primitive::code_set;

code_set! {
    /// Codes that reflect the current state of a goal and whether the goal is still being targeted.
    GoalLifecycleStatus: "http://hl7.org/fhir/ValueSet/goal-status" {
        /// Proposed.
        Proposed = "proposed" in "http://hl7.org/fhir/goal-status",
        /// Planned.
        Planned = "planned" in "http://hl7.org/fhir/goal-status",
        /// Accepted.
        Accepted = "accepted" in "http://hl7.org/fhir/goal-status",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/goal-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/goal-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/goal-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/goal-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/goal-status",
        /// Rejected.
        Rejected = "rejected" in "http://hl7.org/fhir/goal-status",
    }
}
