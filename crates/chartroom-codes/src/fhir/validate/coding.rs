//! What is validated: a bare code, a coding, or a concept with several.

use std::fmt;

/// A code of a system. Shape: FHIR `Coding`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Coding {
    /// The URL of the code system.
    pub system: Option<String>,
    /// The version of the code system.
    pub version: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The text that the code was shown with.
    pub display: Option<String>,
}

/// Several codings for one thing. Shape: FHIR `CodeableConcept`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CodeableConcept {
    /// The codings.
    pub coding: Vec<Coding>,
    /// What was said in words.
    pub text: Option<String>,
}

/// What is validated. Issues point into it by the names that the standard's parameters have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The parameters `code`, `system`, `systemVersion` and `display`.
    Code(Coding),
    /// The parameter `coding`.
    Coding(Coding),
    /// The parameter `codeableConcept`.
    Concept(CodeableConcept),
}

impl Coding {
    /// A code of a system, without version or display.
    pub fn new(system: impl Into<String>, code: impl Into<String>) -> Self {
        Self { system: Some(system.into()), code: Some(code.into()), ..Self::default() }
    }
}

impl From<Coding> for Subject {
    fn from(coding: Coding) -> Self {
        Self::Coding(coding)
    }
}

impl From<CodeableConcept> for Subject {
    fn from(concept: CodeableConcept) -> Self {
        Self::Concept(concept)
    }
}

impl fmt::Debug for Coding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self { system, version, code: _, display: _ } = self;
        f.debug_struct("Coding").field("system", system).field("version", version).finish_non_exhaustive()
    }
}

impl fmt::Debug for CodeableConcept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self { coding, text: _ } = self;
        f.debug_struct("CodeableConcept").field("coding", coding).finish_non_exhaustive()
    }
}

impl Subject {
    pub(super) fn codings(&self) -> &[Coding] {
        match self {
            Self::Code(coding) | Self::Coding(coding) => std::slice::from_ref(coding),
            Self::Concept(concept) => &concept.coding,
        }
    }

    pub(super) fn is_concept(&self) -> bool {
        matches!(self, Self::Concept(_))
    }

    /// Where a coding stands in the request.
    pub(in super::super) fn path(&self, index: usize) -> String {
        match self {
            Self::Code(_) => String::new(),
            Self::Coding(_) => "Coding".to_owned(),
            Self::Concept(_) => format!("CodeableConcept.coding[{index}]"),
        }
    }

    /// Where a member of a coding stands in the request.
    pub(super) fn path_of(&self, index: usize, member: &str) -> String {
        match self {
            Self::Code(_) => member.to_owned(),
            _ => format!("{}.{member}", self.path(index)),
        }
    }
}
