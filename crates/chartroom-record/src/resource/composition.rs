//! Composition: FHIR R4 <https://hl7.org/fhir/R4/composition.html>.

use super::prelude::*;

/// A set of healthcare-related information that is assembled together into a single logical package that provides a
/// single coherent statement of meaning, establishes its own context and that has clinical attestation with regard to
/// who is making the statement.
#[derive(Default, Record)]
#[record(resource)]
pub struct Composition {
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
    /// Version-independent identifier for the Composition.
    #[record(class = Identifier, summary)]
    pub identifier: Option<Box<Identifier>>,
    /// preliminary | final | amended | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/composition-status")
    )]
    pub status: Option<Code<CompositionStatus>>,
    /// Kind of composition (LOINC if possible).
    #[record(required, class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/doc-typecodes"))]
    pub type_: Option<CodeableConcept>,
    /// Categorization of Composition.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/document-classcodes"))]
    pub category: Vec<CodeableConcept>,
    /// Who and/or what the composition is about.
    #[record(class = Relation, summary)]
    pub subject: Option<Reference>,
    /// Context of the Composition.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Composition editing time.
    #[record(required, class = ServiceDate, summary)]
    pub date: Option<DateTime>,
    /// Who and/or what authored the composition.
    #[record(
        required,
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Device, Patient, RelatedPerson, Organization)
    )]
    pub author: Vec<Reference>,
    /// Human Readable name/title.
    #[record(required, class = Narrative, summary)]
    pub title: Option<Text>,
    /// As defined by affinity domain.
    #[record(
        class = Clinical,
        summary,
        binding(required, "http://terminology.hl7.org/ValueSet/v3-ConfidentialityClassification")
    )]
    pub confidentiality: Option<Code<DocumentConfidentiality>>,
    /// Attests to accuracy of composition.
    #[record(class = Participant)]
    pub attester: Vec<CompositionAttester>,
    /// Organization which maintains the composition.
    #[record(class = Participant, summary, targets(Organization))]
    pub custodian: Option<Reference>,
    /// Relationships to other compositions/documents.
    #[record(class = Relation)]
    pub relates_to: Vec<CompositionRelatesTo>,
    /// The clinical service(s) being documented.
    #[record(class = Clinical, summary)]
    pub event: Vec<CompositionEvent>,
    /// Composition is broken into sections.
    #[record(class = Clinical)]
    pub section: Vec<CompositionSection>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Attests to accuracy of composition.
#[derive(Default, Record)]
#[record(backbone = "Composition.attester")]
pub struct CompositionAttester {
    /// personal | professional | legal | official.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/composition-attestation-mode"))]
    pub mode: Option<Code<CompositionAttestationMode>>,
    /// When the composition was attested.
    #[record(class = ServiceDate)]
    pub time: Option<DateTime>,
    /// Who attested the composition.
    #[record(targets(Patient, RelatedPerson, Practitioner, PractitionerRole, Organization))]
    pub party: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Relationships to other compositions/documents.
#[derive(Default, Record)]
#[record(backbone = "Composition.relatesTo")]
pub struct CompositionRelatesTo {
    /// replaces | transforms | signs | appends.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/document-relationship-type"))]
    pub code: Option<Code<DocumentRelationshipType>>,
    /// Target of the relationship.
    #[record(required, choice)]
    pub target: Option<CompositionRelatesToTarget>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Composition.relatesTo.target[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "target")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CompositionRelatesToTarget {
    Identifier(Box<Identifier>),
    #[record(targets(Composition))]
    Reference(Box<Reference>),
}

/// The clinical service(s) being documented.
#[derive(Default, Record)]
#[record(backbone = "Composition.event")]
pub struct CompositionEvent {
    /// Code(s) that apply to the event being documented.
    #[record(summary, binding(example, "http://terminology.hl7.org/ValueSet/v3-ActCode"))]
    pub code: Vec<CodeableConcept>,
    /// The period covered by the documentation.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// The event(s) being documented.
    #[record(class = Relation, summary)]
    pub detail: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A section of the composition.
#[derive(Default, Record)]
#[record(backbone = "Composition.section")]
pub struct CompositionSection {
    /// Label for section (e.g. for ToC).
    #[record(class = Narrative)]
    pub title: Option<Text>,
    /// Classification of section (recommended).
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/doc-section-codes"))]
    pub code: Option<CodeableConcept>,
    /// Who and/or what authored the section.
    #[record(
        class = Participant,
        targets(Practitioner, PractitionerRole, Device, Patient, RelatedPerson, Organization)
    )]
    pub author: Vec<Reference>,
    /// Who/what the section is about, when it is not about the subject of composition.
    #[record(class = Relation)]
    pub focus: Option<Reference>,
    /// Text summary of the section, for human interpretation.
    #[record(class = Narrative)]
    pub text: Option<Narrative>,
    /// working | snapshot | changes.
    #[record(class = Administrative, binding(required, "http://hl7.org/fhir/ValueSet/list-mode"))]
    pub mode: Option<Code<ListMode>>,
    /// Order of section entries.
    #[record(class = Administrative, binding(preferred, "http://hl7.org/fhir/ValueSet/list-order"))]
    pub ordered_by: Option<CodeableConcept>,
    /// A reference to data that supports this section.
    #[record(class = Relation)]
    pub entry: Vec<Reference>,
    /// Why the section is empty.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/list-empty-reason"))]
    pub empty_reason: Option<CodeableConcept>,
    /// Nested Section.
    pub section: Vec<CompositionSection>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
