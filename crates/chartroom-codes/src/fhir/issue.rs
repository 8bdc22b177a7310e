//! What an operation has to say about a request, as FHIR's `OperationOutcome` says it.

use std::fmt;

/// One remark on a request. Its text may quote what was asked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Issue {
    /// How grave it is.
    pub severity: Severity,
    /// FHIR's issue type.
    pub kind: IssueKind,
    /// The code of `http://hl7.org/fhir/tools/CodeSystem/tx-issue-type`.
    pub detail: Option<Detail>,
    /// The key of the message in HL7's message bundle.
    pub message_id: Option<&'static str>,
    /// The message.
    pub text: String,
    /// Where in the request, as FHIRPath.
    pub expression: Option<String>,
}

/// How grave an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The answer is no, or there is none.
    Error,
    /// The answer stands, but should be looked at.
    Warning,
    /// To be known.
    Information,
}

/// The FHIR issue types in use here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the codes of FHIR's issue-type, each under its own name")]
pub enum IssueKind {
    BusinessRule,
    CodeInvalid,
    Exception,
    Informational,
    Invalid,
    NotFound,
    NotSupported,
    Processing,
    TooCostly,
}

/// The codes of HL7's `tx-issue-type` in use here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the codes of tx-issue-type, each under its own name")]
pub enum Detail {
    CannotInfer,
    CodeComment,
    CodeRule,
    DisplayComment,
    InvalidCode,
    InvalidData,
    InvalidDisplay,
    NotFound,
    NotInVs,
    StatusCheck,
    ThisCodeNotInVs,
    VersionError,
    VsInvalid,
}

/// There is no answer, and the issue says why. FHIR servers send it as an `OperationOutcome` with a status of 4xx.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request has no answer: {}", .0.message_id.unwrap_or("see the issue"))]
pub struct Refusal(pub Box<Issue>);

impl Issue {
    pub(super) fn new(
        severity: Severity,
        kind: IssueKind,
        detail: Option<Detail>,
        id: &'static str,
        text: String,
    ) -> Self {
        Self { severity, kind, detail, message_id: Some(id), text, expression: None }
    }

    /// The same, about a place in the request.
    pub(super) fn at(self, expression: impl Into<String>) -> Self {
        let expression = Some(expression.into()).filter(|expression: &String| !expression.is_empty());
        Self { expression, ..self }
    }
}

impl From<Issue> for Refusal {
    fn from(issue: Issue) -> Self {
        Self(Box::new(issue))
    }
}

impl fmt::Debug for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self { severity, kind, detail, message_id, text: _, expression } = self;
        let mut shown = f.debug_struct("Issue");
        shown.field("severity", severity).field("kind", kind).field("detail", detail);
        shown.field("message_id", message_id).field("expression", expression).finish_non_exhaustive()
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refusal").field(&self.0).finish()
    }
}

impl Severity {
    /// The FHIR code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

impl IssueKind {
    /// The FHIR code.
    pub fn code(self) -> &'static str {
        match self {
            Self::BusinessRule => "business-rule",
            Self::CodeInvalid => "code-invalid",
            Self::Exception => "exception",
            Self::Informational => "informational",
            Self::Invalid => "invalid",
            Self::NotFound => "not-found",
            Self::NotSupported => "not-supported",
            Self::Processing => "processing",
            Self::TooCostly => "too-costly",
        }
    }
}

impl Detail {
    /// The code of `tx-issue-type`.
    pub fn code(self) -> &'static str {
        match self {
            Self::CannotInfer => "cannot-infer",
            Self::CodeComment => "code-comment",
            Self::CodeRule => "code-rule",
            Self::DisplayComment => "display-comment",
            Self::InvalidCode => "invalid-code",
            Self::InvalidData => "invalid-data",
            Self::InvalidDisplay => "invalid-display",
            Self::NotFound => "not-found",
            Self::NotInVs => "not-in-vs",
            Self::StatusCheck => "status-check",
            Self::ThisCodeNotInVs => "this-code-not-in-vs",
            Self::VersionError => "version-error",
            Self::VsInvalid => "vs-invalid",
        }
    }
}
