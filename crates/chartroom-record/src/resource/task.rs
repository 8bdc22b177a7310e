//! Task: FHIR R4 <https://hl7.org/fhir/R4/task.html>.

use super::prelude::*;

/// A task to be performed.
#[derive(Default, Record)]
#[record(resource)]
pub struct Task {
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
    /// Task Instance Identifier.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// Formal definition of task.
    #[record(class = Technical, summary, targets(ActivityDefinition))]
    pub instantiates_canonical: Option<Canonical>,
    /// Formal definition of task.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Option<Uri>,
    /// Request fulfilled by this task.
    #[record(class = Relation, summary)]
    pub based_on: Vec<Reference>,
    /// Requisition or grouper id.
    #[record(class = Identifier, summary)]
    pub group_identifier: Option<Box<Identifier>>,
    /// Composite task.
    #[record(class = Relation, summary, targets(Task))]
    pub part_of: Vec<Reference>,
    /// draft | requested | received | accepted | +.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/task-status")
    )]
    pub status: Option<Code<TaskStatus>>,
    /// Reason for current status.
    #[record(class = Clinical, summary)]
    pub status_reason: Option<CodeableConcept>,
    /// E.g. "Specimen collected", "IV prepped".
    #[record(class = Administrative, summary)]
    pub business_status: Option<CodeableConcept>,
    /// unknown | proposal | plan | order | original-order | reflex-order | filler-order | instance-order | option.
    #[record(required, class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/task-intent"))]
    pub intent: Option<Code<TaskIntent>>,
    /// routine | urgent | asap | stat.
    #[record(class = Administrative, binding(required, "http://hl7.org/fhir/ValueSet/request-priority"))]
    pub priority: Option<Code<RequestPriority>>,
    /// Task Type.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/task-code"))]
    pub code: Option<CodeableConcept>,
    /// Human-readable explanation of task.
    #[record(class = Narrative, summary)]
    pub description: Option<Text>,
    /// What task is acting on.
    #[record(class = Relation, summary)]
    pub focus: Option<Reference>,
    /// Beneficiary of the Task.
    #[record(class = Relation, summary)]
    pub for_: Option<Reference>,
    /// Healthcare event during which this task originated.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Start and end time of execution.
    #[record(class = ServiceDate, summary)]
    pub execution_period: Option<Period>,
    /// Task Creation Date.
    #[record(class = ServiceDate)]
    pub authored_on: Option<DateTime>,
    /// Task Last Modified Date.
    #[record(class = ServiceDate, summary)]
    pub last_modified: Option<DateTime>,
    /// Who is asking for task to be done.
    #[record(
        class = Participant,
        summary,
        targets(Device, Organization, Patient, Practitioner, PractitionerRole, RelatedPerson)
    )]
    pub requester: Option<Reference>,
    /// Requested performer.
    #[record(class = Participant, binding(preferred, "http://hl7.org/fhir/ValueSet/performer-role"))]
    pub performer_type: Vec<CodeableConcept>,
    /// Responsible individual.
    #[record(
        class = Participant,
        summary,
        targets(
            Practitioner,
            PractitionerRole,
            Organization,
            CareTeam,
            HealthcareService,
            Patient,
            Device,
            RelatedPerson
        )
    )]
    pub owner: Option<Reference>,
    /// Where task occurs.
    #[record(class = Participant, summary, targets(Location))]
    pub location: Option<Reference>,
    /// Why task is needed.
    #[record(class = Clinical)]
    pub reason_code: Option<CodeableConcept>,
    /// Why task is needed.
    #[record(class = Clinical)]
    pub reason_reference: Option<Reference>,
    /// Associated insurance coverage.
    #[record(class = Financial, targets(Coverage, ClaimResponse))]
    pub insurance: Vec<Reference>,
    /// Comments made about the task.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Key events in history of the Task.
    #[record(class = Relation, targets(Provenance))]
    pub relevant_history: Vec<Reference>,
    /// Constraints on fulfillment tasks.
    #[record(class = Administrative)]
    pub restriction: Option<Box<TaskRestriction>>,
    /// Information used to perform task.
    #[record(class = Clinical)]
    pub input: Vec<TaskInput>,
    /// Information produced as part of task.
    #[record(class = Clinical)]
    pub output: Vec<TaskOutput>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Constraints on fulfillment tasks.
#[derive(Default, Record)]
#[record(backbone = "Task.restriction")]
pub struct TaskRestriction {
    /// How many times to repeat.
    pub repetitions: Option<NonZeroU32>,
    /// When fulfillment sought.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// For whom is fulfillment sought?
    #[record(class = Participant, targets(Patient, Practitioner, PractitionerRole, RelatedPerson, Group, Organization))]
    pub recipient: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Information used to perform task.
#[derive(Default, Record)]
#[record(backbone = "Task.input")]
pub struct TaskInput {
    /// Label for the input.
    #[record(required)]
    pub type_: Option<CodeableConcept>,
    /// Content to use in performing the task.
    #[record(required, choice)]
    pub value: Option<TaskInputValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Task.input.value[x]` may take: any type, like that of an extension.
pub type TaskInputValue = ExtensionValue;

/// Information produced as part of task.
#[derive(Default, Record)]
#[record(backbone = "Task.output")]
pub struct TaskOutput {
    /// Label for output.
    #[record(required)]
    pub type_: Option<CodeableConcept>,
    /// Result of output.
    #[record(required, choice)]
    pub value: Option<TaskOutputValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Task.output.value[x]` may take: any type, like that of an extension.
pub type TaskOutputValue = ExtensionValue;
