//! MedicationAdministration: FHIR R4 <https://hl7.org/fhir/R4/medicationadministration.html>.

use super::prelude::*;

/// Describes the event of a patient consuming or otherwise being administered a medication.
#[derive(Default, Record)]
#[record(resource)]
pub struct MedicationAdministration {
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
    /// External identifier.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// Instantiates protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates: Vec<Uri>,
    /// Part of referenced event.
    #[record(class = Relation, summary, targets(MedicationAdministration, Procedure))]
    pub part_of: Vec<Reference>,
    /// in-progress | not-done | on-hold | completed | entered-in-error | stopped | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/medication-admin-status")
    )]
    pub status: Option<Code<MedicationAdministrationStatus>>,
    /// Reason administration not performed.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/reason-medication-not-given-codes"))]
    pub status_reason: Vec<CodeableConcept>,
    /// Type of medication usage.
    #[record(class = Clinical, binding(preferred, "http://hl7.org/fhir/ValueSet/medication-admin-category"))]
    pub category: Option<CodeableConcept>,
    /// What was administered.
    #[record(
        required,
        choice,
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/medication-codes")
    )]
    pub medication: Option<MedicationAdministrationMedication>,
    /// Who received medication.
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter or Episode of Care administered as part of.
    #[record(class = Relation, targets(Encounter, EpisodeOfCare))]
    pub context: Option<Reference>,
    /// Additional information to support administration.
    #[record(class = Relation)]
    pub supporting_information: Vec<Reference>,
    /// Start and end time of administration.
    #[record(required, choice, class = ServiceDate, summary)]
    pub effective: Option<MedicationAdministrationEffective>,
    /// Who performed the medication administration and what they did.
    #[record(class = Participant, summary)]
    pub performer: Vec<MedicationAdministrationPerformer>,
    /// Reason administration performed.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/reason-medication-given-codes"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Condition or observation that supports why the medication was administered.
    #[record(class = Clinical, targets(Condition, Observation, DiagnosticReport))]
    pub reason_reference: Vec<Reference>,
    /// Request administration performed against.
    #[record(class = Relation, targets(MedicationRequest))]
    pub request: Option<Reference>,
    /// Device used to administer.
    #[record(class = Relation, targets(Device))]
    pub device: Vec<Reference>,
    /// Information about the administration.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Details of how medication was taken.
    #[record(class = Clinical)]
    pub dosage: Option<Box<MedicationAdministrationDosage>>,
    /// A list of events of interest in the lifecycle.
    #[record(class = Relation, targets(Provenance))]
    pub event_history: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MedicationAdministration.medication[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "medication")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationAdministrationMedication {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Medication))]
    Reference(Box<Reference>),
}

/// The values that `MedicationAdministration.effective[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "effective")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationAdministrationEffective {
    DateTime(DateTime),
    Period(Box<Period>),
}

/// Who performed the medication administration and what they did.
#[derive(Default, Record)]
#[record(backbone = "MedicationAdministration.performer")]
pub struct MedicationAdministrationPerformer {
    /// Type of performance.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/med-admin-perform-function"))]
    pub function: Option<CodeableConcept>,
    /// Who performed the medication administration.
    #[record(required, summary, targets(Practitioner, PractitionerRole, Patient, RelatedPerson, Device))]
    pub actor: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Details of how medication was taken.
#[derive(Default, Record)]
#[record(backbone = "MedicationAdministration.dosage")]
pub struct MedicationAdministrationDosage {
    /// Free text dosage instructions e.g. SIG.
    pub text: Option<Text>,
    /// Body site administered to.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/approach-site-codes"))]
    pub site: Option<CodeableConcept>,
    /// Path of substance into body.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/route-codes"))]
    pub route: Option<CodeableConcept>,
    /// How drug was administered.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/administration-method-codes"))]
    pub method: Option<CodeableConcept>,
    /// Amount of medication per dose.
    #[record(of = "SimpleQuantity")]
    pub dose: Option<Quantity>,
    /// Dose quantity per unit of time.
    #[record(choice)]
    pub rate: Option<MedicationAdministrationDosageRate>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MedicationAdministration.dosage.rate[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "rate")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationAdministrationDosageRate {
    Ratio(Box<Ratio>),
    #[record(of = "SimpleQuantity")]
    Quantity(Box<Quantity>),
}
