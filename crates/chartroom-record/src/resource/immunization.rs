//! Immunization: FHIR R4 <https://hl7.org/fhir/R4/immunization.html>.

use super::prelude::*;

/// Describes the event of a patient being administered a vaccine or a record of an immunization as reported by a
/// patient, a clinician or another party.
#[derive(Default, Record)]
#[record(resource)]
pub struct Immunization {
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
    /// Business identifier.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// completed | entered-in-error | not-done.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/immunization-status")
    )]
    pub status: Option<Code<ImmunizationStatus>>,
    /// Reason not done.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/immunization-status-reason"))]
    pub status_reason: Option<CodeableConcept>,
    /// Vaccine product administered.
    #[record(required, class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/vaccine-code"))]
    pub vaccine_code: Option<CodeableConcept>,
    /// Who was immunized.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// Encounter immunization was part of.
    #[record(class = Relation, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Vaccine administration date.
    #[record(required, choice, class = ServiceDate, summary)]
    pub occurrence: Option<ImmunizationOccurrence>,
    /// When the immunization was first captured in the subject's record.
    #[record(class = ServiceDate)]
    pub recorded: Option<DateTime>,
    /// Indicates context the data was recorded in.
    #[record(class = Administrative, summary)]
    pub primary_source: Option<bool>,
    /// Indicates the source of a secondarily reported record.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/immunization-origin"))]
    pub report_origin: Option<CodeableConcept>,
    /// Where immunization occurred.
    #[record(class = Participant, targets(Location))]
    pub location: Option<Reference>,
    /// Vaccine manufacturer.
    #[record(class = Clinical, targets(Organization))]
    pub manufacturer: Option<Reference>,
    /// Vaccine lot number.
    #[record(class = Clinical)]
    pub lot_number: Option<Text>,
    /// Vaccine expiration date.
    #[record(class = Clinical)]
    pub expiration_date: Option<Date>,
    /// Body site vaccine was administered.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/immunization-site"))]
    pub site: Option<CodeableConcept>,
    /// How vaccine entered body.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/immunization-route"))]
    pub route: Option<CodeableConcept>,
    /// Amount of vaccine administered.
    #[record(class = Clinical, of = "SimpleQuantity")]
    pub dose_quantity: Option<Quantity>,
    /// Who performed event.
    #[record(class = Participant, summary)]
    pub performer: Vec<ImmunizationPerformer>,
    /// Additional immunization notes.
    #[record(class = Narrative, summary)]
    pub note: Vec<Annotation>,
    /// Why immunization occurred.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/immunization-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Why immunization occurred.
    #[record(class = Clinical, targets(Condition, Observation, DiagnosticReport))]
    pub reason_reference: Vec<Reference>,
    /// Dose potency.
    #[record(class = Clinical, summary, modifier)]
    pub is_subpotent: Option<bool>,
    /// Reason for being subpotent.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/immunization-subpotent-reason"))]
    pub subpotent_reason: Vec<CodeableConcept>,
    /// Educational material presented to patient.
    #[record(class = Clinical)]
    pub education: Vec<ImmunizationEducation>,
    /// Patient eligibility for a vaccination program.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/immunization-program-eligibility"))]
    pub program_eligibility: Vec<CodeableConcept>,
    /// Funding source for the vaccine.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/immunization-funding-source"))]
    pub funding_source: Option<CodeableConcept>,
    /// Details of a reaction that follows immunization.
    #[record(class = Clinical)]
    pub reaction: Vec<ImmunizationReaction>,
    /// Protocol followed by the provider.
    #[record(class = Clinical)]
    pub protocol_applied: Vec<ImmunizationProtocolApplied>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Immunization.occurrence[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "occurrence")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ImmunizationOccurrence {
    DateTime(DateTime),
    String(Text),
}

/// Who performed event.
#[derive(Default, Record)]
#[record(backbone = "Immunization.performer")]
pub struct ImmunizationPerformer {
    /// What type of performance was done.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/immunization-function"))]
    pub function: Option<CodeableConcept>,
    /// Individual or organization who was performing.
    #[record(required, summary, targets(Practitioner, PractitionerRole, Organization))]
    pub actor: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Educational material presented to patient.
#[derive(Default, Record)]
#[record(backbone = "Immunization.education")]
pub struct ImmunizationEducation {
    /// Educational material document identifier.
    pub document_type: Option<Text>,
    /// Educational material reference pointer.
    pub reference: Option<Uri>,
    /// Educational material publication date.
    pub publication_date: Option<DateTime>,
    /// Educational material presentation date.
    #[record(class = ServiceDate)]
    pub presentation_date: Option<DateTime>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Details of a reaction that follows immunization.
#[derive(Default, Record)]
#[record(backbone = "Immunization.reaction")]
pub struct ImmunizationReaction {
    /// When reaction started.
    #[record(class = ServiceDate)]
    pub date: Option<DateTime>,
    /// Additional information on reaction.
    #[record(class = Relation, targets(Observation))]
    pub detail: Option<Reference>,
    /// Indicates self-reported reaction.
    pub reported: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Protocol followed by the provider.
#[derive(Default, Record)]
#[record(backbone = "Immunization.protocolApplied")]
pub struct ImmunizationProtocolApplied {
    /// Name of vaccine series.
    pub series: Option<Text>,
    /// Who is responsible for publishing the recommendations.
    #[record(class = Participant, targets(Organization))]
    pub authority: Option<Reference>,
    /// Vaccine preventatable disease being targetted.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/immunization-target-disease"))]
    pub target_disease: Vec<CodeableConcept>,
    /// Dose number within series.
    #[record(required, choice)]
    pub dose_number: Option<ImmunizationProtocolAppliedDoseNumber>,
    /// Recommended number of doses for immunity.
    #[record(choice)]
    pub series_doses: Option<ImmunizationProtocolAppliedSeriesDoses>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Immunization.protocolApplied.doseNumber[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "doseNumber")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ImmunizationProtocolAppliedDoseNumber {
    PositiveInt(NonZeroU32),
    String(Text),
}

/// The values that `Immunization.protocolApplied.seriesDoses[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "seriesDoses")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ImmunizationProtocolAppliedSeriesDoses {
    PositiveInt(NonZeroU32),
    String(Text),
}
