//! Media: FHIR R4 <https://hl7.org/fhir/R4/media.html>.

use super::prelude::*;

/// A photo, video, or audio recording acquired or used in healthcare.
#[derive(Default, Record)]
#[record(resource)]
pub struct Media {
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
    /// Identifier(s) for the image.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Procedure that caused this media to be created.
    #[record(class = Relation, summary, targets(ServiceRequest, CarePlan))]
    pub based_on: Vec<Reference>,
    /// Part of referenced event.
    #[record(class = Relation, summary)]
    pub part_of: Vec<Reference>,
    /// preparation | in-progress | not-done | on-hold | stopped | completed | entered-in-error | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/event-status")
    )]
    pub status: Option<Code<EventStatus>>,
    /// Classification of media as image, video, or audio.
    #[record(class = Clinical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/media-type"))]
    pub type_: Option<CodeableConcept>,
    /// The type of acquisition equipment/process.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/media-modality"))]
    pub modality: Option<CodeableConcept>,
    /// Imaging view, e.g. Lateral or Antero-posterior.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/media-view"))]
    pub view: Option<CodeableConcept>,
    /// Who/What this Media is a record of.
    #[record(
        class = Relation,
        summary,
        targets(Patient, Practitioner, PractitionerRole, Group, Device, Specimen, Location)
    )]
    pub subject: Option<Reference>,
    /// Encounter associated with media.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When Media was collected.
    #[record(choice, class = ServiceDate, summary)]
    pub created: Option<MediaCreated>,
    /// Date/Time this version was made available.
    #[record(class = ServiceDate, summary)]
    pub issued: Option<Instant>,
    /// The person who generated the image.
    #[record(
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Organization, CareTeam, Patient, Device, RelatedPerson)
    )]
    pub operator: Option<Reference>,
    /// Why was event performed?
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Observed body part.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Option<CodeableConcept>,
    /// Name of the device/manufacturer.
    #[record(class = Clinical, summary)]
    pub device_name: Option<Text>,
    /// Observing Device.
    #[record(class = Relation, summary, targets(Device, DeviceMetric))]
    pub device: Option<Reference>,
    /// Height of the image in pixels (photo/video).
    #[record(class = Attachment, summary)]
    pub height: Option<NonZeroU32>,
    /// Width of the image in pixels (photo/video).
    #[record(class = Attachment, summary)]
    pub width: Option<NonZeroU32>,
    /// Number of frames if > 1 (photo).
    #[record(class = Attachment, summary)]
    pub frames: Option<NonZeroU32>,
    /// Length in seconds (audio / video).
    #[record(class = Attachment, summary)]
    pub duration: Option<Decimal>,
    /// Actual Media - reference or data.
    #[record(required, class = Attachment, summary)]
    pub content: Option<Box<Attachment>>,
    /// Comments made about the media.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Media.created[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "created")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MediaCreated {
    DateTime(DateTime),
    Period(Box<Period>),
}
