//! Closed codes of EpisodeOfCare.

use crate::primitive::code_set;

code_set! {
    /// The status of the episode of care.
    EpisodeOfCareStatus: "http://hl7.org/fhir/ValueSet/episode-of-care-status" {
        /// Planned.
        Planned = "planned" in "http://hl7.org/fhir/episode-of-care-status",
        /// Waitlist.
        Waitlist = "waitlist" in "http://hl7.org/fhir/episode-of-care-status",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/episode-of-care-status",
        /// On Hold.
        OnHold = "onhold" in "http://hl7.org/fhir/episode-of-care-status",
        /// Finished.
        Finished = "finished" in "http://hl7.org/fhir/episode-of-care-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/episode-of-care-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/episode-of-care-status",
    }
}
