//! The form of references and the types that they point at: FHIR R4, section 2.3.0.

use crate::classify::type_of_target;
use crate::datatype::Reference;
use crate::issue::IssueCode;

/// What is wrong with a reference: the code, the member at fault, the reason.
pub(super) fn fault(
    reference: &Reference,
    targets: &[&str],
    contained: &[String],
) -> Option<(IssueCode, &'static str, &'static str)> {
    let stated = reference.type_.as_deref();
    let Some(text) = reference.reference.as_deref() else {
        let wrong = stated.is_some_and(|stated| !allows(targets, stated));
        return wrong.then_some((IssueCode::ReferenceTarget, "type", WRONG_TARGET));
    };
    if let Some(id) = text.strip_prefix('#') {
        let known = id.is_empty() || contained.iter().any(|contained| contained == id);
        return (!known).then_some((IssueCode::ReferenceForm, "reference", "no contained resource has this id"));
    }
    if text.starts_with("urn:uuid:") || text.starts_with("urn:oid:") {
        let valid = text.parse::<crate::primitive::Uuid>().is_ok() || text.parse::<crate::primitive::Oid>().is_ok();
        return (!valid).then_some((IssueCode::ReferenceForm, "reference", "not a valid urn:uuid or urn:oid"));
    }
    if text.contains(':') && !text.contains("://") {
        return None;
    }
    let absolute = text.contains("://");
    // `Patient?identifier=…` asks the server to find the target: allowed in a transaction.
    let named = text.split_once('?').map_or_else(|| type_of_target(text), |(name, _)| name.rsplit('/').next());
    match named {
        None if absolute => None,
        None => Some((IssueCode::ReferenceForm, "reference", "neither absolute, nor of the form Type/id")),
        Some(name) if !absolute && !crate::resource::is_r4(name) => {
            Some((IssueCode::ReferenceForm, "reference", "it names no resource type of FHIR R4"))
        }
        Some(name) if crate::resource::is_r4(name) && !allows(targets, name) => {
            Some((IssueCode::ReferenceTarget, "reference", WRONG_TARGET))
        }
        Some(_) => None,
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
        fault(&reference, &["Patient", "Group"], &["p1".to_owned()]).map(|(code, ..)| code)
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
            ("#p2", IssueCode::ReferenceForm),
            ("urn:uuid:1", IssueCode::ReferenceForm),
            ("patient/1", IssueCode::ReferenceForm),
            ("1", IssueCode::ReferenceForm),
        ] {
            assert_eq!(of(bad), Some(code), "{bad}");
        }
    }
}
