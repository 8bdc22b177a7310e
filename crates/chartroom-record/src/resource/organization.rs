//! Organization: FHIR R4 <https://hl7.org/fhir/R4/organization.html>.

use super::prelude::*;

/// A formally or informally recognized grouping of people or organizations formed for the purpose of achieving some
/// form of collective action.
#[derive(Default, Record)]
#[record(resource)]
pub struct Organization {
    /// Logical id of this artifact.
    #[record(class = Technical, summary)]
    pub id: Option<Id>,
    /// Metadata about the resource.
    #[record(class = Technical, summary)]
    pub meta: Option<Box<Meta>>,
    /// A set of rules under which this content was created.
    #[record(class = Technical, summary, modifier)]
    pub implicit_rules: Option<Uri>,
    /// Language of the resource content.
    #[record(class = Technical, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Text summary of the resource, for human interpretation.
    #[record(class = Narrative)]
    pub text: Option<Narrative>,
    /// Contained, inline Resources.
    pub contained: Vec<Resource>,
    /// Identifies this organization across multiple systems.
    #[record(class = Participant, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether the organization's record is still in active use.
    #[record(class = Administrative, summary, modifier)]
    pub active: Option<bool>,
    /// Kind of organization.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/organization-type"))]
    pub type_: Vec<CodeableConcept>,
    /// Name used for the organization.
    #[record(class = Participant, summary)]
    pub name: Option<Text>,
    /// A list of alternate names that the organization is known as, or was known as in the past.
    #[record(class = Participant)]
    pub alias: Vec<Text>,
    /// A contact detail for the organization.
    #[record(class = Participant)]
    pub telecom: Vec<ContactPoint>,
    /// An address for the organization.
    #[record(class = Participant)]
    pub address: Vec<Address>,
    /// The organization of which this organization forms a part.
    #[record(class = Participant, summary, targets(Organization))]
    pub part_of: Option<Reference>,
    /// Contact for the organization for a certain purpose.
    #[record(class = Participant)]
    pub contact: Vec<OrganizationContact>,
    /// Technical endpoints providing access to services operated for the organization.
    #[record(class = Technical, targets(Endpoint))]
    pub endpoint: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Contact for the organization for a certain purpose.
#[derive(Default, Record)]
#[record(backbone = "Organization.contact")]
pub struct OrganizationContact {
    /// The type of contact.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/contactentity-type"))]
    pub purpose: Option<CodeableConcept>,
    /// A name associated with the contact.
    pub name: Option<Box<HumanName>>,
    /// Contact details (telephone, email, etc.) for a contact.
    pub telecom: Vec<ContactPoint>,
    /// Visiting or postal addresses for the contact.
    pub address: Option<Box<Address>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
