//! AuditEvent: FHIR R4 <https://hl7.org/fhir/R4/auditevent.html>.

use super::prelude::*;

/// A record of an event made for purposes of maintaining a security log.
#[derive(Default, Record)]
#[record(resource)]
pub struct AuditEvent {
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
    /// Type/identifier of event.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(extensible, "http://hl7.org/fhir/ValueSet/audit-event-type")
    )]
    pub type_: Option<Coding>,
    /// More specific type/id for the event.
    #[record(class = Administrative, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/audit-event-sub-type"))]
    pub subtype: Vec<Coding>,
    /// Type of action performed during the event.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/audit-event-action"))]
    pub action: Option<Code<AuditEventAction>>,
    /// When the activity occurred.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Time when the event was recorded.
    #[record(required, class = ServiceDate, summary)]
    pub recorded: Option<Instant>,
    /// Whether the event succeeded or failed.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/audit-event-outcome"))]
    pub outcome: Option<Code<AuditEventOutcome>>,
    /// Description of the event outcome.
    #[record(class = Narrative, summary)]
    pub outcome_desc: Option<Text>,
    /// The purposeOfUse of the event.
    #[record(
        class = Administrative,
        summary,
        binding(extensible, "http://terminology.hl7.org/ValueSet/v3-PurposeOfUse")
    )]
    pub purpose_of_event: Vec<CodeableConcept>,
    /// Actor involved in the event.
    #[record(required, class = Participant)]
    pub agent: Vec<AuditEventAgent>,
    /// Audit Event Reporter.
    #[record(required, class = Participant)]
    pub source: Option<Box<AuditEventSource>>,
    /// Data or objects used.
    #[record(class = Relation)]
    pub entity: Vec<AuditEventEntity>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Actor involved in the event.
#[derive(Default, Record)]
#[record(backbone = "AuditEvent.agent")]
pub struct AuditEventAgent {
    /// How agent participated.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/participation-role-type"))]
    pub type_: Option<CodeableConcept>,
    /// Agent role in the event.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/security-role-type"))]
    pub role: Vec<CodeableConcept>,
    /// Identifier of who.
    #[record(summary, targets(PractitionerRole, Practitioner, Organization, Device, Patient, RelatedPerson))]
    pub who: Option<Reference>,
    /// Alternative User identity.
    pub alt_id: Option<Text>,
    /// Human friendly name for the agent.
    pub name: Option<Text>,
    /// Whether user is initiator.
    #[record(required, class = Administrative, summary)]
    pub requestor: Option<bool>,
    /// Where the event happened.
    #[record(targets(Location))]
    pub location: Option<Reference>,
    /// Policy that authorized event.
    #[record(class = Administrative)]
    pub policy: Vec<Uri>,
    /// Type of media.
    #[record(class = Administrative, binding(extensible, "http://hl7.org/fhir/ValueSet/dicm-405-mediatype"))]
    pub media: Option<Coding>,
    /// Logical network location for application activity.
    pub network: Option<Box<AuditEventAgentNetwork>>,
    /// Reason given for this user.
    #[record(class = Administrative, binding(extensible, "http://terminology.hl7.org/ValueSet/v3-PurposeOfUse"))]
    pub purpose_of_use: Vec<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Logical network location for application activity.
#[derive(Default, Record)]
#[record(backbone = "AuditEvent.agent.network")]
pub struct AuditEventAgentNetwork {
    /// Identifier for the network access point of the user device.
    pub address: Option<Text>,
    /// The type of network access point.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/network-type"))]
    pub type_: Option<Code<AuditEventAgentNetworkType>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Who reported the event.
#[derive(Default, Record)]
#[record(backbone = "AuditEvent.source")]
pub struct AuditEventSource {
    /// Logical source location within the enterprise.
    pub site: Option<Text>,
    /// The identity of source detecting the event.
    #[record(required, summary, targets(PractitionerRole, Practitioner, Organization, Device, Patient, RelatedPerson))]
    pub observer: Option<Reference>,
    /// The type of source where event originated.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/audit-source-type"))]
    pub type_: Vec<Coding>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Data or objects that the event used.
#[derive(Default, Record)]
#[record(backbone = "AuditEvent.entity")]
pub struct AuditEventEntity {
    /// Specific instance of resource.
    #[record(summary)]
    pub what: Option<Reference>,
    /// Type of entity involved.
    #[record(class = Administrative, binding(extensible, "http://hl7.org/fhir/ValueSet/audit-entity-type"))]
    pub type_: Option<Coding>,
    /// What role the entity played.
    #[record(class = Administrative, binding(extensible, "http://hl7.org/fhir/ValueSet/object-role"))]
    pub role: Option<Coding>,
    /// Life-cycle stage for the entity.
    #[record(class = Administrative, binding(extensible, "http://hl7.org/fhir/ValueSet/object-lifecycle-events"))]
    pub lifecycle: Option<Coding>,
    /// Security labels on the entity.
    #[record(class = Clinical, binding(extensible, "http://hl7.org/fhir/ValueSet/security-labels"))]
    pub security_label: Vec<Coding>,
    /// Descriptor for entity.
    #[record(class = Name, summary)]
    pub name: Option<Text>,
    /// Descriptive text.
    #[record(class = Narrative)]
    pub description: Option<Text>,
    /// Query parameters.
    #[record(class = Narrative, summary)]
    pub query: Option<Base64>,
    /// Additional Information about the entity.
    #[record(class = Narrative)]
    pub detail: Vec<AuditEventEntityDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Additional Information about the entity.
#[derive(Default, Record)]
#[record(backbone = "AuditEvent.entity.detail")]
pub struct AuditEventEntityDetail {
    /// Name of the property.
    #[record(required)]
    pub type_: Option<Text>,
    /// Property value.
    #[record(required, choice)]
    pub value: Option<AuditEventEntityDetailValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `AuditEvent.entity.detail.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum AuditEventEntityDetailValue {
    String(Text),
    Base64Binary(Base64),
}
