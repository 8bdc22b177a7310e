//! DocumentReference: FHIR R4 <https://hl7.org/fhir/R4/documentreference.html>.

use super::prelude::*;

/// A reference to a document of any kind for any purpose.
#[derive(Default, Record)]
#[record(resource)]
pub struct DocumentReference {
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
    /// Master Version Specific Identifier.
    #[record(class = Identifier, summary)]
    pub master_identifier: Option<Box<Identifier>>,
    /// Other identifiers for the document.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// current | superseded | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/document-reference-status")
    )]
    pub status: Option<Code<DocumentReferenceStatus>>,
    /// preliminary | final | amended | entered-in-error.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/composition-status"))]
    pub doc_status: Option<Code<CompositionStatus>>,
    /// Kind of document (LOINC if possible).
    #[record(class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/c80-doc-typecodes"))]
    pub type_: Option<CodeableConcept>,
    /// Categorization of document.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/document-classcodes"))]
    pub category: Vec<CodeableConcept>,
    /// Who/what is the subject of the document.
    #[record(class = Relation, summary, targets(Patient, Practitioner, Group, Device))]
    pub subject: Option<Reference>,
    /// When this document reference was created.
    #[record(class = ServiceDate, summary)]
    pub date: Option<Instant>,
    /// Who and/or what authored the document.
    #[record(
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Organization, Device, Patient, RelatedPerson)
    )]
    pub author: Vec<Reference>,
    /// Who/what authenticated the document.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub authenticator: Option<Reference>,
    /// Organization which maintains the document.
    #[record(class = Participant, targets(Organization))]
    pub custodian: Option<Reference>,
    /// Relationships to other documents.
    #[record(class = Relation, summary)]
    pub relates_to: Vec<DocumentReferenceRelatesTo>,
    /// Human-readable description.
    #[record(class = Narrative, summary)]
    pub description: Option<Text>,
    /// Document security-tags.
    #[record(class = Clinical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/security-labels"))]
    pub security_label: Vec<CodeableConcept>,
    /// Document referenced.
    #[record(required, class = Attachment, summary)]
    pub content: Vec<DocumentReferenceContent>,
    /// Clinical context of document.
    #[record(class = Clinical, summary)]
    pub context: Option<Box<DocumentReferenceContext>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Relationships to other documents.
#[derive(Default, Record)]
#[record(backbone = "DocumentReference.relatesTo")]
pub struct DocumentReferenceRelatesTo {
    /// replaces | transforms | signs | appends.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/document-relationship-type"))]
    pub code: Option<Code<DocumentRelationshipType>>,
    /// Target of the relationship.
    #[record(required, summary, targets(DocumentReference))]
    pub target: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Document referenced.
#[derive(Default, Record)]
#[record(backbone = "DocumentReference.content")]
pub struct DocumentReferenceContent {
    /// Where to access the document.
    #[record(required, summary)]
    pub attachment: Option<Box<Attachment>>,
    /// Format/content rules for the document.
    #[record(summary, binding(preferred, "http://hl7.org/fhir/ValueSet/formatcodes"))]
    pub format: Option<Coding>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Clinical context of document.
#[derive(Default, Record)]
#[record(backbone = "DocumentReference.context")]
pub struct DocumentReferenceContext {
    /// Context of the document content.
    #[record(class = Relation, targets(Encounter, EpisodeOfCare))]
    pub encounter: Vec<Reference>,
    /// Main clinical acts documented.
    #[record(binding(example, "http://terminology.hl7.org/ValueSet/v3-ActCode"))]
    pub event: Vec<CodeableConcept>,
    /// Time of service that is being documented.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Kind of facility where patient was seen.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/c80-facilitycodes"))]
    pub facility_type: Option<CodeableConcept>,
    /// Additional details about where the content was created (e.g. clinical specialty).
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/c80-practice-codes"))]
    pub practice_setting: Option<CodeableConcept>,
    /// Patient demographics from source.
    #[record(class = Relation, targets(Patient))]
    pub source_patient_info: Option<Reference>,
    /// Related identifiers or resources.
    #[record(class = Relation)]
    pub related: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
