//! References: made from what they point at, taken apart, and resolved inside a bundle.

use std::collections::HashMap;

use crate::datatype::Reference;
use crate::element::{Element, Node};
use crate::facts::TypeKind;
use crate::path::Path;
use crate::primitive::{Id, Uri, Uuid};
use crate::resource::{Bundle, BundleEntry, Resource, is_r4};

impl Reference {
    /// A reference to a resource by its type and id: `Patient/1`. `None` for one without an id, and for what is no resource.
    ///
    /// ```
    /// use chartroom_record::datatype::Reference;
    /// use chartroom_record::resource::{Observation, Patient};
    ///
    /// let patient = Patient { id: "p1".parse().ok(), ..Default::default() };
    /// let observation = Observation { subject: Reference::to(&patient), ..Default::default() };
    /// let target = observation.subject.as_ref().and_then(Reference::target).unwrap();
    /// assert_eq!((target.type_name, target.id), ("Patient", "p1"));
    /// ```
    pub fn to(resource: &dyn Element) -> Option<Self> {
        let facts = resource.facts();
        let index = facts.elements.iter().position(|element| element.name == "id")?;
        match resource.member(index).node {
            Node::Primitive(id) if facts.kind == TypeKind::Resource => {
                Some(Self::literal(&format!("{}/{}", facts.name, id.to_plain())))
            }
            _ => None,
        }
    }

    /// A reference to a resource of any type; see [`Self::to`].
    pub fn to_resource(resource: &Resource) -> Option<Self> {
        Some(Self::literal(&format!("{}/{}", resource.type_name(), resource.id()?)))
    }

    /// A reference to the entry of a bundle that has this address.
    pub fn to_entry(full_url: &Uuid) -> Self {
        Self::literal(full_url)
    }

    /// A reference to a contained resource: `#p1`.
    pub fn to_contained(id: &Id) -> Self {
        Self::literal(&format!("#{}", id.as_str()))
    }

    fn literal(text: &str) -> Self {
        Self { reference: Some(text.into()), ..Self::default() }
    }

    /// The resource that it points at, where it names one by type and id. `None` for a contained resource, for a `urn:`, for any
    /// other address, and where there is only an identifier.
    pub fn target(&self) -> Option<Target<'_>> {
        Target::of(self.reference.as_deref()?)
    }

    /// The id of the contained resource that it points at; empty for the resource around it.
    pub fn contained_id(&self) -> Option<&str> {
        self.reference.as_deref()?.strip_prefix('#')
    }
}

/// A resource named by type and id: `https://example.org/fhir/Patient/1/_history/2`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target<'a> {
    /// The server, without a slash at the end; `None` for a relative reference.
    pub base: Option<&'a str>,
    /// The resource type.
    pub type_name: &'a str,
    /// The id.
    pub id: &'a str,
    /// The version, where one is meant.
    pub version: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Takes a literal reference apart: FHIR R4, section 2.3.0.1.
    pub fn of(reference: &'a str) -> Option<Self> {
        let (place, version) = match reference.split_once("/_history/") {
            Some((place, version)) => (place, Some(version)),
            None => (reference, None),
        };
        let (before, id) = place.rsplit_once('/')?;
        let (base, type_name) = match before.rsplit_once('/') {
            Some((base, type_name)) => (Some(base), type_name),
            None => (None, before),
        };
        let absolute = base.is_none_or(|base| base.starts_with("http://") || base.starts_with("https://"));
        let valid = is_r4(type_name) && Id::accepts(id) && version.is_none_or(Id::accepts);
        (absolute && valid).then_some(Self { base, type_name, id, version })
    }
}

impl std::fmt::Debug for Target<'_> {
    /// The type; nothing of the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({}, ..)", self.type_name)
    }
}

impl Resource {
    /// The contained resource with this id.
    pub fn contained(&self, id: &str) -> Option<&Self> {
        let element = self.as_element()?;
        let index = element.facts().elements.iter().position(|facts| facts.name == "contained")?;
        let Node::List(list) = element.member(index).node else { return None };
        (0..list.len()).find_map(|index| match list.get(index) {
            Node::Resource(resource) if resource.id() == Some(id) => Some(resource),
            _ => None,
        })
    }
}

impl Bundle {
    /// Finds what references between its entries point at.
    pub fn resolver(&self) -> Resolver<'_> {
        let mut resolver = Resolver::default();
        for entry in &self.entry {
            let Some(resource) = entry.resource.as_deref() else { continue };
            if let Some(url) = entry.full_url.as_deref() {
                resolver.by_url.entry(url).or_default().push(resource);
            }
            if let Some(id) = resource.id() {
                resolver.by_id.entry((resource.type_name(), id)).or_default().push(resource);
            }
        }
        resolver
    }
}

