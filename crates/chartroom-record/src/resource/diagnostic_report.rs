//! DiagnosticReport: FHIR R4 <https://hl7.org/fhir/R4/diagnosticreport.html>.

use super::prelude::*;

/// The findings and interpretation of diagnostic tests performed on patients, groups of patients, devices, and
/// locations, and/or specimens derived from these.
#[derive(Default, Record)]
#[record(resource)]
pub struct DiagnosticReport {
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
    /// Business identifier for report.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// What was requested.
    #[record(
        class = Relation,
        targets(CarePlan, ImmunizationRecommendation, MedicationRequest, NutritionOrder, ServiceRequest)
    )]
    pub based_on: Vec<Reference>,
    /// registered | partial | preliminary | final +.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/diagnostic-report-status")
    )]
    pub status: Option<Code<DiagnosticReportStatus>>,
    /// Service category.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/diagnostic-service-sections"))]
    pub category: Vec<CodeableConcept>,
    /// Name/Code for this diagnostic report.
    #[record(required, class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/report-codes"))]
    pub code: Option<CodeableConcept>,
    /// The subject of the report - usually, but not always, the patient.
    #[record(class = Relation, summary, targets(Patient, Group, Device, Location))]
    pub subject: Option<Reference>,
    /// Health care event when test ordered.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Clinically relevant time/time-period for report.
    #[record(choice, class = ServiceDate, summary)]
    pub effective: Option<DiagnosticReportEffective>,
    /// DateTime this version was made.
    #[record(class = ServiceDate, summary)]
    pub issued: Option<Instant>,
    /// Responsible Diagnostic Service.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Organization, CareTeam))]
    pub performer: Vec<Reference>,
    /// Primary result interpreter.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Organization, CareTeam))]
    pub results_interpreter: Vec<Reference>,
    /// Specimens this report is based on.
    #[record(class = Relation, targets(Specimen))]
    pub specimen: Vec<Reference>,
    /// Observations.
    #[record(class = Relation, targets(Observation))]
    pub result: Vec<Reference>,
    /// Reference to full details of imaging associated with the diagnostic report.
    #[record(class = Relation, targets(ImagingStudy))]
    pub imaging_study: Vec<Reference>,
    /// Key images associated with this report.
    #[record(class = Relation, summary)]
    pub media: Vec<DiagnosticReportMedia>,
    /// Clinical conclusion (interpretation) of test results.
    #[record(class = Narrative)]
    pub conclusion: Option<Text>,
    /// Codes for the clinical conclusion of test results.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub conclusion_code: Vec<CodeableConcept>,
    /// Entire report as issued.
    #[record(class = Attachment)]
    pub presented_form: Vec<Attachment>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `DiagnosticReport.effective[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "effective")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum DiagnosticReportEffective {
    DateTime(DateTime),
    Period(Box<Period>),
}

/// Key images associated with this report.
#[derive(Default, Record)]
#[record(backbone = "DiagnosticReport.media")]
pub struct DiagnosticReportMedia {
    /// Comment about the image (e.g. explanation).
    #[record(class = Narrative)]
    pub comment: Option<Text>,
    /// Reference to the image source.
    #[record(required, summary, targets(Media))]
    pub link: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
