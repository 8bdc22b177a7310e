//! Bundles made entry by entry. Each entry gives the reference by which others point at it.

use crate::code_set::{BundleType, HttpVerb};
use crate::datatype::Reference;
use crate::primitive::{Id, InvalidPrimitive, Uri, Uuid};
use crate::resource::{Bundle, BundleEntry, BundleEntryRequest, Resource};

impl Bundle {
    /// An empty transaction: a server carries out all of it, or nothing.
    ///
    /// ```
    /// use chartroom_record::resource::{Bundle, Condition, Patient};
    ///
    /// let mut bundle = Bundle::transaction();
    /// let patient = Patient { active: Some(true), ..Default::default() };
    /// let uuid = "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7".parse()?;
    /// let subject = bundle.create_unless(uuid, patient, "identifier=urn:example:mrn|77");
    /// let condition = Condition { subject: Some(subject), ..Default::default() };
    /// bundle.create("urn:uuid:9d1f6a4e-5d06-4a0e-9a5e-1f7f4dbb1d11".parse()?, condition);
    /// assert_eq!(bundle.entry.len(), 2);
    /// # Ok::<(), chartroom_record::primitive::InvalidPrimitive>(())
    /// ```
    pub fn transaction() -> Self {
        Self::of_type(BundleType::Transaction)
    }

    /// An empty batch: a server carries out each entry for itself.
    pub fn batch() -> Self {
        Self::of_type(BundleType::Batch)
    }

    /// An empty collection of resources.
    pub fn collection() -> Self {
        Self::of_type(BundleType::Collection)
    }

    fn of_type(kind: BundleType) -> Self {
        Self { type_: Some(kind.into()), ..Self::default() }
    }

    /// Adds a resource with no request, as in a collection.
    pub fn add(&mut self, full_url: Uuid, resource: impl Into<Resource>) -> Reference {
        self.push(full_url, resource.into(), None)
    }

    /// Adds a request to create the resource.
    pub fn create(&mut self, full_url: Uuid, resource: impl Into<Resource>) -> Reference {
        let resource = resource.into();
        let request = request(HttpVerb::Post, resource.type_name());
        self.push(full_url, resource, Some(request))
    }

    /// Adds a request to create the resource unless a search, such as `identifier=urn:example:mrn|77`, finds one already.
    pub fn create_unless(&mut self, full_url: Uuid, resource: impl Into<Resource>, search: &str) -> Reference {
        let resource = resource.into();
        let request = request(HttpVerb::Post, resource.type_name());
        let request = BundleEntryRequest { if_none_exist: Some(search.into()), ..request };
        self.push(full_url, resource, Some(request))
    }

    /// Adds a request to put the resource at its own id. `None`, and nothing is added, where it has no id.
    pub fn update(&mut self, full_url: Uuid, resource: impl Into<Resource>) -> Option<Reference> {
        let resource = resource.into();
        let request = request(HttpVerb::Put, &format!("{}/{}", resource.type_name(), resource.id()?));
        Some(self.push(full_url, resource, Some(request)))
    }

    /// Adds a request to put the resource in place of the one that a search finds.
    ///
    /// # Errors
    /// The search does not have the form of a uri: spaces, for one, must be written as `%20`.
    pub fn update_where(
        &mut self,
        full_url: Uuid,
        resource: impl Into<Resource>,
        search: &str,
    ) -> Result<Reference, InvalidPrimitive> {
        let resource = resource.into();
        let url: Uri = format!("{}?{search}", resource.type_name()).parse()?;
        let request = BundleEntryRequest { url: Some(url), ..request(HttpVerb::Put, "") };
        Ok(self.push(full_url, resource, Some(request)))
    }

    /// Adds a request to delete a resource.
    pub fn delete(&mut self, type_name: &str, id: &Id) {
        self.push_request(request(HttpVerb::Delete, &format!("{type_name}/{}", id.as_str())));
    }

    /// Adds a request to read or search, such as `Patient/1` or `Observation?patient=1`.
    pub fn read(&mut self, url: Uri) {
        self.push_request(BundleEntryRequest { url: Some(url), ..request(HttpVerb::Get, "") });
    }

    /// The resources of its entries.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.entry.iter().filter_map(|entry| entry.resource.as_deref())
    }

    fn push(&mut self, full_url: Uuid, resource: Resource, request: Option<BundleEntryRequest>) -> Reference {
        let reference = Reference::to_entry(&full_url);
        self.entry.push(BundleEntry {
            full_url: full_url.parse().ok(),
            resource: Some(Box::new(resource)),
            request: request.map(Box::new),
            ..BundleEntry::default()
        });
        reference
    }

    fn push_request(&mut self, request: BundleEntryRequest) {
        self.entry.push(BundleEntry { request: Some(Box::new(request)), ..BundleEntry::default() });
    }
}

fn request(method: HttpVerb, url: &str) -> BundleEntryRequest {
    BundleEntryRequest { method: Some(method.into()), url: url.parse().ok(), ..BundleEntryRequest::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Patient;

    const UUID: &str = "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7";

    #[test]
    fn each_request_says_what_it_wants() {
        let uuid: Uuid = UUID.parse().unwrap();
        let patient = Patient { id: "p1".parse().ok(), ..Patient::default() };
        let mut bundle = Bundle::transaction();
        assert_eq!(bundle.create(uuid.clone(), Patient::default()), Reference::to_entry(&uuid));
        bundle.create_unless(uuid.clone(), Patient::default(), "identifier=7");
        assert!(bundle.update(uuid.clone(), patient.clone()).is_some());
        assert!(bundle.update(uuid.clone(), Patient::default()).is_none());
        bundle.update_where(uuid.clone(), patient, "identifier=7").unwrap();
        assert!(bundle.update_where(uuid, Patient::default(), "a b").is_err());
        bundle.delete("Patient", &"p2".parse().unwrap());
        bundle.read("Patient?name=x".parse().unwrap());
        let requests: Vec<_> = bundle.entry.iter().filter_map(|entry| entry.request.as_deref()).collect();
        let told = |request: &BundleEntryRequest| {
            format!("{} {}", request.method.as_ref().unwrap().as_str(), request.url.as_deref().unwrap())
        };
        assert_eq!(
            requests.iter().map(|request| told(request)).collect::<Vec<_>>(),
            [
                "POST Patient",
                "POST Patient",
                "PUT Patient/p1",
                "PUT Patient?identifier=7",
                "DELETE Patient/p2",
                "GET Patient?name=x"
            ]
        );
        assert_eq!(requests[1].if_none_exist.as_deref(), Some("identifier=7"));
        assert_eq!(bundle.resources().count(), 4);
        assert_eq!(bundle.entry[0].full_url.as_deref(), Some(UUID));
    }
}
