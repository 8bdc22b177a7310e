//! Patient: FHIR R4 <https://hl7.org/fhir/R4/patient.html>.

use super::prelude::*;

/// Demographics and other administrative information about an individual or animal receiving care or other
/// health-related services.
#[derive(Default, Record)]
#[record(resource)]
pub struct Patient {
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
    /// An identifier for this patient.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this patient's record is in active use.
    #[record(class = Administrative, summary, modifier)]
    pub active: Option<bool>,
    /// A name associated with the patient.
    #[record(class = Name, summary)]
    pub name: Vec<HumanName>,
    /// A contact detail for the individual.
    #[record(class = Contact, summary)]
    pub telecom: Vec<ContactPoint>,
    /// male | female | other | unknown.
    #[record(class = Demographic, summary, binding(required, "http://hl7.org/fhir/ValueSet/administrative-gender"))]
    pub gender: Option<Code<AdministrativeGender>>,
    /// The date of birth for the individual.
    #[record(class = BirthDate, summary)]
    pub birth_date: Option<Date>,
    /// Indicates if the individual is deceased or not.
    #[record(choice, class = BirthDate, summary, modifier)]
    pub deceased: Option<PatientDeceased>,
    /// An address for the individual.
    #[record(class = Address, summary)]
    pub address: Vec<Address>,
    /// Marital (civil) status of a patient.
    #[record(class = Demographic, binding(extensible, "http://hl7.org/fhir/ValueSet/marital-status"))]
    pub marital_status: Option<CodeableConcept>,
    /// Whether patient is part of a multiple birth.
    #[record(choice, class = Demographic)]
    pub multiple_birth: Option<PatientMultipleBirth>,
    /// Image of the patient.
    #[record(class = Biometric)]
    pub photo: Vec<Attachment>,
    /// A contact party (e.g. guardian, partner, friend) for the patient.
    #[record(class = Relation)]
    pub contact: Vec<PatientContact>,
    /// A language which may be used to communicate with the patient about his or her health.
    #[record(class = Demographic)]
    pub communication: Vec<PatientCommunication>,
    /// Patient's nominated primary care provider.
    #[record(class = Participant, targets(Organization, Practitioner, PractitionerRole))]
    pub general_practitioner: Vec<Reference>,
    /// Organization that is the custodian of the patient record.
    #[record(class = Relation, summary, targets(Organization))]
    pub managing_organization: Option<Reference>,
    /// Link to another patient resource that concerns the same actual person.
    #[record(class = Relation, summary, modifier)]
    pub link: Vec<PatientLink>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Patient.deceased[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "deceased")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum PatientDeceased {
    Boolean(bool),
    DateTime(DateTime),
}

/// The values that `Patient.multipleBirth[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "multipleBirth")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum PatientMultipleBirth {
    Boolean(bool),
    Integer(i32),
}

/// A contact party (e.g. guardian, partner, friend) for the patient.
#[derive(Default, Record)]
#[record(backbone = "Patient.contact")]
pub struct PatientContact {
    /// The kind of relationship.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/patient-contactrelationship"))]
    pub relationship: Vec<CodeableConcept>,
    /// A name associated with the contact person.
    #[record(class = Name)]
    pub name: Option<Box<HumanName>>,
    /// A contact detail for the person.
    #[record(class = Contact)]
    pub telecom: Vec<ContactPoint>,
    /// Address for the contact person.
    #[record(class = Address)]
    pub address: Option<Box<Address>>,
    /// male | female | other | unknown.
    #[record(class = Demographic, binding(required, "http://hl7.org/fhir/ValueSet/administrative-gender"))]
    pub gender: Option<Code<AdministrativeGender>>,
    /// Organization that is associated with the contact.
    #[record(targets(Organization))]
    pub organization: Option<Reference>,
    /// The period during which this contact person or organization is valid to be contacted relating to this patient.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A language which may be used to communicate with the patient about his or her health.
#[derive(Default, Record)]
#[record(backbone = "Patient.communication")]
pub struct PatientCommunication {
    /// The language which can be used to communicate with the patient about his or her health.
    #[record(required, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<CodeableConcept>,
    /// Language preference indicator.
    pub preferred: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Link to another patient resource that concerns the same actual person.
#[derive(Default, Record)]
#[record(backbone = "Patient.link")]
pub struct PatientLink {
    /// The other patient or related person resource that the link refers to.
    #[record(required, summary, targets(Patient, RelatedPerson))]
    pub other: Option<Reference>,
    /// replaced-by | replaces | refer | seealso.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/link-type"))]
    pub type_: Option<Code<PatientLinkType>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
