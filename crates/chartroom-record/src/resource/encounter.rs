//! Encounter: FHIR R4 <https://hl7.org/fhir/R4/encounter.html>.

use super::prelude::*;

/// An interaction between a patient and healthcare provider(s) for the purpose of providing healthcare service(s) or
/// assessing the health status of a patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct Encounter {
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
    /// Identifier(s) by which this encounter is known.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// planned | arrived | triaged | in-progress | onleave | finished | cancelled +.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/encounter-status")
    )]
    pub status: Option<Code<EncounterStatus>>,
    /// List of past encounter statuses.
    #[record(class = Administrative)]
    pub status_history: Vec<EncounterStatusHistory>,
    /// Classification of patient encounter.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(extensible, "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode")
    )]
    pub class: Option<Coding>,
    /// List of past encounter classes.
    #[record(class = Administrative)]
    pub class_history: Vec<EncounterClassHistory>,
    /// Specific type of encounter.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/encounter-type"))]
    pub type_: Vec<CodeableConcept>,
    /// Specific type of service.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-type"))]
    pub service_type: Option<CodeableConcept>,
    /// Indicates the urgency of the encounter.
    #[record(class = Administrative, binding(example, "http://terminology.hl7.org/ValueSet/v3-ActPriority"))]
    pub priority: Option<CodeableConcept>,
    /// The patient or group present at the encounter.
    #[record(class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Episode(s) of care that this encounter should be recorded against.
    #[record(class = Relation, summary, targets(EpisodeOfCare))]
    pub episode_of_care: Vec<Reference>,
    /// The ServiceRequest that initiated this encounter.
    #[record(class = Relation, targets(ServiceRequest))]
    pub based_on: Vec<Reference>,
    /// List of participants involved in the encounter.
    #[record(class = Participant, summary)]
    pub participant: Vec<EncounterParticipant>,
    /// The appointment that scheduled this encounter.
    #[record(class = Relation, summary, targets(Appointment))]
    pub appointment: Vec<Reference>,
    /// The start and end time of the encounter.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Quantity of time the encounter lasted (less time absent).
    #[record(class = ServiceDate, of = "Duration")]
    pub length: Option<Quantity>,
    /// Coded reason the encounter takes place.
    #[record(class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/encounter-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Reason the encounter takes place (reference).
    #[record(class = Clinical, summary, targets(Condition, Procedure, Observation, ImmunizationRecommendation))]
    pub reason_reference: Vec<Reference>,
    /// The list of diagnosis relevant to this encounter.
    #[record(class = Clinical, summary)]
    pub diagnosis: Vec<EncounterDiagnosis>,
    /// The set of accounts that may be used for billing for this Encounter.
    #[record(class = Financial, targets(Account))]
    pub account: Vec<Reference>,
    /// Details about the admission to a healthcare service.
    #[record(class = Administrative)]
    pub hospitalization: Option<Box<EncounterHospitalization>>,
    /// List of locations where the patient has been.
    #[record(class = Participant)]
    pub location: Vec<EncounterLocation>,
    /// The organization (facility) responsible for this encounter.
    #[record(class = Participant, targets(Organization))]
    pub service_provider: Option<Reference>,
    /// Another Encounter this encounter is part of.
    #[record(class = Relation, targets(Encounter))]
    pub part_of: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A past status of the encounter.
#[derive(Default, Record)]
#[record(backbone = "Encounter.statusHistory")]
pub struct EncounterStatusHistory {
    /// planned | arrived | triaged | in-progress | onleave | finished | cancelled +.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/encounter-status"))]
    pub status: Option<Code<EncounterStatus>>,
    /// The time that the episode was in the specified status.
    #[record(required, class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A past class of the encounter.
#[derive(Default, Record)]
#[record(backbone = "Encounter.classHistory")]
pub struct EncounterClassHistory {
    /// inpatient | outpatient | ambulatory | emergency +.
    #[record(required, binding(extensible, "http://terminology.hl7.org/ValueSet/v3-ActEncounterCode"))]
    pub class: Option<Coding>,
    /// The time that the episode was in the specified class.
    #[record(required, class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A person involved in the encounter.
#[derive(Default, Record)]
#[record(backbone = "Encounter.participant")]
pub struct EncounterParticipant {
    /// Role of participant in encounter.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/encounter-participant-type"))]
    pub type_: Vec<CodeableConcept>,
    /// Period of time during the encounter that the participant participated.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Persons involved in the encounter other than the patient.
    #[record(summary, targets(Practitioner, PractitionerRole, RelatedPerson))]
    pub individual: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A diagnosis relevant to the encounter.
#[derive(Default, Record)]
#[record(backbone = "Encounter.diagnosis")]
pub struct EncounterDiagnosis {
    /// The diagnosis or procedure relevant to the encounter.
    #[record(required, summary, targets(Condition, Procedure))]
    pub condition: Option<Reference>,
    /// Role that this diagnosis has within the encounter (e.g. admission, billing, discharge ...).
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/diagnosis-role"))]
    pub use_: Option<CodeableConcept>,
    /// Ranking of the diagnosis (for each role type).
    pub rank: Option<NonZeroU32>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Details about the admission to a healthcare service.
#[derive(Default, Record)]
#[record(backbone = "Encounter.hospitalization")]
pub struct EncounterHospitalization {
    /// Pre-admission identifier.
    #[record(class = Identifier)]
    pub pre_admission_identifier: Option<Box<Identifier>>,
    /// The location/organization from which the patient came before admission.
    #[record(class = Participant, targets(Location, Organization))]
    pub origin: Option<Reference>,
    /// From where patient was admitted (physician referral, transfer).
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/encounter-admit-source"))]
    pub admit_source: Option<CodeableConcept>,
    /// The type of re-admission, if it is one.
    #[record(binding(example, "http://terminology.hl7.org/ValueSet/v2-0092"))]
    pub re_admission: Option<CodeableConcept>,
    /// Diet preferences reported by the patient.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/encounter-diet"))]
    pub diet_preference: Vec<CodeableConcept>,
    /// Special courtesies (VIP, board member).
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/encounter-special-courtesy"))]
    pub special_courtesy: Vec<CodeableConcept>,
    /// Wheelchair, translator, stretcher, etc.
    #[record(class = Clinical, binding(preferred, "http://hl7.org/fhir/ValueSet/encounter-special-arrangements"))]
    pub special_arrangement: Vec<CodeableConcept>,
    /// Location/organization to which the patient is discharged.
    #[record(class = Participant, targets(Location, Organization))]
    pub destination: Option<Reference>,
    /// Category or kind of location after discharge.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/encounter-discharge-disposition"))]
    pub discharge_disposition: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A location where the patient has been.
#[derive(Default, Record)]
#[record(backbone = "Encounter.location")]
pub struct EncounterLocation {
    /// Location the encounter takes place.
    #[record(required, targets(Location))]
    pub location: Option<Reference>,
    /// planned | active | reserved | completed.
    #[record(class = Administrative, binding(required, "http://hl7.org/fhir/ValueSet/encounter-location-status"))]
    pub status: Option<Code<EncounterLocationStatus>>,
    /// The physical type of the location (its level in the hierarchy: bed, room, ward etc.).
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/location-physical-type"))]
    pub physical_type: Option<CodeableConcept>,
    /// Time period during which the patient was present at the location.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
