//! Questionnaire: FHIR R4 <https://hl7.org/fhir/R4/questionnaire.html>.

use super::prelude::*;

/// A structured set of questions intended to guide the collection of answers from end-users.
#[derive(Default, Record)]
#[record(resource)]
pub struct Questionnaire {
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
    /// Canonical identifier for this questionnaire, represented as a URI (globally unique).
    #[record(class = Technical, summary)]
    pub url: Option<Uri>,
    /// Additional identifier for the questionnaire.
    #[record(class = Technical, summary)]
    pub identifier: Vec<Identifier>,
    /// Business version of the questionnaire.
    #[record(class = Technical, summary)]
    pub version: Option<Text>,
    /// Name for this questionnaire (computer friendly).
    #[record(class = Technical, summary)]
    pub name: Option<Text>,
    /// Name for this questionnaire (human friendly).
    #[record(class = Technical, summary)]
    pub title: Option<Text>,
    /// Instantiates protocol or definition.
    #[record(class = Technical, targets(Questionnaire))]
    pub derived_from: Vec<Canonical>,
    /// draft | active | retired | unknown.
    #[record(
        required,
        class = Technical,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/publication-status")
    )]
    pub status: Option<Code<PublicationStatus>>,
    /// For testing purposes, not real usage.
    #[record(class = Technical, summary)]
    pub experimental: Option<bool>,
    /// Resource that can be subject of QuestionnaireResponse.
    #[record(class = Technical, summary, binding(required, "http://hl7.org/fhir/ValueSet/resource-types"))]
    pub subject_type: Vec<Code>,
    /// Date last changed.
    #[record(class = Technical, summary)]
    pub date: Option<DateTime>,
    /// Name of the publisher (organization or individual).
    #[record(class = Technical, summary)]
    pub publisher: Option<Text>,
    /// Contact details for the publisher.
    #[record(class = Technical, summary)]
    pub contact: Vec<ContactDetail>,
    /// Natural language description of the questionnaire.
    #[record(class = Technical)]
    pub description: Option<Markdown>,
    /// The context that the content is intended to support.
    #[record(class = Technical, summary)]
    pub use_context: Vec<UsageContext>,
    /// Intended jurisdiction for questionnaire (if applicable).
    #[record(class = Technical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/jurisdiction"))]
    pub jurisdiction: Vec<CodeableConcept>,
    /// Why this questionnaire is defined.
    #[record(class = Technical)]
    pub purpose: Option<Markdown>,
    /// Use and/or publishing restrictions.
    #[record(class = Technical)]
    pub copyright: Option<Markdown>,
    /// When the questionnaire was approved by publisher.
    #[record(class = Technical)]
    pub approval_date: Option<Date>,
    /// When the questionnaire was last reviewed.
    #[record(class = Technical)]
    pub last_review_date: Option<Date>,
    /// When the questionnaire is expected to be used.
    #[record(class = Technical, summary)]
    pub effective_period: Option<Period>,
    /// Concept that represents the overall questionnaire.
    #[record(class = Technical, summary, binding(example, "http://hl7.org/fhir/ValueSet/questionnaire-questions"))]
    pub code: Vec<Coding>,
    /// Questions and sections within the Questionnaire.
    #[record(class = Technical)]
    pub item: Vec<QuestionnaireItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Questions and sections within the Questionnaire.
#[derive(Default, Record)]
#[record(backbone = "Questionnaire.item")]
pub struct QuestionnaireItem {
    /// Unique id for item in questionnaire.
    #[record(required)]
    pub link_id: Option<Text>,
    /// ElementDefinition - details for the item.
    pub definition: Option<Uri>,
    /// Corresponding concept for this item in a terminology.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/questionnaire-questions"))]
    pub code: Vec<Coding>,
    /// Label before the question, such as "1(a)" or "2.5.3".
    pub prefix: Option<Text>,
    /// Primary text for the item.
    pub text: Option<Text>,
    /// group | display | boolean | decimal | integer | date | dateTime +.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/item-type"))]
    pub type_: Option<Code<QuestionnaireItemType>>,
    /// Conditions under which the item is enabled.
    #[record(modifier)]
    pub enable_when: Vec<QuestionnaireItemEnableWhen>,
    /// all | any.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/questionnaire-enable-behavior"))]
    pub enable_behavior: Option<Code<EnableWhenBehavior>>,
    /// Whether the item must be included in data results.
    pub required: Option<bool>,
    /// Whether the item may repeat.
    pub repeats: Option<bool>,
    /// Don't allow human editing.
    pub read_only: Option<bool>,
    /// No more than this many characters.
    pub max_length: Option<i32>,
    /// Valueset containing permitted answers.
    #[record(targets(ValueSet))]
    pub answer_value_set: Option<Canonical>,
    /// Permitted answer.
    pub answer_option: Vec<QuestionnaireItemAnswerOption>,
    /// Initial value(s) when item is first rendered.
    pub initial: Vec<QuestionnaireItemInitial>,
    /// Nested questionnaire items.
    pub item: Vec<QuestionnaireItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A condition under which an item is enabled.
#[derive(Default, Record)]
#[record(backbone = "Questionnaire.item.enableWhen")]
pub struct QuestionnaireItemEnableWhen {
    /// Question that determines whether item is enabled.
    #[record(required)]
    pub question: Option<Text>,
    /// exists | = | != | > | < | >= | <=.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/questionnaire-enable-operator"))]
    pub operator: Option<Code<QuestionnaireItemOperator>>,
    /// Value for question comparison based on operator.
    #[record(required, choice, binding(example, "http://hl7.org/fhir/ValueSet/questionnaire-answers"))]
    pub answer: Option<QuestionnaireItemEnableWhenAnswer>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Questionnaire.item.enableWhen.answer[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "answer")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum QuestionnaireItemEnableWhenAnswer {
    Boolean(bool),
    Decimal(Decimal),
    Integer(i32),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    String(Text),
    Coding(Box<Coding>),
    Quantity(Box<Quantity>),
    Reference(Box<Reference>),
}

/// Permitted answer.
#[derive(Default, Record)]
#[record(backbone = "Questionnaire.item.answerOption")]
pub struct QuestionnaireItemAnswerOption {
    /// Answer value.
    #[record(required, choice, binding(example, "http://hl7.org/fhir/ValueSet/questionnaire-answers"))]
    pub value: Option<QuestionnaireItemAnswerOptionValue>,
    /// Whether option is selected by default.
    pub initial_selected: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Questionnaire.item.answerOption.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum QuestionnaireItemAnswerOptionValue {
    Integer(i32),
    Date(Date),
    Time(Time),
    String(Text),
    Coding(Box<Coding>),
    Reference(Box<Reference>),
}

/// Initial value(s) when item is first rendered.
#[derive(Default, Record)]
#[record(backbone = "Questionnaire.item.initial")]
pub struct QuestionnaireItemInitial {
    /// Actual value for initializing the question.
    #[record(required, choice, binding(example, "http://hl7.org/fhir/ValueSet/questionnaire-answers"))]
    pub value: Option<QuestionnaireItemInitialValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Questionnaire.item.initial.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum QuestionnaireItemInitialValue {
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
