//! Goal: FHIR R4 <https://hl7.org/fhir/R4/goal.html>.

use super::prelude::*;

/// Describes the intended objective(s) for a patient, group or organization care, for example, weight loss, restoring
/// an activity of daily living, obtaining herd immunity via immunization, meeting a process improvement objective, etc.
#[derive(Default, Record)]
#[record(resource)]
pub struct Goal {
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
    /// External Ids for this goal.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// proposed | planned | accepted | active | on-hold | completed | cancelled | entered-in-error | rejected.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/goal-status")
    )]
    pub lifecycle_status: Option<Code<GoalLifecycleStatus>>,
    /// in-progress | improving | worsening | no-change | achieved | sustaining | not-achieved | no-progress |
    /// not-attainable.
    #[record(class = Clinical, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/goal-achievement"))]
    pub achievement_status: Option<CodeableConcept>,
    /// E.g. Treatment, dietary, behavioral, etc.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/goal-category"))]
    pub category: Vec<CodeableConcept>,
    /// high-priority | medium-priority | low-priority.
    #[record(class = Administrative, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/goal-priority"))]
    pub priority: Option<CodeableConcept>,
    /// Code or text describing goal.
    #[record(required, class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub description: Option<CodeableConcept>,
    /// Who this goal is intended for.
    #[record(required, class = Relation, summary, targets(Patient, Group, Organization))]
    pub subject: Option<Reference>,
    /// When goal pursuit begins.
    #[record(choice, class = ServiceDate, summary, binding(example, "http://hl7.org/fhir/ValueSet/goal-start-event"))]
    pub start: Option<GoalStart>,
    /// Target outcome for the goal.
    #[record(class = Clinical)]
    pub target: Vec<GoalTarget>,
    /// When goal status took effect.
    #[record(class = ServiceDate, summary)]
    pub status_date: Option<Date>,
    /// Reason for current status.
    #[record(class = Narrative)]
    pub status_reason: Option<Text>,
    /// Who's responsible for creating Goal?
    #[record(class = Participant, summary, targets(Patient, Practitioner, PractitionerRole, RelatedPerson))]
    pub expressed_by: Option<Reference>,
    /// Issues addressed by this goal.
    #[record(
        class = Clinical,
        targets(Condition, Observation, MedicationStatement, NutritionOrder, ServiceRequest, RiskAssessment)
    )]
    pub addresses: Vec<Reference>,
    /// Comments about the goal.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// What result was achieved regarding the goal?
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub outcome_code: Vec<CodeableConcept>,
    /// Observation that resulted from goal.
    #[record(class = Relation, targets(Observation))]
    pub outcome_reference: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Goal.start[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "start")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum GoalStart {
    Date(Date),
    CodeableConcept(Box<CodeableConcept>),
}

/// Target outcome for the goal.
#[derive(Default, Record)]
#[record(backbone = "Goal.target")]
pub struct GoalTarget {
    /// The parameter whose value is being tracked.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/observation-codes"))]
    pub measure: Option<CodeableConcept>,
    /// The target value to be achieved.
    #[record(choice, summary)]
    pub detail: Option<GoalTargetDetail>,
    /// Reach goal on or before.
    #[record(choice, class = ServiceDate, summary)]
    pub due: Option<GoalTargetDue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Goal.target.detail[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "detail")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum GoalTargetDetail {
    Quantity(Box<Quantity>),
    Range(Box<Range>),
    CodeableConcept(Box<CodeableConcept>),
    String(Text),
    Boolean(bool),
    Integer(i32),
    Ratio(Box<Ratio>),
}

/// The values that `Goal.target.due[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "due")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum GoalTargetDue {
    Date(Date),
    #[record(of = "Duration")]
    Duration(Box<Quantity>),
}
