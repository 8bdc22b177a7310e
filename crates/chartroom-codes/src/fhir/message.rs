//! The issues with their texts. HL7's suite demands the wording, so it stands here and nowhere else.

use super::issue::{Detail, Issue, IssueKind, Severity};
use super::publication::Caution;
use crate::ecl::{InvalidConstraint, NotEvaluable};
use Severity::{Error, Information, Warning};

fn issue(severity: Severity, kind: IssueKind, detail: Detail, id: &'static str, text: String) -> Issue {
    Issue::new(severity, kind, Some(detail), id, text)
}

/// A version list as a person reads it: `1`, `1 or 2`, `1, 2 and 3`.
fn listed(versions: &[&str]) -> String {
    match versions {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [one, other] => format!("{one} or {other}"),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

// Code systems and value sets that are not there.

pub(super) fn unknown_system(system: &str) -> Issue {
    let text = format!("A definition for CodeSystem '{system}' could not be found, so the code cannot be validated");
    issue(Error, IssueKind::NotFound, Detail::NotFound, "UNKNOWN_CODESYSTEM", text)
}

pub(super) fn unknown_version(system: &str, version: &str, known: &[&str]) -> Issue {
    let (id, rest) = unknown_version_rest("UNKNOWN_CODESYSTEM_VERSION", "UNKNOWN_CODESYSTEM_VERSION_NONE", known);
    let lead = format!("A definition for CodeSystem '{system}' version '{version}' could not be found");
    issue(Error, IssueKind::NotFound, Detail::NotFound, id, format!("{lead}, so the code cannot be validated. {rest}"))
}

pub(super) fn cannot_expand_system(system: &str, version: Option<&str>, known: &[&str]) -> Issue {
    let Some(version) = version else {
        let text =
            format!("A definition for CodeSystem '{system}' could not be found, so the value set cannot be expanded");
        return issue(Error, IssueKind::NotFound, Detail::NotFound, "UNKNOWN_CODESYSTEM_EXP", text);
    };
    let (id, rest) =
        unknown_version_rest("UNKNOWN_CODESYSTEM_VERSION_EXP", "UNKNOWN_CODESYSTEM_VERSION_EXP_NONE", known);
    let lead = format!("A definition for CodeSystem '{system}' version '{version}' could not be found");
    issue(
        Error,
        IssueKind::NotFound,
        Detail::NotFound,
        id,
        format!("{lead}, so the value set cannot be expanded. {rest}"),
    )
}

fn unknown_version_rest(some: &'static str, none: &'static str, known: &[&str]) -> (&'static str, String) {
    match known {
        [] => (none, "No versions of this code system are known".to_owned()),
        _ => (some, format!("Valid versions: {}", listed(known))),
    }
}

pub(super) fn unknown_value_set(canonical: &str) -> Issue {
    let text = format!("A definition for the value Set '{canonical}' could not be found");
    issue(Error, IssueKind::NotFound, Detail::NotFound, "Unable_to_resolve_value_Set_", text)
}

pub(super) fn unknown_import(url: &str, version: Option<&str>) -> Issue {
    let (id, text) = match version {
        Some(version) => {
            ("VS_EXP_IMPORT_UNK_PINNED", format!("Unable to find included value set '{url}' version '{version}'"))
        }
        None => ("VS_EXP_IMPORT_UNK", format!("Unable to find included value set '{url}'")),
    };
    issue(Error, IssueKind::NotFound, Detail::NotFound, id, text)
}

pub(super) fn circular(canonical: &str, pathway: &[String]) -> Issue {
    let pathway = pathway.join(", ");
    let text = format!("Found a circularity pointing to {canonical} processing ValueSet with pathway [{pathway}]");
    issue(Error, IssueKind::Processing, Detail::VsInvalid, "VALUESET_CIRCULAR_REFERENCE", text)
}

pub(super) fn missing_supplements(missing: &[String]) -> Issue {
    let supplements = if missing.len() == 1 { "supplement" } else { "supplements" };
    let text = format!("Required {supplements} not found: {}", missing.join(","));
    issue(Error, IssueKind::NotFound, Detail::NotFound, "VALUESET_SUPPLEMENT_MISSING", text)
}

pub(super) fn is_a_value_set(system: &str) -> Issue {
    let text = format!("The Coding references a value set, not a code system ('{system}')");
    issue(Error, IssueKind::Invalid, Detail::InvalidData, "Terminology_TX_System_ValueSet2", text)
}

pub(super) fn is_a_supplement(canonical: &str) -> Issue {
    let text = format!("CodeSystem {canonical} is a supplement, so can't be used as a value in Coding.system");
    issue(Error, IssueKind::Invalid, Detail::InvalidData, "CODESYSTEM_CS_NO_SUPPLEMENT", text)
}

pub(super) fn caution(caution: Caution, resource_type: &str, canonical: &str) -> Issue {
    let id = match caution {
        Caution::Deprecated => "MSG_DEPRECATED",
        Caution::Withdrawn => "MSG_WITHDRAWN",
        Caution::Retired => "MSG_RETIRED",
        Caution::Experimental => "MSG_EXPERIMENTAL",
        Caution::Draft => "MSG_DRAFT",
    };
    let text = format!("Reference to {} {resource_type} {canonical}", caution.name());
    issue(Information, IssueKind::BusinessRule, Detail::StatusCheck, id, text)
}

// Value sets that cannot be worked with.

pub(super) fn filter_without_value(system: &str, property: &str, op: &str) -> Issue {
    let text = format!("The system {system} filter with property = {property}, op = {op} has no value");
    issue(Error, IssueKind::Invalid, Detail::VsInvalid, "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE", text)
}

pub(super) fn filter_not_understood(property: &str, op: &str, value: &str) -> Issue {
    let text = format!("The filter \"{property} {op} {value}\" is not understood or supported");
    issue(Error, IssueKind::NotSupported, Detail::VsInvalid, "FILTER_NOT_UNDERSTOOD", text)
}

pub(super) fn filter_on_unknown_code(system: &str, property: &str, op: &str, value: &str) -> Issue {
    let text =
        format!("The filter \"{property} {op} {value}\" names a code that the code system '{system}' does not have");
    Issue { message_id: None, ..issue(Error, IssueKind::NotFound, Detail::VsInvalid, "", text) }
}

pub(super) fn invalid_regex(property: &str, value: &str) -> Issue {
    let text = format!("The value for a filter based on property '{property}' should be a valid regex, not '{value}'");
    issue(Error, IssueKind::Invalid, Detail::VsInvalid, "VALUESET_BAD_FILTER_VALUE_VALID_REGEX", text)
}

const INVALID_ECL: &str = "INVALID_ECL";

/// An issue with a filter, with its place in the value set. That of a constraint has none: its text is in the message.
pub(super) fn in_filter(issue: Issue, selection: &str, index: usize) -> Issue {
    if issue.message_id == Some(INVALID_ECL) { issue } else { issue.at(format!("{selection}.filter[{index}]")) }
}

pub(super) fn invalid_constraint(constraint: &str, fault: &InvalidConstraint) -> Issue {
    let text = format!("Invalid ECL expression: '{constraint}': ({fault})");
    issue(Error, IssueKind::Invalid, Detail::VsInvalid, INVALID_ECL, text)
}

pub(super) fn constraint_not_evaluable(constraint: &str, why: NotEvaluable) -> Issue {
    let kind = if why == NotEvaluable::TooCostly { IssueKind::TooCostly } else { IssueKind::NotSupported };
    plain(kind, format!("The ECL expression '{constraint}' cannot be evaluated: {why}"))
}

pub(super) fn not_enumerable(system: &str) -> Issue {
    let why = "its codes cannot be iterated or enumerated in any meaningful sense";
    let text = format!("The code system '{system}' cannot be expanded because {why}");
    Issue {
        detail: None,
        ..issue(Error, IssueKind::NotSupported, Detail::VsInvalid, "CODESYSTEM_NOT_ENUMERABLE", text)
    }
}

pub(super) fn locked_date(canonical: &str) -> Issue {
    let text = format!("Cannot process ValueSet {canonical} due to the presence of a lockedDate on the compose");
    Issue { message_id: None, ..issue(Error, IssueKind::BusinessRule, Detail::VsInvalid, "", text) }
}

pub(super) fn nothing_to_expand(canonical: &str) -> Issue {
    let text = format!("The value set {canonical} has no compose and no expansion, so it cannot be expanded");
    issue(Error, IssueKind::Invalid, Detail::VsInvalid, "VALUESET_NO_COMPOSE", text)
}

pub(super) fn undefined(canonical: &str) -> Issue {
    let text = format!("The value set {canonical} has no compose and no expansion, so that its codes are not known");
    Issue { text, ..nothing_to_expand(canonical) }
}

pub(super) fn too_costly(canonical: &str, limit: usize) -> Issue {
    let text = format!("The value set '{canonical}' expansion has too many codes to produce (>{limit})");
    Issue { detail: None, ..issue(Error, IssueKind::TooCostly, Detail::VsInvalid, "VALUESET_TOO_COSTLY", text) }
}

// Requests that cannot be understood.

pub(super) fn invalid_language(language: &str) -> Issue {
    let text = format!("Invalid displayLanguage: '{language}'");
    issue(Error, IssueKind::Processing, Detail::InvalidDisplay, "INVALID_DISPLAY_NAME", text)
}

/// A plain error, for which HL7 has no message.
pub(super) fn plain(kind: IssueKind, text: impl Into<String>) -> Issue {
    Issue { severity: Error, kind, detail: None, message_id: None, text: text.into(), expression: None }
}

// Systems and versions of codings.

pub(super) fn no_system() -> Issue {
    let text = "Coding has no system. A code with no system has no defined meaning, and it cannot be validated. \
                A system should be provided";
    issue(Warning, IssueKind::Invalid, Detail::InvalidData, "Coding_has_no_system__cannot_validate", text.to_owned())
}

pub(super) fn no_code(system: Option<&str>) -> Issue {
    let text = match system {
        Some(system) => format!("Coding has no code for system {system} and cannot be validated"),
        None => "Coding has no code and cannot be validated".to_owned(),
    };
    Issue { message_id: None, ..issue(Warning, IssueKind::Invalid, Detail::InvalidData, "", text) }
}

pub(super) fn relative_system() -> Issue {
    let text = "Coding.system must be an absolute reference, not a local reference".to_owned();
    issue(Error, IssueKind::Invalid, Detail::InvalidData, "Terminology_TX_System_Relative", text)
}

pub(super) fn no_inferred_system(code: &str, value_set: &str) -> Issue {
    let text = format!("The System URI could not be determined for the code '{code}' in the ValueSet '{value_set}'");
    issue(Error, IssueKind::NotFound, Detail::CannotInfer, "UNABLE_TO_INFER_CODESYSTEM", text)
}

pub(super) fn many_inferred_systems(code: &str, value_set: &str, systems: &[&str]) -> Issue {
    let lead = format!("The System URI could not be determined for the code '{code}' in the ValueSet '{value_set}'");
    let text = format!("{lead}: value set expansion has multiple matches: [{}]", systems.join(", "));
    let id = "Unable_to_resolve_system__value_set_has_multiple_matches";
    issue(Error, IssueKind::NotFound, Detail::CannotInfer, id, text)
}

pub(super) fn version_not_allowed(system: &str, version: &str, required: &str) -> Issue {
    let text = format!(
        "The version '{version}' is not allowed for system '{system}': required to be '{required}' by a version-check parameter"
    );
    issue(Error, IssueKind::Exception, Detail::VersionError, "VALUESET_VERSION_CHECK", text)
}

pub(super) fn version_differs(system: &str, included: &str, asked: &str) -> Issue {
    let text = format!(
        "The code system '{system}' version '{included}' in the ValueSet include is different to the one in the value ('{asked}')"
    );
    issue(Error, IssueKind::Invalid, Detail::VsInvalid, "VALUESET_VALUE_MISMATCH", text)
}

pub(super) fn version_differs_by_rule(system: &str, used: &str, included: &str, asked: &str) -> Issue {
    let lead = format!("The code system '{system}' version '{used}' resulting from the version '{included}'");
    let text = format!("{lead} in the ValueSet include is different to the one in the value ('{asked}')");
    issue(Error, IssueKind::Invalid, Detail::VsInvalid, "VALUESET_VALUE_MISMATCH_CHANGED", text)
}

pub(super) fn version_differs_by_default(system: &str, used: &str, asked: &str) -> Issue {
    let lead =
        format!("The code system '{system}' version '{used}' for the versionless include in the ValueSet include");
    let text = format!("{lead} is different to the one in the value ('{asked}')");
    issue(Warning, IssueKind::Invalid, Detail::VsInvalid, "VALUESET_VALUE_MISMATCH_DEFAULT", text)
}

pub(super) fn expansion_version_differs(system: &str, listed: &str, asked: &str) -> Issue {
    let text = format!(
        "The code system \"{system}\" version \"{listed}\" in the ValueSet expansion is different to the one in the value (\"{asked}\")"
    );
    Issue { message_id: None, ..issue(Error, IssueKind::NotFound, Detail::VsInvalid, "", text) }
}

// Codes.

pub(super) fn unknown_code(code: &str, system: &str, version: Option<&str>) -> Issue {
    let (id, text) = match version {
        Some(version) => (
            "Unknown_Code_in_Version",
            format!("Unknown code '{code}' in the CodeSystem '{system}' version '{version}'"),
        ),
        None => ("Unknown_Code_in", format!("Unknown code '{code}' in the CodeSystem '{system}'")),
    };
    issue(Error, IssueKind::CodeInvalid, Detail::InvalidCode, id, text)
}

pub(super) fn unknown_code_in_fragment(code: &str, system: &str, version: Option<&str>) -> Issue {
    let version = version.unwrap_or_default();
    let text = format!(
        "Unknown Code '{code}' in the CodeSystem '{system}' version '{version}' - note that the code system is labeled as a \
         fragment, so the code may be valid in some other fragment"
    );
    issue(Warning, IssueKind::CodeInvalid, Detail::InvalidCode, "UNKNOWN_CODE_IN_FRAGMENT", text)
}

pub(super) fn not_in_value_set(coding: &str, value_set: &str) -> Issue {
    let text = format!("The provided code '{coding}' was not found in the value set '{value_set}'");
    issue(Error, IssueKind::CodeInvalid, Detail::NotInVs, "None_of_the_provided_codes_are_in_the_value_set_one", text)
}

/// As [`not_in_value_set`], of one coding among several.
pub(super) fn this_not_in_value_set(coding: &str, value_set: &str) -> Issue {
    Issue { severity: Information, detail: Some(Detail::ThisCodeNotInVs), ..not_in_value_set(coding, value_set) }
}

pub(super) fn no_coding_in_value_set(value_set: &str) -> Issue {
    let text = format!("No valid coding was found for the value set '{value_set}'");
    issue(Error, IssueKind::CodeInvalid, Detail::NotInVs, "TX_GENERAL_CC_ERROR_MESSAGE", text)
}

pub(super) fn abstract_code(system: &str, code: &str) -> Issue {
    let text = format!("Code '{system}#{code}' is abstract, and not allowed in this context");
    issue(Error, IssueKind::BusinessRule, Detail::CodeRule, "ABSTRACT_CODE_NOT_ALLOWED", text)
}

pub(super) fn inactive_not_allowed(code: &str) -> Issue {
    let text = format!("The concept '{code}' is valid but is not active");
    issue(Error, IssueKind::BusinessRule, Detail::CodeRule, "STATUS_CODE_WARNING_CODE", text)
}

pub(super) fn inactive(code: &str, status: Option<&str>) -> Issue {
    let status = match status {
        None | Some("inactive") => "inactive".to_owned(),
        Some(status) => format!("{status} and inactive"),
    };
    let text = format!("The concept '{code}' has a status of {status} and its use should be reviewed");
    issue(Warning, IssueKind::BusinessRule, Detail::CodeComment, "INACTIVE_CONCEPT_FOUND", text)
}

pub(super) fn deprecated(code: &str) -> Issue {
    let text = format!("The concept '{code}' is deprecated and its use should be reviewed");
    issue(Warning, IssueKind::BusinessRule, Detail::CodeComment, "DEPRECATED_CONCEPT_FOUND", text)
}

pub(super) fn deprecated_in_value_set(system: &str, code: &str, status: &str, value_set: &str) -> Issue {
    let text = format!(
        "The presence of the concept '{code}' in the system '{system}' in the value set {value_set} is marked with a status of \
         {status} and its use should be reviewed"
    );
    issue(Warning, IssueKind::BusinessRule, Detail::CodeComment, "CONCEPT_DEPRECATED_IN_VALUESET", text)
}

pub(super) fn case_differs(code: &str, right: &str, system: &str) -> Issue {
    let text = format!(
        "The code '{code}' differs from the correct code '{right}' by case. Although the code system '{system}' is case \
         insensitive, implementers are strongly encouraged to use the correct case anyway"
    );
    issue(Information, IssueKind::BusinessRule, Detail::CodeRule, "CODE_CASE_DIFFERENCE", text)
}

pub(super) fn written_differs(code: &str, right: &str, system: &str) -> Issue {
    let text = format!("The code '{code}' means the code '{right}', which the code system '{system}' writes otherwise");
    Issue { message_id: None, ..issue(Information, IssueKind::BusinessRule, Detail::CodeRule, "", text) }
}

// Displays.

/// A display that does not fit, and of which coding.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) display: &'a str,
    pub(super) system: &'a str,
    pub(super) code: &'a str,
    /// The languages asked for, or `--`.
    pub(super) languages: &'a str,
}

fn display_issue(severity: Severity, id: &'static str, text: String) -> Issue {
    issue(severity, IssueKind::Invalid, Detail::InvalidDisplay, id, text)
}

pub(super) fn wrong_display(severity: Severity, spaced: bool, shown: Shown<'_>, count: usize, valid: &str) -> Issue {
    let Shown { display, system, code, languages } = shown;
    let (id, wrong) = if spaced {
        ("Display_Name_WS_for__should_be_one_of__instead_of", "Wrong whitespace in Display Name")
    } else {
        ("Display_Name_for__should_be_one_of__instead_of", "Wrong Display Name")
    };
    let choices = if count == 1 { String::new() } else { format!("one of {count} choices: ") };
    let text = format!(
        "{wrong} '{display}' for {system}#{code}. Valid display is {choices}{valid} (for the language(s) '{languages}')"
    );
    display_issue(severity, id, text)
}

pub(super) fn no_display_for_language(severity: Severity, shown: Shown<'_>, default: &str) -> Issue {
    let Shown { display, system, code, languages } = shown;
    let text = format!(
        "Wrong Display Name '{display}' for {system}#{code}. There are no valid display names found for language(s) \
         '{languages}'. Default display is '{default}'"
    );
    display_issue(severity, "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR", text)
}

pub(super) fn default_display_for_language(shown: Shown<'_>) -> Issue {
    let Shown { display, system, code, languages } = shown;
    let text = format!(
        "There are no valid display names found for the code {system}#{code} for language(s) '{languages}'. The display is \
         '{display}' which is a valid display for the default language"
    );
    display_issue(Information, "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK", text)
}

pub(super) fn no_display_known(shown: Shown<'_>) -> Issue {
    let Shown { display, system, code, languages } = shown;
    let text = format!(
        "Cannot validate display '{display}' for {system}#{code} in language {languages}: No displays are known"
    );
    display_issue(Warning, "NO_VALID_DISPLAY_AT_ALL", text)
}

/// The suite calls every text deprecated that is no longer current.
pub(super) fn outdated_display(display: &str, code: &str, current: &[&str]) -> Issue {
    let quoted: Vec<String> = current.iter().map(|display| format!("\"{display}\"")).collect();
    let text = format!(
        "'{display}' is no longer considered a correct display for code '{code}' (status = deprecated). The correct display \
         is one of {}.",
        quoted.join(",")
    );
    issue(Warning, IssueKind::Invalid, Detail::DisplayComment, "INACTIVE_DISPLAY_FOUND", text)
}
