//! Condition: FHIR R4 <https://hl7.org/fhir/R4/condition.html>.

use super::prelude::*;

/// A clinical condition, problem, diagnosis, or other event, situation, issue, or clinical concept that has risen to a
/// level of concern.
#[derive(Default, Record)]
#[record(resource)]
pub struct Condition {
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
    /// External Ids for this condition.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// active | recurrence | relapse | inactive | remission | resolved.
    #[record(class = Clinical, summary, modifier, binding(required, "http://hl7.org/fhir/ValueSet/condition-clinical"))]
    pub clinical_status: Option<CodeableConcept>,
    /// unconfirmed | provisional | differential | confirmed | refuted | entered-in-error.
    #[record(
        class = Clinical,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/condition-ver-status")
    )]
    pub verification_status: Option<CodeableConcept>,
    /// problem-list-item | encounter-diagnosis.
    #[record(class = Clinical, binding(extensible, "http://hl7.org/fhir/ValueSet/condition-category"))]
    pub category: Vec<CodeableConcept>,
    /// Subjective severity of condition.
    #[record(class = Clinical, binding(preferred, "http://hl7.org/fhir/ValueSet/condition-severity"))]
    pub severity: Option<CodeableConcept>,
    /// Identification of the condition, problem or diagnosis.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/condition-code"))]
    pub code: Option<CodeableConcept>,
    /// Anatomical location, if relevant.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Vec<CodeableConcept>,
    /// Who has the condition?
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter created as part of.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Estimated or actual date, date-time, or age.
    #[record(choice, class = ServiceDate, summary)]
    pub onset: Option<ConditionOnset>,
    /// When in resolution/remission.
    #[record(choice, class = ServiceDate)]
    pub abatement: Option<ConditionAbatement>,
    /// Date record was first recorded.
    #[record(class = ServiceDate, summary)]
    pub recorded_date: Option<DateTime>,
    /// Who recorded the condition.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Patient, RelatedPerson))]
    pub recorder: Option<Reference>,
    /// Person who asserts this condition.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Patient, RelatedPerson))]
    pub asserter: Option<Reference>,
    /// Stage/grade, usually assessed formally.
    #[record(class = Clinical)]
    pub stage: Vec<ConditionStage>,
    /// Supporting evidence.
    #[record(class = Clinical)]
    pub evidence: Vec<ConditionEvidence>,
    /// Additional information about the Condition.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Condition.onset[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "onset")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ConditionOnset {
    DateTime(DateTime),
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Period(Box<Period>),
    Range(Box<Range>),
    String(Text),
}

/// The values that `Condition.abatement[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "abatement")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ConditionAbatement {
    DateTime(DateTime),
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Period(Box<Period>),
    Range(Box<Range>),
    String(Text),
}

/// Stage/grade, usually assessed formally.
#[derive(Default, Record)]
#[record(backbone = "Condition.stage")]
pub struct ConditionStage {
    /// Simple summary (disease specific).
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/condition-stage"))]
    pub summary: Option<CodeableConcept>,
    /// Formal record of assessment.
    #[record(targets(ClinicalImpression, DiagnosticReport, Observation))]
    pub assessment: Vec<Reference>,
    /// Kind of staging.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/condition-stage-type"))]
    pub type_: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Supporting evidence.
#[derive(Default, Record)]
#[record(backbone = "Condition.evidence")]
pub struct ConditionEvidence {
    /// Manifestation/symptom.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/manifestation-or-symptom"))]
    pub code: Vec<CodeableConcept>,
    /// Supporting information found elsewhere.
    #[record(summary)]
    pub detail: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
