//! Appointment: FHIR R4 <https://hl7.org/fhir/R4/appointment.html>.

use super::prelude::*;

/// A booking of a healthcare event among patient(s), practitioner(s), related person(s) and/or device(s) for a specific
/// date/time.
#[derive(Default, Record)]
#[record(resource)]
pub struct Appointment {
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
    /// proposed | pending | booked | arrived | fulfilled | cancelled | noshow | entered-in-error | checked-in |
    /// waitlist.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/appointmentstatus")
    )]
    pub status: Option<Code<AppointmentStatus>>,
    /// The coded reason for the appointment being cancelled.
    #[record(
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/appointment-cancellation-reason")
    )]
    pub cancelation_reason: Option<CodeableConcept>,
    /// A broad categorization of the service that is to be performed during this appointment.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-category"))]
    pub service_category: Vec<CodeableConcept>,
    /// The specific service that is to be performed during this appointment.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-type"))]
    pub service_type: Vec<CodeableConcept>,
    /// The specialty of a practitioner that would be required to perform the service requested in this appointment.
    #[record(class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/c80-practice-codes"))]
    pub specialty: Vec<CodeableConcept>,
    /// The style of appointment or patient that has been booked in the slot (not service type).
    #[record(class = Administrative, summary, binding(preferred, "http://terminology.hl7.org/ValueSet/v2-0276"))]
    pub appointment_type: Option<CodeableConcept>,
    /// Coded reason this appointment is scheduled.
    #[record(class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/encounter-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Reason the appointment is to take place (resource).
    #[record(class = Clinical, targets(Condition, Procedure, Observation, ImmunizationRecommendation))]
    pub reason_reference: Vec<Reference>,
    /// Used to make informed decisions if needing to re-prioritize.
    #[record(class = Administrative)]
    pub priority: Option<u32>,
    /// Shown on a subject line in a meeting request, or appointment list.
    #[record(class = Narrative)]
    pub description: Option<Text>,
    /// Additional information to support the appointment.
    #[record(class = Relation)]
    pub supporting_information: Vec<Reference>,
    /// When appointment is to take place.
    #[record(class = ServiceDate, summary)]
    pub start: Option<Instant>,
    /// When appointment is to conclude.
    #[record(class = ServiceDate, summary)]
    pub end: Option<Instant>,
    /// Can be less than start/end (e.g. estimate).
    #[record(class = Administrative)]
    pub minutes_duration: Option<NonZeroU32>,
    /// The slots that this appointment is filling.
    #[record(class = Relation, targets(Slot))]
    pub slot: Vec<Reference>,
    /// The date that this appointment was initially created.
    #[record(class = ServiceDate)]
    pub created: Option<DateTime>,
    /// Additional comments.
    #[record(class = Narrative)]
    pub comment: Option<Text>,
    /// Detailed information and instructions for the patient.
    #[record(class = Narrative)]
    pub patient_instruction: Option<Text>,
    /// The service request this appointment is allocated to assess.
    #[record(class = Relation, targets(ServiceRequest))]
    pub based_on: Vec<Reference>,
    /// Participants involved in appointment.
    #[record(required, class = Participant)]
    pub participant: Vec<AppointmentParticipant>,
    /// Potential date/time interval(s) requested to allocate the appointment within.
    #[record(class = ServiceDate)]
    pub requested_period: Vec<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Participants involved in appointment.
#[derive(Default, Record)]
#[record(backbone = "Appointment.participant")]
pub struct AppointmentParticipant {
    /// Role of participant in the appointment.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/encounter-participant-type"))]
    pub type_: Vec<CodeableConcept>,
    /// Person, Location/HealthcareService or Device.
    #[record(
        summary,
        targets(Patient, Practitioner, PractitionerRole, RelatedPerson, Device, HealthcareService, Location)
    )]
    pub actor: Option<Reference>,
    /// required | optional | information-only.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/participantrequired"))]
    pub required: Option<Code<ParticipantRequired>>,
    /// accepted | declined | tentative | needs-action.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/participationstatus")
    )]
    pub status: Option<Code<ParticipationStatus>>,
    /// Participation period of the actor.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
