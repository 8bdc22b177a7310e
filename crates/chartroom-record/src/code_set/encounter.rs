//! Closed codes of Encounter.

use crate::primitive::code_set;

code_set! {
    /// The status of the location.
    EncounterLocationStatus: "http://hl7.org/fhir/ValueSet/encounter-location-status" {
        /// Planned.
        Planned = "planned" in "http://hl7.org/fhir/encounter-location-status",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/encounter-location-status",
        /// Reserved.
        Reserved = "reserved" in "http://hl7.org/fhir/encounter-location-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/encounter-location-status",
    }
}

code_set! {
    /// Current state of the encounter.
    EncounterStatus: "http://hl7.org/fhir/ValueSet/encounter-status" {
        /// Planned.
        Planned = "planned" in "http://hl7.org/fhir/encounter-status",
        /// Arrived.
        Arrived = "arrived" in "http://hl7.org/fhir/encounter-status",
        /// Triaged.
        Triaged = "triaged" in "http://hl7.org/fhir/encounter-status",
        /// In Progress.
        InProgress = "in-progress" in "http://hl7.org/fhir/encounter-status",
        /// On Leave.
        OnLeave = "onleave" in "http://hl7.org/fhir/encounter-status",
        /// Finished.
        Finished = "finished" in "http://hl7.org/fhir/encounter-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/encounter-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/encounter-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/encounter-status",
    }
}
