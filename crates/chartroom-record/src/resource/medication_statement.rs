//! MedicationStatement: FHIR R4 <https://hl7.org/fhir/R4/medicationstatement.html>.

use super::prelude::*;

/// A record of a medication that is being consumed by a patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct MedicationStatement {
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
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Fulfils plan, proposal or order.
    #[record(class = Relation, summary, targets(MedicationRequest, CarePlan, ServiceRequest))]
    pub based_on: Vec<Reference>,
    /// Part of referenced event.
    #[record(
        class = Relation,
        summary,
        targets(MedicationAdministration, MedicationDispense, MedicationStatement, Procedure, Observation)
    )]
    pub part_of: Vec<Reference>,
    /// active | completed | entered-in-error | intended | stopped | on-hold | unknown | not-taken.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/medication-statement-status")
    )]
    pub status: Option<Code<MedicationStatementStatus>>,
    /// Reason for current status.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/reason-medication-status-codes"))]
    pub status_reason: Vec<CodeableConcept>,
    /// Type of medication usage.
    #[record(
        class = Clinical,
        summary,
        binding(preferred, "http://hl7.org/fhir/ValueSet/medication-statement-category")
    )]
    pub category: Option<CodeableConcept>,
    /// What medication was taken.
    #[record(
        required,
        choice,
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/medication-codes")
    )]
    pub medication: Option<MedicationStatementMedication>,
    /// Who is/was taking the medication.
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter / Episode associated with MedicationStatement.
    #[record(class = Relation, summary, targets(Encounter, EpisodeOfCare))]
    pub context: Option<Reference>,
    /// The date/time or interval when the medication is/was/will be taken.
    #[record(choice, class = ServiceDate, summary)]
    pub effective: Option<MedicationStatementEffective>,
    /// When the statement was asserted?
    #[record(class = ServiceDate, summary)]
    pub date_asserted: Option<DateTime>,
    /// Person or organization that provided the information about the taking of this medication.
    #[record(class = Participant, targets(Patient, Practitioner, PractitionerRole, RelatedPerson, Organization))]
    pub information_source: Option<Reference>,
    /// Additional supporting information.
    #[record(class = Relation)]
    pub derived_from: Vec<Reference>,
    /// Reason for why the medication is being/was taken.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/condition-code"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Condition or observation that supports why the medication is being/was taken.
    #[record(class = Clinical, targets(Condition, Observation, DiagnosticReport))]
    pub reason_reference: Vec<Reference>,
    /// Further information about the statement.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Details of how medication is/was taken or should be taken.
    #[record(class = Clinical)]
    pub dosage: Vec<Dosage>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MedicationStatement.medication[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "medication")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationStatementMedication {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Medication))]
    Reference(Box<Reference>),
}

/// The values that `MedicationStatement.effective[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "effective")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationStatementEffective {
    DateTime(DateTime),
    Period(Box<Period>),
}
