//! OperationOutcome: FHIR R4 <https://hl7.org/fhir/R4/operationoutcome.html>.

use super::prelude::*;

/// A collection of error, warning, or information messages that result from a system action.
#[derive(Default, Record)]
#[record(resource)]
pub struct OperationOutcome {
    /// Logical id of this artifact.
    #[record(class = Technical, summary)]
    pub id: Option<Id>,
    /// Metadata about the resource.
    #[record(class = Technical, summary)]
    pub meta: Option<Box<Meta>>,
    /// A set of rules under which this content was created.
    #[record(class = Technical, summary, modifier)]
    pub implicit_rules: Option<Uri>,
    /// Language of the resource content.
    #[record(class = Technical, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Text summary of the resource, for human interpretation.
    #[record(class = Narrative)]
    pub text: Option<Narrative>,
    /// Contained, inline Resources.
    pub contained: Vec<Resource>,
    /// A single issue associated with the action.
    #[record(required, class = Technical, summary)]
    pub issue: Vec<OperationOutcomeIssue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A single issue associated with the action.
#[derive(Default, Record)]
#[record(backbone = "OperationOutcome.issue")]
pub struct OperationOutcomeIssue {
    /// fatal | error | warning | information.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/issue-severity"))]
    pub severity: Option<Code<IssueSeverity>>,
    /// Error or warning code.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/issue-type"))]
    pub code: Option<Code<IssueType>>,
    /// Additional details about the error.
    #[record(class = Narrative, summary, binding(example, "http://hl7.org/fhir/ValueSet/operation-outcome"))]
    pub details: Option<CodeableConcept>,
    /// Additional diagnostic information about the issue.
    #[record(class = Narrative, summary)]
    pub diagnostics: Option<Text>,
    /// Deprecated: Path of element(s) related to issue.
    #[record(summary)]
    pub location: Vec<Text>,
    /// FHIRPath of element(s) related to issue.
    #[record(summary)]
    pub expression: Vec<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
