//! The form of references and the types that they point at: FHIR R4, section 2.3.0.

use super::contained::Contained;
use crate::classify::type_of_target;
use crate::datatype::Reference;
use crate::issue::{IssueCode, Severity};
use crate::primitive::{Oid, Uuid};
use crate::reference::Target;

/// What is wrong with a reference.
pub(super) struct Fault {
    pub(super) code: IssueCode,
    pub(super) severity: Severity,
    /// The member at fault.
    pub(super) member: &'static str,
    pub(super) detail: &'static str,
}

/// Looks for a fault. `targets` are the types that the element allows, `contained` what `#id` may point at.
pub(super) fn fault(reference: &Reference, targets: &[&str], contained: &Contained) -> Option<Fault> {
    let Some(text) = reference.reference.as_deref() else {
        let wrong = reference.type_.as_deref().is_some_and(|stated| !allows(targets, stated));
        return wrong.then_some(Fault { member: "type", ..Fault::of(IssueCode::ReferenceTarget, WRONG_TARGET) });
    };
    if let Some(id) = text.strip_prefix('#') {
        return match contained.get(id) {
            None if id.is_empty() => None,
            None => Some(Fault::of(IssueCode::Invariant, "ref-1: no contained resource has this id")),
            Some(name) if crate::resource::is_r4(name) && !allows(targets, name) => {
                Some(Fault::of(IssueCode::ReferenceTarget, WRONG_TARGET))
            }
            Some(_) => None,
        };
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
    let absolute = is_absolute(text);
    if absolute && !text.contains("://") {
        return None;
    }
    // `Patient?identifier=…` asks the server to find the target: allowed in a transaction.
    let named = match text.split_once('?') {
        Some((name, _)) => name.rsplit('/').next(),
        None if absolute => type_of_target(text),
        None => Target::of(text).filter(|target| target.base.is_none()).map(|target| target.type_name),
    };
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
        // Only the type `uuid` demands small letters.
        text.to_ascii_lowercase().parse::<Uuid>().is_ok()
    } else {
        !text.starts_with("urn:oid:") || text.parse::<Oid>().is_ok()
    }
}

pub(super) const WRONG_TARGET: &str = "the element does not allow a reference to this type";

/// Whether the element allows a reference to this type.
pub(super) fn allows(targets: &[&str], name: &str) -> bool {
    targets.is_empty() || targets.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<IssueCode> {
        let reference = Reference { reference: Some(text.into()), ..Reference::default() };
        let contained = [("p1", "Patient"), ("d1", "Practitioner")].map(|(id, kind)| (id.to_owned(), kind.to_owned()));
        fault(&reference, &["Patient", "Group"], &Contained::from(contained)).map(|fault| fault.code)
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
        for good in [
            "Patient/1",
            "Patient/1/_history/2",
            "#p1",
            "#",
            uuid,
            &uuid.to_uppercase().replace("URN:UUID", "urn:uuid"),
            "https://example.org/Patient/1",
            "Group?name=a",
            "https://example.org/x",
            "urn:x:y",
        ] {
            assert_eq!(of(good), None, "{good}");
        }
        let long = format!("Patient/{}", "a".repeat(65));
        for bad in [
            "Patient/",
            "Patient/a b",
            "Patient/a_b",
            "Patient/1/_history/",
            &long,
            "/Patient/1",
            "../Patient/1",
            "fhir/Patient/1",
            "::",
        ] {
            assert_eq!(of(bad), Some(IssueCode::ReferenceForm), "{bad}");
        }
        for (bad, code) in [
            ("Practitioner/1", IssueCode::ReferenceTarget),
            ("https://example.org/Practitioner/1/_history/2", IssueCode::ReferenceTarget),
            ("#p2", IssueCode::Invariant),
            ("#d1", IssueCode::ReferenceTarget),
            ("urn:uuid:1", IssueCode::ReferenceForm),
            ("patient/1", IssueCode::ReferenceForm),
            ("1", IssueCode::ReferenceForm),
        ] {
            assert_eq!(of(bad), Some(code), "{bad}");
        }
    }
}
