//! QuestionnaireResponse: FHIR R4 <https://hl7.org/fhir/R4/questionnaireresponse.html>.

use super::prelude::*;

/// A structured set of questions and their answers.
#[derive(Default, Record)]
#[record(resource)]
pub struct QuestionnaireResponse {
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
    /// Unique id for this set of answers.
    #[record(class = Identifier, summary)]
    pub identifier: Option<Box<Identifier>>,
    /// Request fulfilled by this QuestionnaireResponse.
    #[record(class = Relation, summary, targets(CarePlan, ServiceRequest))]
    pub based_on: Vec<Reference>,
    /// Part of this action.
    #[record(class = Relation, summary, targets(Observation, Procedure))]
    pub part_of: Vec<Reference>,
    /// Form being answered.
    #[record(class = Clinical, summary, targets(Questionnaire))]
    pub questionnaire: Option<Canonical>,
    /// in-progress | completed | amended | entered-in-error | stopped.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/questionnaire-answers-status")
    )]
    pub status: Option<Code<QuestionnaireResponseStatus>>,
    /// The subject of the questions.
    #[record(class = Relation, summary)]
    pub subject: Option<Reference>,
    /// Encounter created as part of.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Date the answers were gathered.
    #[record(class = ServiceDate, summary)]
    pub authored: Option<DateTime>,
    /// Person who received and recorded the answers.
    #[record(
        class = Participant,
        summary,
        targets(Device, Practitioner, PractitionerRole, Patient, RelatedPerson, Organization)
    )]
    pub author: Option<Reference>,
    /// The person who answered the questions.
    #[record(class = Participant, summary, targets(Patient, Practitioner, PractitionerRole, RelatedPerson))]
    pub source: Option<Reference>,
    /// Groups and questions.
    #[record(class = Clinical)]
    pub item: Vec<QuestionnaireResponseItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Groups and questions.
#[derive(Default, Record)]
#[record(backbone = "QuestionnaireResponse.item")]
pub struct QuestionnaireResponseItem {
    /// Pointer to specific item from Questionnaire.
    #[record(required)]
    pub link_id: Option<Text>,
    /// ElementDefinition - details for the item.
    pub definition: Option<Uri>,
    /// Name for group or question text.
    pub text: Option<Text>,
    /// The response(s) to the question.
    pub answer: Vec<QuestionnaireResponseItemAnswer>,
    /// Nested questionnaire response items.
    pub item: Vec<QuestionnaireResponseItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The response(s) to the question.
#[derive(Default, Record)]
#[record(backbone = "QuestionnaireResponse.item.answer")]
pub struct QuestionnaireResponseItemAnswer {
    /// Single-valued answer to the question.
    #[record(choice, binding(example, "http://hl7.org/fhir/ValueSet/questionnaire-answers"))]
    pub value: Option<QuestionnaireResponseItemAnswerValue>,
    /// Nested groups and questions.
    pub item: Vec<QuestionnaireResponseItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `QuestionnaireResponse.item.answer.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum QuestionnaireResponseItemAnswerValue {
    Boolean(bool),
    Decimal(Decimal),
    Integer(i32),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    String(Text),
    Uri(Uri),
    Attachment(Box<Attachment>),
    Coding(Box<Coding>),
    Quantity(Box<Quantity>),
    Reference(Box<Reference>),
}
