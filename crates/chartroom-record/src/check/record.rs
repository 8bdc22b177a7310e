//! What stands around a resource while it is checked: the other entries of its bundle, or nothing.

use std::collections::HashMap;

use super::answers::Forms;
use crate::primitive::Uri;
use crate::resource::{Questionnaire, Resource};

/// A resource, or all the entries of one bundle, with what is known of them.
pub(super) struct Record<'r> {
    /// The resources.
    pub(super) resources: Vec<&'r Resource>,
    /// The questionnaires that answers are checked against.
    pub(super) forms: Forms<'r>,
    /// The types of the entries by their addresses; `None` outside a bundle.
    addresses: Option<HashMap<&'r str, &'r str>>,
}

impl<'r> Record<'r> {
    /// A resource by itself, which may be a bundle.
    pub(super) fn of(resource: &'r Resource, known: &'r [Questionnaire]) -> Self {
        let Resource::Bundle(bundle) = resource else {
            return Self { resources: vec![resource], forms: known.iter().collect(), addresses: None };
        };
        let entries = bundle.entry.iter().map(|entry| (entry.full_url.as_ref(), entry.resource.as_deref()));
        Self { resources: vec![resource], ..Self::of_entries(entries, known) }
    }

    /// The entries of a bundle: their addresses and their resources.
    pub(super) fn of_entries(
        entries: impl Iterator<Item = (Option<&'r Uri>, Option<&'r Resource>)>,
        known: &'r [Questionnaire],
    ) -> Self {
        let (mut resources, mut addresses) = (Vec::new(), HashMap::new());
        for (address, resource) in entries {
            resources.extend(resource);
            // An entry without a resource may be of any type.
            addresses.extend(address.map(|address| (address.as_str(), resource.map_or("", Resource::type_name))));
        }
        let forms = resources.iter().filter_map(|resource| match resource {
            Resource::Questionnaire(form) => Some(&**form),
            _ => None,
        });
        let forms = known.iter().chain(forms).collect();
        Self { resources, forms, addresses: Some(addresses) }
    }

    /// Whether a reference can lead to something, as far as can be said: a name of its own, such as `urn:uuid:…`, is known
    /// nowhere but in its bundle (FHIR R4, section 2.36.4.1).
    pub(super) fn may_have(&self, reference: &str) -> bool {
        let named = reference.starts_with("urn:uuid:") || reference.starts_with("urn:oid:");
        !named || self.addresses.as_ref().is_none_or(|addresses| addresses.contains_key(reference))
    }

    /// The type of the entry that a reference leads to by its address.
    pub(super) fn type_at(&self, reference: &str) -> Option<&'r str> {
        self.addresses.as_ref()?.get(reference).copied().filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Issue, IssueCode, Mode, parse};

    #[test]
    fn a_name_of_its_own_leads_to_an_entry() {
        let bundle = |reference: &str| {
            format!(
                r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","resource":{{"resourceType":"Patient","active":true}}}},{{"fullUrl":"urn:uuid:9d1f6a4e-5d06-4a0e-9a5e-1f7f4dbb1d11","resource":{{"resourceType":"Basic","code":{{"text":"x"}},"subject":{{"reference":"{reference}"}}}}}}]}}"#
            )
        };
        let known = bundle("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7");
        let stray = bundle("urn:uuid:00000000-0000-4000-8000-000000000000");
        let told = |issues: &[Issue]| issues.iter().filter(|it| it.code() == IssueCode::UnresolvedReference).count();
        for (json, count) in [(known, 0), (bundle("Patient/7"), 0), (stray, 1)] {
            let read = || parse(json.as_bytes(), Mode::Strict).unwrap();
            assert_eq!(told(read().check(&Checks::structure()).unwrap().issues()), count);
            let entries = read().check_entries(&Checks::structure());
            assert_eq!(entries.accepted.iter().map(|entry| told(entry.resource.issues())).sum::<usize>(), count);
        }
        let other = bundle("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7").replace("Basic", "Flag").replace(
            r#""code":{"text":"x"}"#,
            r#""status":"active","code":{"text":"x"},"author":{"reference":"urn:uuid:9d1f6a4e-5d06-4a0e-9a5e-1f7f4dbb1d11"}"#,
        );
        let refused = parse(other.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure()).unwrap_err();
        let wrong = refused.issues().iter().find(|issue| issue.code() == IssueCode::ReferenceTarget).unwrap();
        assert_eq!(wrong.path(), "Bundle.entry[1].resource.author.reference");
        let alone = r#"{"resourceType":"Basic","code":{"text":"x"},"subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000000"}}"#;
        let checked = parse(alone.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure()).unwrap();
        assert_eq!(told(checked.issues()), 0);
    }
}
