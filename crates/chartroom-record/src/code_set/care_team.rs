//! Closed codes of CareTeam.

use crate::primitive::code_set;

code_set! {
    /// Indicates the status of the care team.
    CareTeamStatus: "http://hl7.org/fhir/ValueSet/care-team-status" {
        /// Proposed.
        Proposed = "proposed" in "http://hl7.org/fhir/care-team-status",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/care-team-status",
        /// Suspended.
        Suspended = "suspended" in "http://hl7.org/fhir/care-team-status",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/care-team-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/care-team-status",
    }
}
