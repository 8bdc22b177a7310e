//! Issues as a FHIR `OperationOutcome`, and back.

use crate::code_set::{IssueSeverity, IssueType};
use crate::datatype::{CodeableConcept, Coding, Extension, ExtensionValue};
use crate::issue::{Issue, IssueCode, Severity};
use crate::json::Position;
use crate::parse::Issues;
use crate::path::Path;
use crate::primitive::{Code, CodeSet as _, Text, Uri};
use crate::resource::{OperationOutcome, OperationOutcomeIssue};

/// The system of our stable issue codes in `OperationOutcome.issue.details`.
pub const ISSUE_CODE_SYSTEM: &str = "urn:chartroom:issue-code";

const LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";

impl OperationOutcome {
    /// The issues, to answer with. No issue at all becomes one that says so, since an outcome is never empty.
    ///
    /// ```
    /// use chartroom_record::resource::OperationOutcome;
    /// use chartroom_record::{Mode, parse};
    ///
    /// let issues = parse(br#"{"resourceType":"Patient","birthDate":7}"#, Mode::Strict).unwrap_err();
    /// let outcome = OperationOutcome::of(issues.as_slice());
    /// assert_eq!(outcome.issue[0].expression[0].as_str(), "Patient.birthDate");
    /// assert_eq!(outcome.issues()[0].code(), issues.as_slice()[0].code());
    /// ```
    pub fn of(issues: &[Issue]) -> Self {
        let issue = if issues.is_empty() { vec![all_is_well()] } else { issues.iter().map(Into::into).collect() };
        Self { issue, ..Self::default() }
    }

    /// What the outcome reports. Our own codes come back as they were. What another system reports is
    /// [`IssueCode::Reported`], with its severity and its path but not its words: they may quote the record.
    pub fn issues(&self) -> Vec<Issue> {
        self.issue.iter().filter(|issue| !is_all_well(issue)).map(Into::into).collect()
    }
}

impl From<&Issues> for OperationOutcome {
    fn from(issues: &Issues) -> Self {
        Self::of(issues.as_slice())
    }
}

impl From<&Issue> for OperationOutcomeIssue {
    fn from(issue: &Issue) -> Self {
        let mut outcome = Self {
            severity: Some(Code::Known(severity_code(issue.severity()))),
            code: issue.code().issue_type().parse().ok(),
            details: Some(CodeableConcept {
                coding: vec![Coding {
                    system: Some(Uri::from_parsed(ISSUE_CODE_SYSTEM.into())),
                    code: issue.code().as_str().parse().ok(),
                    ..Coding::default()
                }],
                text: Some(issue.detail().into()),
                ..CodeableConcept::default()
            }),
            diagnostics: Some(Text::from(issue.to_string().as_str())),
            ..Self::default()
        };
        if !issue.path().is_empty() {
            outcome.expression.push(issue.path().into());
        }
        if let Some(position) = issue.position() {
            outcome.location.push(Text::from(format!("line {}, column {}", position.line, position.column).as_str()));
            for (url, number) in [(LINE, position.line), (COLUMN, position.column)] {
                outcome.extra.add_extension(Extension {
                    url: Some(Uri::from_parsed(url.into())),
                    value: i32::try_from(number).ok().map(ExtensionValue::Integer),
                    ..Extension::default()
                });
            }
        }
        outcome
    }
}

impl From<&OperationOutcomeIssue> for Issue {
    /// The offset of the position is not told in an outcome, and is 0.
    fn from(outcome: &OperationOutcomeIssue) -> Self {
        let own = outcome.details.iter().flat_map(|details| &details.coding).find_map(own_code);
        let detail = outcome.details.as_ref().and_then(|details| details.text.as_deref());
        let (code, detail) = match own {
            Some(code) => (code, detail.unwrap_or_default()),
            None => (IssueCode::Reported, "reported by another system"),
        };
        let path = outcome.expression.first().filter(|path| path.parse::<Path>().is_ok());
        let issue = Self::new(code, path.map_or("", |path| path.as_str()), detail).with_severity(severity(outcome));
        match position(outcome) {
            Some(position) => issue.at(position),
            None => issue,
        }
    }
}

fn own_code(coding: &Coding) -> Option<IssueCode> {
    let code = coding.code.as_ref().filter(|_| coding.system.as_deref() == Some(ISSUE_CODE_SYSTEM))?;
    IssueCode::ALL.iter().copied().find(|known| code == known.as_str())
}

fn severity_code(severity: Severity) -> IssueSeverity {
    match severity {
        Severity::Information => IssueSeverity::Information,
        Severity::Warning => IssueSeverity::Warning,
        Severity::Error => IssueSeverity::Error,
        Severity::Fatal => IssueSeverity::Fatal,
    }
}

/// One without a known severity counts as an error.
fn severity(outcome: &OperationOutcomeIssue) -> Severity {
    match outcome.severity.as_ref().and_then(|code| code.known()) {
        Some(IssueSeverity::Information) => Severity::Information,
        Some(IssueSeverity::Warning) => Severity::Warning,
        Some(IssueSeverity::Error) | None => Severity::Error,
        Some(IssueSeverity::Fatal) => Severity::Fatal,
    }
}

fn position(outcome: &OperationOutcomeIssue) -> Option<Position> {
    let number = |url| match outcome.extra.extension_by_url(url) {
        Some(ExtensionValue::Integer(number)) => usize::try_from(*number).ok(),
        _ => None,
    };
    Some(Position { line: number(LINE)?, column: number(COLUMN)?, offset: 0 })
}

fn all_is_well() -> OperationOutcomeIssue {
    OperationOutcomeIssue {
        severity: Some(IssueSeverity::Information.into()),
        code: Some(IssueType::Informational.into()),
        diagnostics: Some("no issue".into()),
        ..OperationOutcomeIssue::default()
    }
}

fn is_all_well(issue: &OperationOutcomeIssue) -> bool {
    let code = issue.code.as_ref().map(Code::as_str);
    severity(issue) == Severity::Information && code == Some(IssueType::Informational.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checks, Mode, Resource, check, parse};

    #[test]
    fn every_code_and_severity_comes_back() {
        for code in IssueCode::ALL {
            assert!(IssueType::from_code(code.issue_type()).is_some(), "{}", code.issue_type());
            for severity in [Severity::Information, Severity::Warning, Severity::Error, Severity::Fatal] {
                let issue = Issue::new(*code, "Patient.name[0].given", "in words").with_severity(severity);
                let issue = issue.at(Position { line: 3, column: 14, offset: 0 });
                assert_eq!(Issue::from(&OperationOutcomeIssue::from(&issue)), issue);
            }
        }
    }

    #[test]
    fn an_outcome_is_a_valid_resource() {
        for issues in [vec![], vec![Issue::new(IssueCode::Required, "Patient.link[0].other", "it is missing")]] {
            let outcome = OperationOutcome::of(&issues);
            assert_eq!(outcome.issues(), issues);
            assert!(check(outcome.into(), &Checks::structure()).is_ok());
        }
    }

    #[test]
    fn the_words_of_others_are_not_repeated() {
        let text = r#"{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"forbidden","diagnostics":"secret","details":{"text":"secret"},"expression":["Patient.name.where(x = 'secret')"]}]}"#;
        let resource: Resource = parse(text.as_bytes(), Mode::Strict).unwrap().into_resource();
        let issues = OperationOutcome::try_from(resource).unwrap().issues();
        assert_eq!((issues[0].code(), issues[0].severity()), (IssueCode::Reported, Severity::Warning));
        assert!(!issues[0].to_string().contains("secret"));
    }
}
