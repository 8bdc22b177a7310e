//! Closed codes of OperationOutcome.

use crate::primitive::code_set;

code_set! {
    /// How the issue affects the success of the action.
    IssueSeverity: "http://hl7.org/fhir/ValueSet/issue-severity" {
        /// Fatal.
        Fatal = "fatal" in "http://hl7.org/fhir/issue-severity",
        /// Error.
        Error = "error" in "http://hl7.org/fhir/issue-severity",
        /// Warning.
        Warning = "warning" in "http://hl7.org/fhir/issue-severity",
        /// Information.
        Information = "information" in "http://hl7.org/fhir/issue-severity",
    }
}

code_set! {
    /// A code that describes the type of issue.
    IssueType: "http://hl7.org/fhir/ValueSet/issue-type" {
        /// Invalid Content.
        Invalid = "invalid" in "http://hl7.org/fhir/issue-type",
        /// Structural Issue.
        Structure = "structure" in "http://hl7.org/fhir/issue-type",
        /// Required element missing.
        Required = "required" in "http://hl7.org/fhir/issue-type",
        /// Element value invalid.
        Value = "value" in "http://hl7.org/fhir/issue-type",
        /// Validation rule failed.
        Invariant = "invariant" in "http://hl7.org/fhir/issue-type",
        /// Security Problem.
        Security = "security" in "http://hl7.org/fhir/issue-type",
        /// Login Required.
        Login = "login" in "http://hl7.org/fhir/issue-type",
        /// Unknown User.
        Unknown = "unknown" in "http://hl7.org/fhir/issue-type",
        /// Session Expired.
        Expired = "expired" in "http://hl7.org/fhir/issue-type",
        /// Forbidden.
        Forbidden = "forbidden" in "http://hl7.org/fhir/issue-type",
        /// Information Suppressed.
        Suppressed = "suppressed" in "http://hl7.org/fhir/issue-type",
        /// Processing Failure.
        Processing = "processing" in "http://hl7.org/fhir/issue-type",
        /// Content not supported.
        NotSupported = "not-supported" in "http://hl7.org/fhir/issue-type",
        /// Duplicate.
        Duplicate = "duplicate" in "http://hl7.org/fhir/issue-type",
        /// Multiple Matches.
        MultipleMatches = "multiple-matches" in "http://hl7.org/fhir/issue-type",
        /// Not Found.
        NotFound = "not-found" in "http://hl7.org/fhir/issue-type",
        /// Deleted.
        Deleted = "deleted" in "http://hl7.org/fhir/issue-type",
        /// Content Too Long.
        TooLong = "too-long" in "http://hl7.org/fhir/issue-type",
        /// Invalid Code.
        CodeInvalid = "code-invalid" in "http://hl7.org/fhir/issue-type",
        /// Unacceptable Extension.
        Extension = "extension" in "http://hl7.org/fhir/issue-type",
        /// Operation Too Costly.
        TooCostly = "too-costly" in "http://hl7.org/fhir/issue-type",
        /// Business Rule Violation.
        BusinessRule = "business-rule" in "http://hl7.org/fhir/issue-type",
        /// Edit Version Conflict.
        Conflict = "conflict" in "http://hl7.org/fhir/issue-type",
        /// Transient Issue.
        Transient = "transient" in "http://hl7.org/fhir/issue-type",
        /// Lock Error.
        LockError = "lock-error" in "http://hl7.org/fhir/issue-type",
        /// No Store Available.
        NoStore = "no-store" in "http://hl7.org/fhir/issue-type",
        /// Exception.
        Exception = "exception" in "http://hl7.org/fhir/issue-type",
        /// Timeout.
        Timeout = "timeout" in "http://hl7.org/fhir/issue-type",
        /// Incomplete Results.
        Incomplete = "incomplete" in "http://hl7.org/fhir/issue-type",
        /// Throttled.
        Throttled = "throttled" in "http://hl7.org/fhir/issue-type",
        /// Informational Note.
        Informational = "informational" in "http://hl7.org/fhir/issue-type",
    }
}
