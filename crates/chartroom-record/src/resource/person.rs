//! Person: FHIR R4 <https://hl7.org/fhir/R4/person.html>.

use super::prelude::*;

/// Demographics and administrative information about a person independent of a specific health-related context.
#[derive(Default, Record)]
#[record(resource)]
pub struct Person {
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
    /// A human identifier for this person.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// A name associated with the person.
    #[record(class = Name, summary)]
    pub name: Vec<HumanName>,
    /// A contact detail for the person.
    #[record(class = Contact, summary)]
    pub telecom: Vec<ContactPoint>,
    /// male | female | other | unknown.
    #[record(class = Demographic, summary, binding(required, "http://hl7.org/fhir/ValueSet/administrative-gender"))]
    pub gender: Option<Code<AdministrativeGender>>,
    /// The date on which the person was born.
    #[record(class = BirthDate, summary)]
    pub birth_date: Option<Date>,
    /// One or more addresses for the person.
    #[record(class = Address)]
    pub address: Vec<Address>,
    /// Image of the person.
    #[record(class = Biometric)]
    pub photo: Option<Box<Attachment>>,
    /// The organization that is the custodian of the person record.
    #[record(class = Relation, summary, targets(Organization))]
    pub managing_organization: Option<Reference>,
    /// This person's record is in active use.
    #[record(class = Administrative, summary, modifier)]
    pub active: Option<bool>,
    /// Link to a resource that concerns the same actual person.
    #[record(class = Relation)]
    pub link: Vec<PersonLink>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Link to a resource that concerns the same actual person.
#[derive(Default, Record)]
#[record(backbone = "Person.link")]
pub struct PersonLink {
    /// The resource to which this actual person is associated.
    #[record(required, targets(Patient, Practitioner, RelatedPerson, Person))]
    pub target: Option<Reference>,
    /// level1 | level2 | level3 | level4.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/identity-assuranceLevel"))]
    pub assurance: Option<Code<IdentityAssuranceLevel>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
