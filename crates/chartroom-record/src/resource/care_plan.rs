//! CarePlan: FHIR R4 <https://hl7.org/fhir/R4/careplan.html>.

use super::prelude::*;

/// Describes the intention of how one or more practitioners intend to deliver care for a particular patient, group or
/// community for a period of time, possibly limited to care for a specific condition or set of conditions.
#[derive(Default, Record)]
#[record(resource)]
pub struct CarePlan {
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
    /// External Ids for this plan.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Instantiates FHIR protocol or definition.
    #[record(
        class = Technical,
        summary,
        targets(PlanDefinition, Questionnaire, Measure, ActivityDefinition, OperationDefinition)
    )]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Vec<Uri>,
    /// Fulfills CarePlan.
    #[record(class = Relation, summary, targets(CarePlan))]
    pub based_on: Vec<Reference>,
    /// CarePlan replaced by this CarePlan.
    #[record(class = Relation, summary, targets(CarePlan))]
    pub replaces: Vec<Reference>,
    /// Part of referenced CarePlan.
    #[record(class = Relation, summary, targets(CarePlan))]
    pub part_of: Vec<Reference>,
    /// draft | active | on-hold | revoked | completed | entered-in-error | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/request-status")
    )]
    pub status: Option<Code<RequestStatus>>,
    /// proposal | plan | order | option.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/care-plan-intent")
    )]
    pub intent: Option<Code<CarePlanIntent>>,
    /// Type of plan.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/care-plan-category"))]
    pub category: Vec<CodeableConcept>,
    /// Human-friendly name for the care plan.
    #[record(class = Narrative, summary)]
    pub title: Option<Text>,
    /// Summary of nature of plan.
    #[record(class = Narrative, summary)]
    pub description: Option<Text>,
    /// Who the care plan is for.
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter created as part of.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Time period plan covers.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Date record was first recorded.
    #[record(class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Who is the designated responsible party.
    #[record(
        class = Participant,
        summary,
        targets(Patient, Practitioner, PractitionerRole, Device, RelatedPerson, Organization, CareTeam)
    )]
    pub author: Option<Reference>,
    /// Who provided the content of the care plan.
    #[record(
        class = Participant,
        targets(Patient, Practitioner, PractitionerRole, Device, RelatedPerson, Organization, CareTeam)
    )]
    pub contributor: Vec<Reference>,
    /// Who's involved in plan?
    #[record(class = Participant, targets(CareTeam))]
    pub care_team: Vec<Reference>,
    /// Health issues this plan addresses.
    #[record(class = Clinical, summary, targets(Condition))]
    pub addresses: Vec<Reference>,
    /// Information considered as part of plan.
    #[record(class = Relation)]
    pub supporting_info: Vec<Reference>,
    /// Desired outcome of plan.
    #[record(class = Relation, targets(Goal))]
    pub goal: Vec<Reference>,
    /// Action to occur as part of plan.
    #[record(class = Clinical)]
    pub activity: Vec<CarePlanActivity>,
    /// Comments about the plan.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Action to occur as part of plan.
#[derive(Default, Record)]
#[record(backbone = "CarePlan.activity")]
pub struct CarePlanActivity {
    /// Results of the activity.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/care-plan-activity-outcome"))]
    pub outcome_codeable_concept: Vec<CodeableConcept>,
    /// Appointment, Encounter, Procedure, etc.
    #[record(class = Relation)]
    pub outcome_reference: Vec<Reference>,
    /// Comments about the activity status/progress.
    #[record(class = Narrative)]
    pub progress: Vec<Annotation>,
    /// Activity details defined in specific resource.
    #[record(
        class = Relation,
        targets(
            Appointment,
            CommunicationRequest,
            DeviceRequest,
            MedicationRequest,
            NutritionOrder,
            Task,
            ServiceRequest,
            VisionPrescription,
            RequestGroup
        )
    )]
    pub reference: Option<Reference>,
    /// In-line definition of activity.
    pub detail: Option<Box<CarePlanActivityDetail>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// In-line definition of activity.
#[derive(Default, Record)]
#[record(backbone = "CarePlan.activity.detail")]
pub struct CarePlanActivityDetail {
    /// Appointment | CommunicationRequest | DeviceRequest | MedicationRequest | NutritionOrder | Task |
    /// ServiceRequest | VisionPrescription.
    #[record(class = Administrative, binding(required, "http://hl7.org/fhir/ValueSet/care-plan-activity-kind"))]
    pub kind: Option<Code<CarePlanActivityKind>>,
    /// Instantiates FHIR protocol or definition.
    #[record(
        class = Technical,
        targets(PlanDefinition, ActivityDefinition, Questionnaire, Measure, OperationDefinition)
    )]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical)]
    pub instantiates_uri: Vec<Uri>,
    /// Detail type of activity.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/procedure-code"))]
    pub code: Option<CodeableConcept>,
    /// Why activity should be done or why activity was prohibited.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Why activity is needed.
    #[record(targets(Condition, Observation, DiagnosticReport, DocumentReference))]
    pub reason_reference: Vec<Reference>,
    /// Goals this activity relates to.
    #[record(class = Relation, targets(Goal))]
    pub goal: Vec<Reference>,
    /// not-started | scheduled | in-progress | on-hold | completed | cancelled | stopped | unknown | entered-in-error.
    #[record(
        required,
        class = Administrative,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/care-plan-activity-status")
    )]
    pub status: Option<Code<CarePlanActivityStatus>>,
    /// Reason for current status.
    pub status_reason: Option<CodeableConcept>,
    /// If true, activity is prohibiting action.
    #[record(modifier)]
    pub do_not_perform: Option<bool>,
    /// When activity is to occur.
    #[record(choice, class = ServiceDate)]
    pub scheduled: Option<CarePlanActivityDetailScheduled>,
    /// Where it should happen.
    #[record(class = Participant, targets(Location))]
    pub location: Option<Reference>,
    /// Who will be responsible?
    #[record(
        class = Participant,
        targets(
            Practitioner,
            PractitionerRole,
            Organization,
            RelatedPerson,
            Patient,
            CareTeam,
            HealthcareService,
            Device
        )
    )]
    pub performer: Vec<Reference>,
    /// What is to be administered/supplied.
    #[record(choice, binding(example, "http://hl7.org/fhir/ValueSet/medication-codes"))]
    pub product: Option<CarePlanActivityDetailProduct>,
    /// How much to consume in a day.
    #[record(of = "SimpleQuantity")]
    pub daily_amount: Option<Quantity>,
    /// How much to administer/supply/consume.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Extra info describing activity to perform.
    #[record(class = Narrative)]
    pub description: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `CarePlan.activity.detail.scheduled[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "scheduled")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CarePlanActivityDetailScheduled {
    Timing(Box<Timing>),
    Period(Box<Period>),
    String(Text),
}

/// The values that `CarePlan.activity.detail.product[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "product")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CarePlanActivityDetailProduct {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Medication, Substance))]
    Reference(Box<Reference>),
}
