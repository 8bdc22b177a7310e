//! Procedure: FHIR R4 <https://hl7.org/fhir/R4/procedure.html>.

use super::prelude::*;

/// An action that is or was performed on or for a patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct Procedure {
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
    /// External Identifiers for this procedure.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Instantiates FHIR protocol or definition.
    #[record(
        class = Technical,
        summary,
        targets(PlanDefinition, ActivityDefinition, Measure, OperationDefinition, Questionnaire)
    )]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Vec<Uri>,
    /// A request for this procedure.
    #[record(class = Relation, summary, targets(CarePlan, ServiceRequest))]
    pub based_on: Vec<Reference>,
    /// Part of referenced event.
    #[record(class = Relation, summary, targets(Procedure, Observation, MedicationAdministration))]
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
    /// Reason for current status.
    #[record(
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/procedure-not-performed-reason")
    )]
    pub status_reason: Option<CodeableConcept>,
    /// Classification of the procedure.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-category"))]
    pub category: Option<CodeableConcept>,
    /// Identification of the procedure.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-code"))]
    pub code: Option<CodeableConcept>,
    /// Who the procedure was performed on.
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter created as part of.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When the procedure was performed.
    #[record(choice, class = ServiceDate, summary)]
    pub performed: Option<ProcedurePerformed>,
    /// Who recorded the procedure.
    #[record(class = Participant, summary, targets(Patient, RelatedPerson, Practitioner, PractitionerRole))]
    pub recorder: Option<Reference>,
    /// Person who asserts this procedure.
    #[record(class = Participant, summary, targets(Patient, RelatedPerson, Practitioner, PractitionerRole))]
    pub asserter: Option<Reference>,
    /// The people who performed the procedure.
    #[record(class = Participant, summary)]
    pub performer: Vec<ProcedurePerformer>,
    /// Where the procedure happened.
    #[record(class = Participant, summary, targets(Location))]
    pub location: Option<Reference>,
    /// Coded reason procedure performed.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// The justification that the procedure was performed.
    #[record(
        class = Clinical,
        summary,
        targets(Condition, Observation, Procedure, DiagnosticReport, DocumentReference)
    )]
    pub reason_reference: Vec<Reference>,
    /// Target body sites.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Vec<CodeableConcept>,
    /// The result of procedure.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-outcome"))]
    pub outcome: Option<CodeableConcept>,
    /// Any report resulting from the procedure.
    #[record(class = Relation, targets(DiagnosticReport, DocumentReference, Composition))]
    pub report: Vec<Reference>,
    /// Complication following the procedure.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/condition-code"))]
    pub complication: Vec<CodeableConcept>,
    /// A condition that is a result of the procedure.
    #[record(class = Clinical, targets(Condition))]
    pub complication_detail: Vec<Reference>,
    /// Instructions for follow up.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/procedure-followup"))]
    pub follow_up: Vec<CodeableConcept>,
    /// Additional information about the procedure.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Manipulated, implanted, or removed device.
    #[record(class = Clinical)]
    pub focal_device: Vec<ProcedureFocalDevice>,
    /// Items used during procedure.
    #[record(class = Relation, targets(Device, Medication, Substance))]
    pub used_reference: Vec<Reference>,
    /// Coded items used during the procedure.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/device-kind"))]
    pub used_code: Vec<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Procedure.performed[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "performed")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ProcedurePerformed {
    DateTime(DateTime),
    Period(Box<Period>),
    String(Text),
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Range(Box<Range>),
}

/// A person or organization that performed the procedure.
#[derive(Default, Record)]
#[record(backbone = "Procedure.performer")]
pub struct ProcedurePerformer {
    /// Type of performance.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/performer-role"))]
    pub function: Option<CodeableConcept>,
    /// Who performed the procedure.
    #[record(required, summary, targets(Practitioner, PractitionerRole, Organization, Patient, RelatedPerson, Device))]
    pub actor: Option<Reference>,
    /// Organization the device or practitioner was acting for.
    #[record(targets(Organization))]
    pub on_behalf_of: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Manipulated, implanted, or removed device.
#[derive(Default, Record)]
#[record(backbone = "Procedure.focalDevice")]
pub struct ProcedureFocalDevice {
    /// Kind of change to device.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/device-action"))]
    pub action: Option<CodeableConcept>,
    /// Device that was changed.
    #[record(required, class = Relation, targets(Device))]
    pub manipulated: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
