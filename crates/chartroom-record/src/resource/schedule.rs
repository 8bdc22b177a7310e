//! Schedule: FHIR R4 <https://hl7.org/fhir/R4/schedule.html>.

use super::prelude::*;

/// A container for slots of time that may be available for booking appointments.
#[derive(Default, Record)]
#[record(resource)]
pub struct Schedule {
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
    /// External Ids for this item.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this schedule is in active use.
    #[record(class = Administrative, summary, modifier)]
    pub active: Option<bool>,
    /// High-level category.
    #[record(class = Administrative, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-category"))]
    pub service_category: Vec<CodeableConcept>,
    /// Specific service.
    #[record(class = Administrative, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-type"))]
    pub service_type: Vec<CodeableConcept>,
    /// Type of specialty needed.
    #[record(class = Administrative, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/c80-practice-codes"))]
    pub specialty: Vec<CodeableConcept>,
    /// Resource(s) that availability information is being provided for.
    #[record(
        required,
        class = Participant,
        summary,
        targets(Patient, Practitioner, PractitionerRole, RelatedPerson, Device, HealthcareService, Location)
    )]
    pub actor: Vec<Reference>,
    /// Period of time covered by schedule.
    #[record(class = Administrative, summary)]
    pub planning_horizon: Option<Period>,
    /// Comments on availability.
    #[record(class = Narrative)]
    pub comment: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
