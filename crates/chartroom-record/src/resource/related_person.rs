//! RelatedPerson: FHIR R4 <https://hl7.org/fhir/R4/relatedperson.html>.

use super::prelude::*;

/// Information about a person that is involved in the care for a patient, but who is not the target of healthcare, nor
/// has a formal responsibility in the care process.
#[derive(Default, Record)]
#[record(resource)]
pub struct RelatedPerson {
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
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this related person's record is in active use.
    #[record(class = Administrative, summary, modifier)]
    pub active: Option<bool>,
    /// The patient this person is related to.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// The nature of the relationship.
    #[record(
        class = Relation,
        summary,
        binding(preferred, "http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype")
    )]
    pub relationship: Vec<CodeableConcept>,
    /// A name associated with the person.
    #[record(class = Name, summary)]
    pub name: Vec<HumanName>,
    /// A contact detail for the person.
    #[record(class = Contact, summary)]
    pub telecom: Vec<ContactPoint>,
    /// male | female | other | unknown.
    #[record(class = Demographic, summary, binding(required, "http://hl7.org/fhir/ValueSet/administrative-gender"))]
    pub gender: Option<Code<AdministrativeGender>>,
    /// The date on which the related person was born.
    #[record(class = BirthDate, summary)]
    pub birth_date: Option<Date>,
    /// Address where the related person can be contacted or visited.
    #[record(class = Address, summary)]
    pub address: Vec<Address>,
    /// Image of the person.
    #[record(class = Biometric)]
    pub photo: Vec<Attachment>,
    /// Period of time that this relationship is considered valid.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// A language which may be used to communicate with about the patient's health.
    #[record(class = Demographic)]
    pub communication: Vec<RelatedPersonCommunication>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A language which may be used to communicate with about the patient's health.
#[derive(Default, Record)]
#[record(backbone = "RelatedPerson.communication")]
pub struct RelatedPersonCommunication {
    /// The language which can be used to communicate with the patient about his or her health.
    #[record(required, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<CodeableConcept>,
    /// Language preference indicator.
    pub preferred: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
