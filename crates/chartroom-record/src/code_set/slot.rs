//! Closed codes of Slot.

use crate::primitive::code_set;

code_set! {
    /// The free/busy status of the slot.
    SlotStatus: "http://hl7.org/fhir/ValueSet/slotstatus" {
        /// Busy.
        Busy = "busy" in "http://hl7.org/fhir/slotstatus",
        /// Free.
        Free = "free" in "http://hl7.org/fhir/slotstatus",
        /// Busy (Unavailable).
        BusyUnavailable = "busy-unavailable" in "http://hl7.org/fhir/slotstatus",
        /// Busy (Tentative).
        BusyTentative = "busy-tentative" in "http://hl7.org/fhir/slotstatus",
        /// Entered in error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/slotstatus",
    }
}
