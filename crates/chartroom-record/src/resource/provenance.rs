//! Provenance: FHIR R4 <https://hl7.org/fhir/R4/provenance.html>.

use super::prelude::*;

/// Provenance of a resource is a record that describes entities and processes involved in producing and delivering or
/// otherwise influencing that resource.
#[derive(Default, Record)]
#[record(resource)]
pub struct Provenance {
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
    /// Target Reference(s) (usually version specific).
    #[record(required, class = Relation, summary)]
    pub target: Vec<Reference>,
    /// When the activity occurred.
    #[record(choice, class = ServiceDate)]
    pub occurred: Option<ProvenanceOccurred>,
    /// When the activity was recorded / updated.
    #[record(required, class = ServiceDate, summary)]
    pub recorded: Option<Instant>,
    /// Policy or plan the activity was defined by.
    #[record(class = Administrative)]
    pub policy: Vec<Uri>,
    /// Where the activity occurred, if relevant.
    #[record(class = Participant, targets(Location))]
    pub location: Option<Reference>,
    /// Reason the activity is occurring.
    #[record(class = Administrative, binding(extensible, "http://terminology.hl7.org/ValueSet/v3-PurposeOfUse"))]
    pub reason: Vec<CodeableConcept>,
    /// Activity that occurred.
    #[record(class = Administrative, binding(extensible, "http://hl7.org/fhir/ValueSet/provenance-activity-type"))]
    pub activity: Option<CodeableConcept>,
    /// Actor involved.
    #[record(required, class = Participant)]
    pub agent: Vec<ProvenanceAgent>,
    /// An entity used in this activity.
    #[record(class = Relation)]
    pub entity: Vec<ProvenanceEntity>,
    /// Signature on target.
    #[record(class = Participant)]
    pub signature: Vec<Signature>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Provenance.occurred[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "occurred")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ProvenanceOccurred {
    Period(Box<Period>),
    DateTime(DateTime),
}

/// Actor involved.
#[derive(Default, Record)]
#[record(backbone = "Provenance.agent")]
pub struct ProvenanceAgent {
    /// How the agent participated.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/provenance-agent-type"))]
    pub type_: Option<CodeableConcept>,
    /// What the agents role was.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/security-role-type"))]
    pub role: Vec<CodeableConcept>,
    /// Who participated.
    #[record(required, summary, targets(Practitioner, PractitionerRole, RelatedPerson, Patient, Device, Organization))]
    pub who: Option<Reference>,
    /// Who the agent is representing.
    #[record(targets(Practitioner, PractitionerRole, RelatedPerson, Patient, Device, Organization))]
    pub on_behalf_of: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// An entity used in this activity.
#[derive(Default, Record)]
#[record(backbone = "Provenance.entity")]
pub struct ProvenanceEntity {
    /// derivation | revision | quotation | source | removal.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/provenance-entity-role")
    )]
    pub role: Option<Code<ProvenanceEntityRole>>,
    /// Identity of entity.
    #[record(required, summary)]
    pub what: Option<Reference>,
    /// Entity is attributed to this agent.
    #[record(class = Participant)]
    pub agent: Vec<ProvenanceAgent>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
