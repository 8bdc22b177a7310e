//! ImagingStudy: FHIR R4 <https://hl7.org/fhir/R4/imagingstudy.html>.

use super::prelude::*;

/// Representation of the content produced in a DICOM imaging study.
#[derive(Default, Record)]
#[record(resource)]
pub struct ImagingStudy {
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
    /// Identifiers for the whole study.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// registered | available | cancelled | entered-in-error | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/imagingstudy-status")
    )]
    pub status: Option<Code<ImagingStudyStatus>>,
    /// All series modality if actual acquisition modalities.
    #[record(
        class = Clinical,
        summary,
        binding(extensible, "http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html")
    )]
    pub modality: Vec<Coding>,
    /// Who or what is the subject of the study.
    #[record(required, class = Relation, summary, targets(Patient, Device, Group))]
    pub subject: Option<Reference>,
    /// Encounter with which this imaging study is associated.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When the study was started.
    #[record(class = ServiceDate, summary)]
    pub started: Option<DateTime>,
    /// Request fulfilled.
    #[record(class = Relation, summary, targets(CarePlan, ServiceRequest, Appointment, AppointmentResponse, Task))]
    pub based_on: Vec<Reference>,
    /// Referring physician.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole))]
    pub referrer: Option<Reference>,
    /// Who interpreted images.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole))]
    pub interpreter: Vec<Reference>,
    /// Study access endpoint.
    #[record(class = Technical, summary, targets(Endpoint))]
    pub endpoint: Vec<Reference>,
    /// Number of Study Related Series.
    #[record(class = Clinical, summary)]
    pub number_of_series: Option<u32>,
    /// Number of Study Related Instances.
    #[record(class = Clinical, summary)]
    pub number_of_instances: Option<u32>,
    /// The performed Procedure reference.
    #[record(class = Relation, summary, targets(Procedure))]
    pub procedure_reference: Option<Reference>,
    /// The performed procedure code.
    #[record(class = Clinical, summary, binding(extensible, "http://www.rsna.org/RadLex_Playbook.aspx"))]
    pub procedure_code: Vec<CodeableConcept>,
    /// Where ImagingStudy occurred.
    #[record(class = Participant, summary, targets(Location))]
    pub location: Option<Reference>,
    /// Why the study was requested.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Why was study performed.
    #[record(class = Clinical, summary, targets(Condition, Observation, Media, DiagnosticReport, DocumentReference))]
    pub reason_reference: Vec<Reference>,
    /// User-defined comments.
    #[record(class = Narrative, summary)]
    pub note: Vec<Annotation>,
    /// Institution-generated description.
    #[record(class = Narrative, summary)]
    pub description: Option<Text>,
    /// Each study has one or more series of instances.
    #[record(class = Clinical, summary)]
    pub series: Vec<ImagingStudySeries>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A series of instances in the study.
#[derive(Default, Record)]
#[record(backbone = "ImagingStudy.series")]
pub struct ImagingStudySeries {
    /// DICOM Series Instance UID for the series.
    #[record(required, class = Identifier, summary)]
    pub uid: Option<Id>,
    /// Numeric identifier of this series.
    #[record(summary)]
    pub number: Option<u32>,
    /// The modality of the instances in the series.
    #[record(
        required,
        summary,
        binding(extensible, "http://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html")
    )]
    pub modality: Option<Coding>,
    /// A short human readable summary of the series.
    #[record(class = Narrative, summary)]
    pub description: Option<Text>,
    /// Number of Series Related Instances.
    #[record(summary)]
    pub number_of_instances: Option<u32>,
    /// Series access endpoint.
    #[record(class = Technical, summary, targets(Endpoint))]
    pub endpoint: Vec<Reference>,
    /// Body part examined.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Option<Coding>,
    /// Body part laterality.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/bodysite-laterality"))]
    pub laterality: Option<Coding>,
    /// Specimen imaged.
    #[record(class = Relation, summary, targets(Specimen))]
    pub specimen: Vec<Reference>,
    /// When the series started.
    #[record(class = ServiceDate, summary)]
    pub started: Option<DateTime>,
    /// Who performed the series.
    #[record(class = Participant, summary)]
    pub performer: Vec<ImagingStudySeriesPerformer>,
    /// A single SOP instance from the series.
    pub instance: Vec<ImagingStudySeriesInstance>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Who performed the series.
#[derive(Default, Record)]
#[record(backbone = "ImagingStudy.series.performer")]
pub struct ImagingStudySeriesPerformer {
    /// Type of performance.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/series-performer-function"))]
    pub function: Option<CodeableConcept>,
    /// Who performed the series.
    #[record(
        required,
        summary,
        targets(Practitioner, PractitionerRole, Organization, CareTeam, Patient, Device, RelatedPerson)
    )]
    pub actor: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A single SOP instance from the series.
#[derive(Default, Record)]
#[record(backbone = "ImagingStudy.series.instance")]
pub struct ImagingStudySeriesInstance {
    /// DICOM SOP Instance UID.
    #[record(required, class = Identifier)]
    pub uid: Option<Id>,
    /// DICOM class type.
    #[record(
        required,
        binding(
            extensible,
            "http://dicom.nema.org/medical/dicom/current/output/chtml/part04/sect_B.5.html#table_B.5-1"
        )
    )]
    pub sop_class: Option<Coding>,
    /// The number of this instance in the series.
    pub number: Option<u32>,
    /// Description of instance.
    #[record(class = Narrative)]
    pub title: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
