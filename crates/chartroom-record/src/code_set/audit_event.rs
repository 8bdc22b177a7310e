//! Closed codes of AuditEvent.

use crate::primitive::code_set;

code_set! {
    /// Indicator for type of action performed during the event that generated the event.
    AuditEventAction: "http://hl7.org/fhir/ValueSet/audit-event-action" {
        /// Create.
        Create = "C" in "http://hl7.org/fhir/audit-event-action",
        /// Read/View/Print.
        ReadViewPrint = "R" in "http://hl7.org/fhir/audit-event-action",
        /// Update.
        Update = "U" in "http://hl7.org/fhir/audit-event-action",
        /// Delete.
        Delete = "D" in "http://hl7.org/fhir/audit-event-action",
        /// Execute.
        Execute = "E" in "http://hl7.org/fhir/audit-event-action",
    }
}

code_set! {
    /// The type of network access point of this agent in the audit event.
    AuditEventAgentNetworkType: "http://hl7.org/fhir/ValueSet/network-type" {
        /// Machine Name.
        MachineName = "1" in "http://hl7.org/fhir/network-type",
        /// IP Address.
        IpAddress = "2" in "http://hl7.org/fhir/network-type",
        /// Telephone Number.
        TelephoneNumber = "3" in "http://hl7.org/fhir/network-type",
        /// Email address.
        EmailAddress = "4" in "http://hl7.org/fhir/network-type",
        /// URI.
        Uri = "5" in "http://hl7.org/fhir/network-type",
    }
}

code_set! {
    /// Indicates whether the event succeeded or failed.
    AuditEventOutcome: "http://hl7.org/fhir/ValueSet/audit-event-outcome" {
        /// Success.
        Success = "0" in "http://hl7.org/fhir/audit-event-outcome",
        /// Minor failure.
        MinorFailure = "4" in "http://hl7.org/fhir/audit-event-outcome",
        /// Serious failure.
        SeriousFailure = "8" in "http://hl7.org/fhir/audit-event-outcome",
        /// Major failure.
        MajorFailure = "12" in "http://hl7.org/fhir/audit-event-outcome",
    }
}
