//! MedicationDispense: FHIR R4 <https://hl7.org/fhir/R4/medicationdispense.html>.

use super::prelude::*;

/// Indicates that a medication product is to be or has been dispensed for a named person/patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct MedicationDispense {
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
    /// Event that dispense is part of.
    #[record(class = Relation, targets(Procedure))]
    pub part_of: Vec<Reference>,
    /// preparation | in-progress | cancelled | on-hold | completed | entered-in-error | stopped | declined | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/medicationdispense-status")
    )]
    pub status: Option<Code<MedicationDispenseStatus>>,
    /// Why a dispense was not performed.
    #[record(
        choice,
        class = Clinical,
        binding(example, "http://hl7.org/fhir/ValueSet/medicationdispense-status-reason")
    )]
    pub status_reason: Option<MedicationDispenseStatusReason>,
    /// Type of medication dispense.
    #[record(class = Clinical, binding(preferred, "http://hl7.org/fhir/ValueSet/medicationdispense-category"))]
    pub category: Option<CodeableConcept>,
    /// What medication was supplied.
    #[record(
        required,
        choice,
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/medication-codes")
    )]
    pub medication: Option<MedicationDispenseMedication>,
    /// Who the dispense is for.
    #[record(class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter / Episode associated with event.
    #[record(class = Relation, targets(Encounter, EpisodeOfCare))]
    pub context: Option<Reference>,
    /// Information that supports the dispensing of the medication.
    #[record(class = Relation)]
    pub supporting_information: Vec<Reference>,
    /// Who performed event.
    #[record(class = Participant)]
    pub performer: Vec<MedicationDispensePerformer>,
    /// Where the dispense occurred.
    #[record(class = Participant, targets(Location))]
    pub location: Option<Reference>,
    /// Medication order that authorizes the dispense.
    #[record(class = Relation, targets(MedicationRequest))]
    pub authorizing_prescription: Vec<Reference>,
    /// Trial fill, partial fill, emergency fill, etc.
    #[record(class = Clinical, binding(example, "http://terminology.hl7.org/ValueSet/v3-ActPharmacySupplyType"))]
    pub type_: Option<CodeableConcept>,
    /// Amount dispensed.
    #[record(class = Clinical, of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Amount of medication expressed as a timing amount.
    #[record(class = Clinical, of = "SimpleQuantity")]
    pub days_supply: Option<Quantity>,
    /// When product was packaged and reviewed.
    #[record(class = ServiceDate, summary)]
    pub when_prepared: Option<DateTime>,
    /// When product was given out.
    #[record(class = ServiceDate)]
    pub when_handed_over: Option<DateTime>,
    /// Where the medication was sent.
    #[record(class = Participant, targets(Location))]
    pub destination: Option<Reference>,
    /// Who collected the medication.
    #[record(class = Participant, targets(Patient, Practitioner))]
    pub receiver: Vec<Reference>,
    /// Information about the dispense.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// How the medication is to be used by the patient or administered by the caregiver.
    #[record(class = Clinical)]
    pub dosage_instruction: Vec<Dosage>,
    /// Whether a substitution was performed on the dispense.
    #[record(class = Clinical)]
    pub substitution: Option<Box<MedicationDispenseSubstitution>>,
    /// Clinical issue with action.
    #[record(class = Relation, targets(DetectedIssue))]
    pub detected_issue: Vec<Reference>,
    /// A list of relevant lifecycle events.
    #[record(class = Relation, targets(Provenance))]
    pub event_history: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MedicationDispense.statusReason[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "statusReason")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationDispenseStatusReason {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(DetectedIssue))]
    Reference(Box<Reference>),
}

/// The values that `MedicationDispense.medication[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "medication")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationDispenseMedication {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Medication))]
    Reference(Box<Reference>),
}

/// Who performed event.
#[derive(Default, Record)]
#[record(backbone = "MedicationDispense.performer")]
pub struct MedicationDispensePerformer {
    /// Who performed the dispense and what they did.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/medicationdispense-performer-function"))]
    pub function: Option<CodeableConcept>,
    /// Individual who was performing.
    #[record(required, targets(Practitioner, PractitionerRole, Organization, Patient, Device, RelatedPerson))]
    pub actor: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Whether a substitution was performed on the dispense.
#[derive(Default, Record)]
#[record(backbone = "MedicationDispense.substitution")]
pub struct MedicationDispenseSubstitution {
    /// Whether a substitution was or was not performed on the dispense.
    #[record(required)]
    pub was_substituted: Option<bool>,
    /// Code signifying whether a different drug was dispensed from what was prescribed.
    #[record(binding(example, "http://terminology.hl7.org/ValueSet/v3-ActSubstanceAdminSubstitutionCode"))]
    pub type_: Option<CodeableConcept>,
    /// Why was substitution made.
    #[record(binding(example, "http://terminology.hl7.org/ValueSet/v3-SubstanceAdminSubstitutionReason"))]
    pub reason: Vec<CodeableConcept>,
    /// Who is responsible for the substitution.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub responsible_party: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
