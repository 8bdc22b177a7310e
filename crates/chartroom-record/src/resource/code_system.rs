//! CodeSystem: FHIR R4 <https://hl7.org/fhir/R4/codesystem.html>.

use super::prelude::*;

/// A code system or code system supplement: its key properties and, optionally, its content.
#[derive(Default, Record)]
#[record(resource)]
pub struct CodeSystem {
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
    /// Canonical identifier for this code system, represented as a URI (globally unique) (Coding.system).
    #[record(class = Technical, summary)]
    pub url: Option<Uri>,
    /// Additional identifier for the code system (business identifier).
    #[record(class = Technical, summary)]
    pub identifier: Vec<Identifier>,
    /// Business version of the code system (Coding.version).
    #[record(class = Technical, summary)]
    pub version: Option<Text>,
    /// Name for this code system (computer friendly).
    #[record(class = Technical, summary)]
    pub name: Option<Text>,
    /// Name for this code system (human friendly).
    #[record(class = Technical, summary)]
    pub title: Option<Text>,
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
    /// Date last changed.
    #[record(class = Technical, summary)]
    pub date: Option<DateTime>,
    /// Name of the publisher (organization or individual).
    #[record(class = Technical, summary)]
    pub publisher: Option<Text>,
    /// Contact details for the publisher.
    #[record(class = Technical, summary)]
    pub contact: Vec<ContactDetail>,
    /// Natural language description of the code system.
    #[record(class = Technical)]
    pub description: Option<Markdown>,
    /// The context that the content is intended to support.
    #[record(class = Technical, summary)]
    pub use_context: Vec<UsageContext>,
    /// Intended jurisdiction for code system (if applicable).
    #[record(class = Technical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/jurisdiction"))]
    pub jurisdiction: Vec<CodeableConcept>,
    /// Why this code system is defined.
    #[record(class = Technical)]
    pub purpose: Option<Markdown>,
    /// Use and/or publishing restrictions.
    #[record(class = Technical)]
    pub copyright: Option<Markdown>,
    /// If code comparison is case sensitive.
    #[record(class = Technical, summary)]
    pub case_sensitive: Option<bool>,
    /// Canonical reference to the value set with entire code system.
    #[record(class = Technical, summary, targets(ValueSet))]
    pub value_set: Option<Canonical>,
    /// grouped-by | is-a | part-of | classified-with.
    #[record(
        class = Technical,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/codesystem-hierarchy-meaning")
    )]
    pub hierarchy_meaning: Option<Code<CodeSystemHierarchyMeaning>>,
    /// If code system defines a compositional grammar.
    #[record(class = Technical, summary)]
    pub compositional: Option<bool>,
    /// If definitions are not stable.
    #[record(class = Technical, summary)]
    pub version_needed: Option<bool>,
    /// not-present | example | fragment | complete | supplement.
    #[record(
        required,
        class = Technical,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/codesystem-content-mode")
    )]
    pub content: Option<Code<CodeSystemContentMode>>,
    /// Canonical URL of Code System this adds designations and properties to.
    #[record(class = Technical, summary, targets(CodeSystem))]
    pub supplements: Option<Canonical>,
    /// Total concepts in the code system.
    #[record(class = Technical, summary)]
    pub count: Option<u32>,
    /// Filter that can be used in a value set.
    #[record(class = Technical, summary)]
    pub filter: Vec<CodeSystemFilter>,
    /// Additional information supplied about each concept.
    #[record(class = Technical, summary)]
    pub property: Vec<CodeSystemProperty>,
    /// Concepts in the code system.
    #[record(class = Technical)]
    pub concept: Vec<CodeSystemConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Filter that can be used in a value set.
#[derive(Default, Record)]
#[record(backbone = "CodeSystem.filter")]
pub struct CodeSystemFilter {
    /// Code that identifies the filter.
    #[record(required, summary)]
    pub code: Option<Code>,
    /// How or why the filter is used.
    #[record(summary)]
    pub description: Option<Text>,
    /// = | is-a | descendent-of | is-not-a | regex | in | not-in | generalizes | exists.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/filter-operator"))]
    pub operator: Vec<Code<FilterOperator>>,
    /// What to use for the value.
    #[record(required, summary)]
    pub value: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Additional information supplied about each concept.
#[derive(Default, Record)]
#[record(backbone = "CodeSystem.property")]
pub struct CodeSystemProperty {
    /// Identifies the property on the concepts, and when referred to in operations.
    #[record(required, summary)]
    pub code: Option<Code>,
    /// Formal identifier for the property.
    #[record(summary)]
    pub uri: Option<Uri>,
    /// Why the property is defined, and/or what it conveys.
    #[record(summary)]
    pub description: Option<Text>,
    /// code | Coding | string | integer | boolean | dateTime | decimal.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/concept-property-type"))]
    pub type_: Option<Code<ConceptPropertyType>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Concepts in the code system.
#[derive(Default, Record)]
#[record(backbone = "CodeSystem.concept")]
pub struct CodeSystemConcept {
    /// Code that identifies concept.
    #[record(required)]
    pub code: Option<Code>,
    /// Text to display to the user.
    pub display: Option<Text>,
    /// Formal definition.
    pub definition: Option<Text>,
    /// Additional representations for the concept.
    pub designation: Vec<CodeSystemConceptDesignation>,
    /// Property value for the concept.
    pub property: Vec<CodeSystemConceptProperty>,
    /// Child Concepts (is-a/contains/categorizes).
    pub concept: Vec<CodeSystemConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Additional representations for the concept.
#[derive(Default, Record)]
#[record(backbone = "CodeSystem.concept.designation")]
pub struct CodeSystemConceptDesignation {
    /// Human language of the designation.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Details how this designation would be used.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/designation-use"))]
    pub use_: Option<Coding>,
    /// The text value for this designation.
    #[record(required)]
    pub value: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Property value for the concept.
#[derive(Default, Record)]
#[record(backbone = "CodeSystem.concept.property")]
pub struct CodeSystemConceptProperty {
    /// Reference to CodeSystem.property.code.
    #[record(required)]
    pub code: Option<Code>,
    /// Value of the property for this concept.
    #[record(required, choice)]
    pub value: Option<CodeSystemConceptPropertyValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `CodeSystem.concept.property.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CodeSystemConceptPropertyValue {
    Code(Code),
    Coding(Box<Coding>),
    String(Text),
    Integer(i32),
    Boolean(bool),
    DateTime(DateTime),
    Decimal(Decimal),
}
