//! AppointmentResponse: FHIR R4 <https://hl7.org/fhir/R4/appointmentresponse.html>.

use super::prelude::*;

/// A reply to an appointment request for a patient and/or practitioner(s), such as a confirmation or rejection.
#[derive(Default, Record)]
#[record(resource)]
pub struct AppointmentResponse {
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
    /// Appointment this response relates to.
    #[record(required, class = Relation, summary, targets(Appointment))]
    pub appointment: Option<Reference>,
    /// Time from appointment, or requested new start time.
    #[record(class = ServiceDate)]
    pub start: Option<Instant>,
    /// Time from appointment, or requested new end time.
    #[record(class = ServiceDate)]
    pub end: Option<Instant>,
    /// Role of participant in the appointment.
    #[record(
        class = Participant,
        summary,
        binding(extensible, "http://hl7.org/fhir/ValueSet/encounter-participant-type")
    )]
    pub participant_type: Vec<CodeableConcept>,
    /// Person, Location, HealthcareService, or Device.
    #[record(
        class = Participant,
        summary,
        targets(Patient, Practitioner, PractitionerRole, RelatedPerson, Device, HealthcareService, Location)
    )]
    pub actor: Option<Reference>,
    /// accepted | declined | tentative | needs-action.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/participationstatus")
    )]
    pub participant_status: Option<Code<ParticipationStatus>>,
    /// Additional comments.
    #[record(class = Narrative)]
    pub comment: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
