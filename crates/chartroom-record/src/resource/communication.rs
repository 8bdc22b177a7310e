//! Communication: FHIR R4 <https://hl7.org/fhir/R4/communication.html>.

use super::prelude::*;

/// An occurrence of information being transmitted; e.g. an alert that was sent to a responsible provider, a public
/// health agency that was notified about a reportable condition.
#[derive(Default, Record)]
#[record(resource)]
pub struct Communication {
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
    /// Unique identifier.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Instantiates FHIR protocol or definition.
    #[record(
        class = Technical,
        summary,
        targets(PlanDefinition, ActivityDefinition, Measure, OperationDefinition, Questionnaire)
    )]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Vec<Uri>,
    /// Request fulfilled by this communication.
    #[record(class = Relation, summary)]
    pub based_on: Vec<Reference>,
    /// Part of this action.
    #[record(class = Relation, summary)]
    pub part_of: Vec<Reference>,
    /// Reply to.
    #[record(class = Relation, targets(Communication))]
    pub in_response_to: Vec<Reference>,
    /// preparation | in-progress | not-done | on-hold | stopped | completed | entered-in-error | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/event-status")
    )]
    pub status: Option<Code<EventStatus>>,
    /// Reason for current status.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/communication-not-done-reason"))]
    pub status_reason: Option<CodeableConcept>,
    /// Message category.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/communication-category"))]
    pub category: Vec<CodeableConcept>,
    /// routine | urgent | asap | stat.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/request-priority"))]
    pub priority: Option<Code<RequestPriority>>,
    /// A channel of communication.
    #[record(class = Administrative, binding(example, "http://terminology.hl7.org/ValueSet/v3-ParticipationMode"))]
    pub medium: Vec<CodeableConcept>,
    /// Focus of message.
    #[record(class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Description of the purpose/content.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/communication-topic"))]
    pub topic: Option<CodeableConcept>,
    /// Resources that pertain to this communication.
    #[record(class = Relation)]
    pub about: Vec<Reference>,
    /// Encounter created as part of.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When sent.
    #[record(class = ServiceDate)]
    pub sent: Option<DateTime>,
    /// When received.
    #[record(class = ServiceDate)]
    pub received: Option<DateTime>,
    /// Message recipient.
    #[record(
        class = Participant,
        targets(
            Device,
            Organization,
            Patient,
            Practitioner,
            PractitionerRole,
            RelatedPerson,
            Group,
            CareTeam,
            HealthcareService
        )
    )]
    pub recipient: Vec<Reference>,
    /// Message sender.
    #[record(
        class = Participant,
        targets(Device, Organization, Patient, Practitioner, PractitionerRole, RelatedPerson, HealthcareService)
    )]
    pub sender: Option<Reference>,
    /// Indication for message.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Why was communication done?
    #[record(class = Clinical, summary, targets(Condition, Observation, DiagnosticReport, DocumentReference))]
    pub reason_reference: Vec<Reference>,
    /// Message payload.
    #[record(class = Narrative)]
    pub payload: Vec<CommunicationPayload>,
    /// Comments made about the communication.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Message payload.
#[derive(Default, Record)]
#[record(backbone = "Communication.payload")]
pub struct CommunicationPayload {
    /// Message part content.
    #[record(required, choice)]
    pub content: Option<CommunicationPayloadContent>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Communication.payload.content[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "content")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CommunicationPayloadContent {
    String(Text),
    Attachment(Box<Attachment>),
    Reference(Box<Reference>),
}
