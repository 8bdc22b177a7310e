//! Closed codes of DiagnosticReport.

use crate::primitive::code_set;

code_set! {
    /// The status of the diagnostic report.
    DiagnosticReportStatus: "http://hl7.org/fhir/ValueSet/diagnostic-report-status" {
        /// Registered.
        Registered = "registered" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Partial.
        Partial = "partial" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Preliminary.
        Preliminary = "preliminary" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Final.
        Final = "final" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Amended.
        Amended = "amended" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Corrected.
        Corrected = "corrected" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Appended.
        Appended = "appended" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/diagnostic-report-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/diagnostic-report-status",
    }
}