/// Finds what references point at inside one bundle: FHIR R4, section 2.36.4.1.
///
/// ```
/// use chartroom_record::datatype::Reference;
/// use chartroom_record::resource::{Bundle, Observation, Patient};
///
/// let mut bundle = Bundle::collection();
/// let subject = bundle.add("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7".parse()?, Patient::default());
/// let observation = Observation { subject: Some(subject.clone()), ..Default::default() };
/// bundle.add("urn:uuid:9d1f6a4e-5d06-4a0e-9a5e-1f7f4dbb1d11".parse()?, observation);
///
/// let found = bundle.resolver().resolve(&subject, &bundle.entry[1]);
/// assert_eq!(found.map(|resource| resource.type_name()), Some("Patient"));
/// # Ok::<(), chartroom_record::primitive::InvalidPrimitive>(())
/// ```
#[derive(Clone, Default)]
pub struct Resolver<'a> {
    by_url: HashMap<&'a str, Vec<&'a Resource>>,
    by_id: HashMap<(&'a str, &'a str), Vec<&'a Resource>>,
}

impl<'a> Resolver<'a> {
    /// The resource that a reference points at, from inside an entry of the bundle. A relative reference is first tried on the
    /// server of that entry's own address, then by type and id alone. `None` where nothing matches, and where several do.
    pub fn resolve(&self, reference: &Reference, from: &'a BundleEntry) -> Option<&'a Resource> {
        let text = reference.reference.as_deref()?;
        if let Some(id) = text.strip_prefix('#') {
            let holder = from.resource.as_deref()?;
            return if id.is_empty() { Some(holder) } else { holder.contained(id) };
        }
        let Some(target) = Target::of(text) else { return only(self.by_url.get(text), None) };
        let place = |base: &str| format!("{base}/{}/{}", target.type_name, target.id);
        match target.base {
            Some(base) => only(self.by_url.get(place(base).as_str()), target.version),
            None => {
                let own = from.full_url.as_deref().and_then(Target::of).and_then(|own| own.base);
                let beside = own.and_then(|base| only(self.by_url.get(place(base).as_str()), target.version));
                beside.or_else(|| only(self.by_id.get(&(target.type_name, target.id)), target.version))
            }
        }
    }

    /// The resource of the entry with this address.
    pub fn entry(&self, full_url: &Uri) -> Option<&'a Resource> {
        only(self.by_url.get(full_url.as_str()), None)
    }
}

impl std::fmt::Debug for Resolver<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Resolver({} addresses)", self.by_url.len())
    }
}

/// The one resource that has the version.
fn only<'a>(found: Option<&Vec<&'a Resource>>, version: Option<&str>) -> Option<&'a Resource> {
    let has_version = |resource: &&&Resource| version.is_none() || version_of(resource).as_deref() == version;
    let mut fitting = found?.iter().filter(has_version);
    let first = fitting.next()?;
    fitting.next().is_none().then_some(*first)
}

fn version_of(resource: &Resource) -> Option<String> {
    let path: Path = "meta.versionId".parse().ok()?;
    path.get(resource)?.text().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, parse};

    #[test]
    fn a_reference_comes_apart() {
        let target = Target::of("https://example.org/fhir/Patient/a.1/_history/2").unwrap();
        assert_eq!((target.base, target.version), (Some("https://example.org/fhir"), Some("2")));
        assert_eq!(format!("{target:?}"), "Target(Patient, ..)");
        for none in ["#p1", "Patient", "Patient/", "patient/1", "Patient/a b", "urn:uuid:x", "x/Patient/1", "Nobody/1"]
        {
            assert_eq!(Target::of(none), None, "{none}");
        }
        let contained = Reference::to_contained(&"p1".parse().unwrap());
        assert_eq!((contained.contained_id(), contained.target()), (Some("p1"), None));
        assert_eq!(Reference::to(&Bundle::default()), None);
        assert_eq!(Reference::to(&Reference::default()), None);
    }

    #[test]
    fn each_form_resolves_in_its_bundle() {
        let text = br##"{"resourceType":"Bundle","type":"collection","entry":[
            {"fullUrl":"https://a.example.org/Patient/1","resource":{"resourceType":"Patient","id":"1"}},
            {"fullUrl":"https://b.example.org/Patient/1","resource":{"resourceType":"Patient","id":"1","meta":{"versionId":"7"}}},
            {"fullUrl":"https://b.example.org/Condition/1","resource":{"resourceType":"Condition","id":"1","contained":[
                {"resourceType":"Basic","id":"c1"}]}},
            {"fullUrl":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","resource":{"resourceType":"Group","id":"g"}}]}"##;
        let bundle = Bundle::try_from(parse(text, Mode::Strict).unwrap().into_resource()).unwrap();
        let resolver = bundle.resolver();
        let found = |reference: &str, entry: usize| {
            let found = resolver.resolve(&Reference::literal(reference), &bundle.entry[entry])?;
            bundle
                .entry
                .iter()
                .position(|entry| entry.resource.as_deref().is_some_and(|known| std::ptr::eq(known, found)))
        };
        assert_eq!(found("Patient/1", 2), Some(1));
        assert_eq!(found("Patient/1", 3), None);
        assert_eq!(found("Patient/1/_history/7", 3), Some(1));
        assert_eq!(found("https://a.example.org/Patient/1", 3), Some(0));
        assert_eq!(found("https://a.example.org/Patient/1/_history/7", 3), None);
        assert_eq!(found("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", 0), Some(3));
        assert_eq!(found("Group/g", 0), Some(3));
        assert_eq!(found("#", 2), Some(2));
        let contained = resolver.resolve(&Reference::literal("#c1"), &bundle.entry[2]);
        assert_eq!(contained.map(|resource| resource.type_name()), Some("Basic"));
    }
}
