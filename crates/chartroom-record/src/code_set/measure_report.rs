//! Closed codes of MeasureReport.

use crate::primitive::code_set;

code_set! {
    /// The status of the measure report.
    MeasureReportStatus: "http://hl7.org/fhir/ValueSet/measure-report-status" {
        /// Complete.
        Complete = "complete" in "http://hl7.org/fhir/measure-report-status",
        /// Pending.
        Pending = "pending" in "http://hl7.org/fhir/measure-report-status",
        /// Error.
        Error = "error" in "http://hl7.org/fhir/measure-report-status",
    }
}

code_set! {
    /// The type of the measure report.
    MeasureReportType: "http://hl7.org/fhir/ValueSet/measure-report-type" {
        /// Individual.
        Individual = "individual" in "http://hl7.org/fhir/measure-report-type",
        /// Subject List.
        SubjectList = "subject-list" in "http://hl7.org/fhir/measure-report-type",
        /// Summary.
        Summary = "summary" in "http://hl7.org/fhir/measure-report-type",
        /// Data Collection.
        DataCollection = "data-collection" in "http://hl7.org/fhir/measure-report-type",
    }
}
