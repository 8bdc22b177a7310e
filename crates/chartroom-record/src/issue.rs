//! What is wrong with a record: FHIR `OperationOutcome.issue` with a stable code and a place.

use std::fmt;

use crate::json::Position;

/// How bad an issue is (FHIR `issue-severity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Information,
    /// Worth a look; the record can be kept.
    Warning,
    /// The record breaks a rule of the standard.
    Error,
    /// The text could not be read.
    Fatal,
}

impl Severity {
    /// The FHIR code, such as `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

/// Defines the codes: the variant, the stable code, the FHIR issue type, the severity.
macro_rules! issue_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $kind:literal, $severity:ident;)+) => {
        /// What kind of issue it is. The codes are stable: programs may branch on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum IssueCode {
            $($(#[$doc])* $variant,)+
        }

        impl IssueCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, such as `unknown-member`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The FHIR `issue-type`, such as `structure`.
            pub const fn issue_type(self) -> &'static str {
                match self { $(Self::$variant => $kind),+ }
            }

            /// How bad such an issue is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }
        }
    };
}

issue_codes! {
    /// The bytes are not UTF-8.
    Encoding = "encoding", "structure", Fatal;
    /// The text is not JSON.
    Syntax = "syntax", "structure", Fatal;
    /// The text ends too early.
    Truncated = "truncated", "incomplete", Fatal;
    /// The text is nested too deeply.
    TooDeep = "too-deep", "too-costly", Fatal;
    /// Something follows the end of the record.
    Trailing = "trailing", "structure", Fatal;
    /// The value is no resource: no object with a `resourceType`.
    NotAResource = "not-a-resource", "structure", Error;
    /// The resource type differs from the wanted one, or FHIR R4 has none of this name.
    ResourceType = "resource-type", "structure", Error;
    /// The element has no member of this name. It is kept, and written back.
    UnknownMember = "unknown-member", "structure", Warning;
    /// The member stands twice in one object.
    DuplicateMember = "duplicate-member", "structure", Error;
    /// A second type of one choice element.
    RepeatedChoice = "repeated-choice", "structure", Error;
    /// The wrong JSON type: a number where a string belongs, one value where a list belongs.
    JsonType = "json-type", "structure", Error;
    /// An empty string, array or object.
    Empty = "empty", "invariant", Error;
    /// A null where FHIR allows none.
    Null = "null", "structure", Error;
    /// The value does not have the form of its type.
    Format = "format", "value", Error;
    /// A required element is missing.
    Required = "required", "required", Error;
    /// More items than the standard allows, or fewer.
    Cardinality = "cardinality", "structure", Error;
    /// A code outside the value set that the standard requires.
    Binding = "binding", "code-invalid", Error;
    /// A reference to a type of resource that the element does not allow.
    ReferenceTarget = "reference-target", "value", Error;
    /// A reference that has no valid form.
    ReferenceForm = "reference-form", "value", Error;
    /// A reference that leads to nothing in the bundle or resource where it must lead to something.
    UnresolvedReference = "unresolved-reference", "not-found", Error;
    /// Two values that contradict each other.
    Contradiction = "contradiction", "invariant", Error;
    /// A rule that R4 states for the element, named by its key.
    Invariant = "invariant", "invariant", Error;
    /// An answer that the questionnaire does not allow, or one that it requires and does not get.
    Answer = "answer", "business-rule", Error;
    /// A code that its code system does not have.
    UnknownCode = "unknown-code", "code-invalid", Error;
    /// A code that does not have the form of its code system, where that system is not loaded.
    MalformedCode = "malformed-code", "code-invalid", Warning;
    /// A code that its code system no longer has, or does not have yet, on the date of service.
    OutdatedCode = "outdated-code", "business-rule", Warning;
    /// A code that is a header, too general to bill.
    HeaderCode = "header-code", "business-rule", Warning;
    /// The edition that held on the date of service is not loaded, so the code was judged by another.
    EditionNotLoaded = "edition-not-loaded", "not-supported", Information;
    /// The code system is not loaded, so the code was not checked.
    NotChecked = "not-checked", "not-supported", Information;
    /// An extension that its definition does not allow in this place, or with this value.
    ExtensionMisuse = "extension-misuse", "extension", Error;
    /// An extension whose definition is not at hand, so that its place and value were not checked.
    UnknownExtension = "unknown-extension", "extension", Information;
    /// Text that looks like markup, in a plain string. Whoever shows it must escape it.
    Markup = "markup", "security", Warning;
    /// An element that a profile expects and the record does not have.
    MustSupport = "must-support", "informational", Information;
    /// What another system reported.
    Reported = "reported", "processing", Error;
}

/// One issue: what, where, how bad. It never holds the text that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    code: IssueCode,
    severity: Severity,
    path: String,
    position: Option<Position>,
    detail: String,
}

impl Issue {
    pub(crate) fn new(code: IssueCode, path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), path: path.into(), position: None, detail: detail.into() }
    }

    pub(crate) const fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    pub(crate) fn set_position(&mut self, position: Option<Position>) {
        self.position = self.position.or(position);
    }

    pub(crate) const fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// What kind of issue it is.
    pub const fn code(&self) -> IssueCode {
        self.code
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether the record breaks the standard or could not be read.
    pub fn is_error(&self) -> bool {
        self.severity >= Severity::Error
    }

    /// The path from the resource, such as `Patient.name[0].given[1]` or `Observation.valueQuantity.code`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where it stands in the text, where there is a text.
    pub const fn position(&self) -> Option<Position> {
        self.position
    }

    /// The official key of the broken invariant, such as `per-1`; `None` where the issue is about something else. It
    /// stands in front of the detail.
    pub fn key(&self) -> Option<&str> {
        let (key, _) = self.detail.split_once(": ")?;
        (self.code == IssueCode::Invariant).then_some(key)
    }

    /// What is wrong, in words that quote nothing of the record.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.severity.as_str(), self.code.as_str())?;
        if let Some(Position { line, column, .. }) = self.position {
            write!(f, " at line {line}, column {column}")?;
        }
        if !self.path.is_empty() {
            write!(f, ", {}", self.path)?;
        }
        write!(f, ": {}", self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_names_its_place_and_rule() {
        let position = Position { line: 3, column: 14, offset: 40 };
        let issue = Issue::new(IssueCode::Format, "Patient.birthDate", "not a valid date").at(position);
        assert_eq!(issue.to_string(), "error format at line 3, column 14, Patient.birthDate: not a valid date");
        assert!(issue.is_error());
    }

    #[test]
    fn an_invariant_is_known_by_its_key() {
        let broken = Issue::new(IssueCode::Invariant, "Encounter.period", "per-1: the start is after the end");
        assert_eq!(broken.key(), Some("per-1"));
        assert_eq!(Issue::new(IssueCode::Format, "Patient.id", "wrong: too long").key(), None);
    }

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = IssueCode::ALL.iter().map(|code| code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), IssueCode::ALL.len());
    }
}
