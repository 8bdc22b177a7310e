//! The form of references and the types that they point at: FHIR R4, section 2.3.0.

use std::collections::HashSet;

use crate::classify::type_of_target;
use crate::datatype::Reference;
use crate::issue::{IssueCode, Severity};
use crate::primitive::{Oid, Uuid};

/// What is wrong with a reference.
pub(super) struct Fault {
    pub(super) code: IssueCode,
    pub(super) severity: Severity,
    /// The member at fault.
    pub(super) member: &'static str,
    pub(super) detail: &'static str,
}

/// Looks for a fault. `targets` are the types that the element allows, `contained` the ids that `#id` may point at.
pub(super) fn fault(reference: &Reference, targets: &[&str], contained: &HashSet<String>) -> Option<Fault> {
    let Some(text) = reference.reference.as_deref() else {
        let wrong = reference.type_.as_deref().is_some_and(|stated| !allows(targets, stated));
        return wrong.then_some(Fault { member: "type", ..Fault::of(IssueCode::ReferenceTarget, WRONG_TARGET) });
    };
    if let Some(id) = text.strip_prefix('#') {
        let known = id.is_empty() || contained.contains(id);
        return (!known).then_some(Fault::of(IssueCode::Invariant, "ref-1: no contained resource has this id"));
    }
    if !is_urn(text) {
        // R4 gives the form of such a name, and leaves the reference a string.
        let fault = Fault::of(IssueCode::ReferenceForm, "not a valid urn:uuid or urn:oid");
        return Some(Fault { severity: Severity::Warning, ..fault });
    }
    of_address(text, targets)
}

impl Fault {
    const fn of(code: IssueCode, detail: &'static str) -> Self {
        Self { code, severity: code.severity(), member: "reference", detail }
    }
}

/// Whether a reference says that it leads to another type than its address does.
pub(super) fn contradicts_itself(reference: &Reference) -> bool {
    let named = reference.reference.as_deref().and_then(type_of_target).filter(|name| crate::resource::is_r4(name));
    named.zip(reference.type_.as_deref()).is_some_and(|(named, stated)| named != stated)
}

fn of_address(text: &str, targets: &[&str]) -> Option<Fault> {
    if text.contains(':') && !text.contains("://") {
        return None;
    }
    let absolute = text.contains("://");
    // `Patient?identifier=…` asks the server to find the target: allowed in a transaction.
    let named = text.split_once('?').map_or_else(|| type_of_target(text), |(name, _)| name.rsplit('/').next());
    match named {
        None if absolute => None,
        None => Some(Fault::of(IssueCode::ReferenceForm, "neither absolute, nor of the form Type/id")),
        Some(name) if !absolute && !crate::resource::is_r4(name) => {
            Some(Fault::of(IssueCode::ReferenceForm, "it names no resource type of FHIR R4"))
        }
        Some(name) if crate::resource::is_r4(name) && !allows(targets, name) => {
            Some(Fault::of(IssueCode::ReferenceTarget, WRONG_TARGET))
        }
        Some(_) => None,
    }
}

/// Whether a uri has a scheme: RFC 3986, section 4.3.
pub(super) fn is_absolute(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && !rest.is_empty()
}

/// Whether a canonical address leads to one of these types of definition, as far as it says. Only HL7's own addresses
/// always name the type.
pub(super) fn is_canonical_of(canonical: &str, targets: &[&str]) -> bool {
    let named = canonical.strip_prefix("http://hl7.org/fhir/").and_then(|path| path.split_once('/'));
    named.is_none_or(|(name, _)| !crate::resource::is_r4(name) || allows(targets, name))
}

/// Whether a `urn:uuid:` or `urn:oid:` has the form that its type demands. Any other text is no such name.
pub(super) fn is_urn(text: &str) -> bool {
    if text.starts_with("urn:uuid:") {
        text.parse::<Uuid>().is_ok()
    } else {
        !text.starts_with("urn:oid:") || text.parse::<Oid>().is_ok()
    }
}

const WRONG_TARGET: &str = "the element does not allow a reference to this type";

fn allows(targets: &[&str], name: &str) -> bool {
    targets.is_empty() || targets.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<IssueCode> {
        let reference = Reference { reference: Some(text.into()), ..Reference::default() };
        fault(&reference, &["Patient", "Group"], &HashSet::from(["p1".to_owned()])).map(|fault| fault.code)
    }

    #[test]
    fn addresses() {
        assert!(
            is_absolute("urn:x") && is_absolute("https://a.example") && !is_absolute("#c1") && !is_absolute("a/b:c")
        );
        let targets = ["Questionnaire"];
        assert!(is_canonical_of("http://hl7.org/fhir/Questionnaire/x|1", &targets));
        assert!(is_canonical_of("https://a.example/ValueSet/x", &targets));
        assert!(!is_canonical_of("http://hl7.org/fhir/ValueSet/x", &targets));
    }

    #[test]
    fn forms_and_targets() {
        let uuid = "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7";
        for good in
            ["Patient/1", "#p1", "#", uuid, "https://example.org/Patient/1", "Group?name=a", "https://example.org/x"]
        {
            assert_eq!(of(good), None, "{good}");
        }
        for (bad, code) in [
            ("Practitioner/1", IssueCode::ReferenceTarget),
            ("https://example.org/Practitioner/1/_history/2", IssueCode::ReferenceTarget),
            ("#p2", IssueCode::Invariant),
            ("urn:uuid:1", IssueCode::ReferenceForm),
            ("patient/1", IssueCode::ReferenceForm),
            ("1", IssueCode::ReferenceForm),
        ] {
            assert_eq!(of(bad), Some(code), "{bad}");
        }
    }
}
