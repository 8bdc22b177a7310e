//! Closed codes of Appointment.

use crate::primitive::code_set;

code_set! {
    /// The free/busy status of an appointment.
    AppointmentStatus: "http://hl7.org/fhir/ValueSet/appointmentstatus" {
        /// Proposed.
        Proposed = "proposed" in "http://hl7.org/fhir/appointmentstatus",
        /// Pending.
        Pending = "pending" in "http://hl7.org/fhir/appointmentstatus",
        /// Booked.
        Booked = "booked" in "http://hl7.org/fhir/appointmentstatus",
        /// Arrived.
        Arrived = "arrived" in "http://hl7.org/fhir/appointmentstatus",
        /// Fulfilled.
        Fulfilled = "fulfilled" in "http://hl7.org/fhir/appointmentstatus",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/appointmentstatus",
        /// No Show.
        NoShow = "noshow" in "http://hl7.org/fhir/appointmentstatus",
        /// Entered in error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/appointmentstatus",
        /// Checked In.
        CheckedIn = "checked-in" in "http://hl7.org/fhir/appointmentstatus",
        /// Waitlisted.
        Waitlist = "waitlist" in "http://hl7.org/fhir/appointmentstatus",
    }
}

code_set! {
    /// Is the Participant required to attend the appointment.
    ParticipantRequired: "http://hl7.org/fhir/ValueSet/participantrequired" {
        /// Required.
        Required = "required" in "http://hl7.org/fhir/participantrequired",
        /// Optional.
        Optional = "optional" in "http://hl7.org/fhir/participantrequired",
        /// Information Only.
        InformationOnly = "information-only" in "http://hl7.org/fhir/participantrequired",
    }
}
