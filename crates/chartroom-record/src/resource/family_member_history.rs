//! FamilyMemberHistory: FHIR R4 <https://hl7.org/fhir/R4/familymemberhistory.html>.

use super::prelude::*;

/// Significant health conditions for a person related to the patient relevant in the context of care for the patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct FamilyMemberHistory {
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
    /// External Id(s) for this record.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Instantiates FHIR protocol or definition.
    #[record(
        class = Technical,
        summary,
        targets(PlanDefinition, Questionnaire, ActivityDefinition, Measure, OperationDefinition)
    )]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Vec<Uri>,
    /// partial | completed | entered-in-error | health-unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/history-status")
    )]
    pub status: Option<Code<FamilyHistoryStatus>>,
    /// subject-unknown | withheld | unable-to-obtain | deferred.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/history-absent-reason"))]
    pub data_absent_reason: Option<CodeableConcept>,
    /// Patient history is about.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// When history was recorded or last updated.
    #[record(class = ServiceDate, summary)]
    pub date: Option<DateTime>,
    /// The family member described.
    #[record(class = Name, summary)]
    pub name: Option<Text>,
    /// Relationship to the subject.
    #[record(
        required,
        class = Relation,
        summary,
        binding(example, "http://terminology.hl7.org/ValueSet/v3-FamilyMember")
    )]
    pub relationship: Option<CodeableConcept>,
    /// male | female | other | unknown.
    #[record(class = Demographic, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/administrative-gender"))]
    pub sex: Option<CodeableConcept>,
    /// (approximate) date of birth.
    #[record(choice, class = BirthDate)]
    pub born: Option<FamilyMemberHistoryBorn>,
    /// Approximate age.
    #[record(choice, class = BirthDate, summary)]
    pub age: Option<FamilyMemberHistoryAge>,
    /// Whether the age is estimated.
    #[record(class = BirthDate, summary)]
    pub estimated_age: Option<bool>,
    /// Whether, when or at what age the relative died.
    #[record(choice, class = BirthDate, summary)]
    pub deceased: Option<FamilyMemberHistoryDeceased>,
    /// Why was family member history performed?
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Why was family member history performed?
    #[record(
        class = Clinical,
        summary,
        targets(Condition, Observation, AllergyIntolerance, QuestionnaireResponse, DiagnosticReport, DocumentReference)
    )]
    pub reason_reference: Vec<Reference>,
    /// General note about related person.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Condition that the related person had.
    #[record(class = Clinical)]
    pub condition: Vec<FamilyMemberHistoryCondition>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `FamilyMemberHistory.born[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "born")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum FamilyMemberHistoryBorn {
    Period(Box<Period>),
    Date(Date),
    String(Text),
}

/// The values that `FamilyMemberHistory.age[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "age")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum FamilyMemberHistoryAge {
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Range(Box<Range>),
    String(Text),
}

/// The values that `FamilyMemberHistory.deceased[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "deceased")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum FamilyMemberHistoryDeceased {
    Boolean(bool),
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Range(Box<Range>),
    Date(Date),
    String(Text),
}

/// Condition that the related person had.
#[derive(Default, Record)]
#[record(backbone = "FamilyMemberHistory.condition")]
pub struct FamilyMemberHistoryCondition {
    /// Condition suffered by relation.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/condition-code"))]
    pub code: Option<CodeableConcept>,
    /// deceased | permanent disability | etc.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/condition-outcome"))]
    pub outcome: Option<CodeableConcept>,
    /// Whether the condition contributed to the cause of death.
    pub contributed_to_death: Option<bool>,
    /// When condition first manifested.
    #[record(choice, class = BirthDate)]
    pub onset: Option<FamilyMemberHistoryConditionOnset>,
    /// Extra information about condition.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `FamilyMemberHistory.condition.onset[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "onset")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum FamilyMemberHistoryConditionOnset {
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Range(Box<Range>),
    Period(Box<Period>),
    String(Text),
}
