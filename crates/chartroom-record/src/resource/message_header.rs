//! MessageHeader: FHIR R4 <https://hl7.org/fhir/R4/messageheader.html>.

use super::prelude::*;

/// The header for a message exchange that is either requesting or responding to an action.
#[derive(Default, Record)]
#[record(resource)]
pub struct MessageHeader {
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
    /// Code for the event this message represents or link to event definition.
    #[record(
        required,
        choice,
        class = Technical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/message-events")
    )]
    pub event: Option<MessageHeaderEvent>,
    /// Message destination application(s).
    #[record(class = Technical, summary)]
    pub destination: Vec<MessageHeaderDestination>,
    /// Real world sender of the message.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Organization))]
    pub sender: Option<Reference>,
    /// The source of the data entry.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole))]
    pub enterer: Option<Reference>,
    /// The source of the decision.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole))]
    pub author: Option<Reference>,
    /// Message source application.
    #[record(required, class = Technical, summary)]
    pub source: Option<Box<MessageHeaderSource>>,
    /// Final responsibility for event.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Organization))]
    pub responsible: Option<Reference>,
    /// Cause of event.
    #[record(
        class = Administrative,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/message-reason-encounter")
    )]
    pub reason: Option<CodeableConcept>,
    /// If this is a reply to prior message.
    #[record(class = Technical, summary)]
    pub response: Option<Box<MessageHeaderResponse>>,
    /// The actual content of the message.
    #[record(class = Relation, summary)]
    pub focus: Vec<Reference>,
    /// Link to the definition for this message.
    #[record(class = Technical, summary, targets(MessageDefinition))]
    pub definition: Option<Canonical>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MessageHeader.event[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "event")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MessageHeaderEvent {
    Coding(Box<Coding>),
    Uri(Uri),
}

/// Message destination application(s).
#[derive(Default, Record)]
#[record(backbone = "MessageHeader.destination")]
pub struct MessageHeaderDestination {
    /// Name of system.
    #[record(summary)]
    pub name: Option<Text>,
    /// Particular delivery destination within the destination.
    #[record(summary, targets(Device))]
    pub target: Option<Reference>,
    /// Actual destination address or id.
    #[record(required, summary)]
    pub endpoint: Option<Url>,
    /// Intended "real-world" recipient for the data.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Organization))]
    pub receiver: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Message source application.
#[derive(Default, Record)]
#[record(backbone = "MessageHeader.source")]
pub struct MessageHeaderSource {
    /// Name of system.
    #[record(summary)]
    pub name: Option<Text>,
    /// Name of software running the system.
    #[record(summary)]
    pub software: Option<Text>,
    /// Version of software running.
    #[record(summary)]
    pub version: Option<Text>,
    /// Human contact for problems.
    #[record(class = Participant, summary)]
    pub contact: Option<Box<ContactPoint>>,
    /// Actual message source address or id.
    #[record(required, summary)]
    pub endpoint: Option<Url>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Link to the message that this one answers.
#[derive(Default, Record)]
#[record(backbone = "MessageHeader.response")]
pub struct MessageHeaderResponse {
    /// Id of original message.
    #[record(required, summary)]
    pub identifier: Option<Id>,
    /// ok | transient-error | fatal-error.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/response-code"))]
    pub code: Option<Code<MessageResponseType>>,
    /// Specific list of hints/warnings/errors.
    #[record(summary, targets(OperationOutcome))]
    pub details: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
