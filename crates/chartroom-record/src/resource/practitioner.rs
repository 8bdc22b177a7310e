//! Practitioner: FHIR R4 <https://hl7.org/fhir/R4/practitioner.html>.

use super::prelude::*;

/// A person who is directly or indirectly involved in the provisioning of healthcare.
#[derive(Default, Record)]
#[record(resource)]
pub struct Practitioner {
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
    /// An identifier for the person as this agent.
    #[record(class = Participant, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this practitioner's record is in active use.
    #[record(class = Administrative, summary)]
    pub active: Option<bool>,
    /// The name(s) associated with the practitioner.
    #[record(class = Participant, summary)]
    pub name: Vec<HumanName>,
    /// A contact detail for the practitioner (that apply to all roles).
    #[record(class = Participant, summary)]
    pub telecom: Vec<ContactPoint>,
    /// Address(es) of the practitioner that are not role specific (typically home address).
    #[record(class = Participant, summary)]
    pub address: Vec<Address>,
    /// male | female | other | unknown.
    #[record(class = Demographic, summary, binding(required, "http://hl7.org/fhir/ValueSet/administrative-gender"))]
    pub gender: Option<Code<AdministrativeGender>>,
    /// The date on which the practitioner was born.
    #[record(class = BirthDate, summary)]
    pub birth_date: Option<Date>,
    /// Image of the person.
    #[record(class = Biometric)]
    pub photo: Vec<Attachment>,
    /// Certification, licenses, or training pertaining to the provision of care.
    #[record(class = Participant)]
    pub qualification: Vec<PractitionerQualification>,
    /// A language the practitioner can use in patient communication.
    #[record(class = Participant, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub communication: Vec<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Certification, licenses, or training pertaining to the provision of care.
#[derive(Default, Record)]
#[record(backbone = "Practitioner.qualification")]
pub struct PractitionerQualification {
    /// An identifier for this qualification for the practitioner.
    pub identifier: Vec<Identifier>,
    /// Coded representation of the qualification.
    #[record(required, binding(example, "http://terminology.hl7.org/ValueSet/v2-2.7-0360"))]
    pub code: Option<CodeableConcept>,
    /// Period during which the qualification is valid.
    pub period: Option<Period>,
    /// Organization that regulates and issues the qualification.
    #[record(targets(Organization))]
    pub issuer: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
