//! ValueSet: FHIR R4 <https://hl7.org/fhir/R4/valueset.html>.

use super::prelude::*;

/// A set of codes drawn from one or more code systems, intended for use in a particular context.
#[derive(Default, Record)]
#[record(resource)]
pub struct ValueSet {
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
    /// Canonical identifier for this value set, represented as a URI (globally unique).
    #[record(class = Technical, summary)]
    pub url: Option<Uri>,
    /// Additional identifier for the value set (business identifier).
    #[record(class = Technical, summary)]
    pub identifier: Vec<Identifier>,
    /// Business version of the value set.
    #[record(class = Technical, summary)]
    pub version: Option<Text>,
    /// Name for this value set (computer friendly).
    #[record(class = Technical, summary)]
    pub name: Option<Text>,
    /// Name for this value set (human friendly).
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
    /// Natural language description of the value set.
    #[record(class = Technical)]
    pub description: Option<Markdown>,
    /// The context that the content is intended to support.
    #[record(class = Technical, summary)]
    pub use_context: Vec<UsageContext>,
    /// Intended jurisdiction for value set (if applicable).
    #[record(class = Technical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/jurisdiction"))]
    pub jurisdiction: Vec<CodeableConcept>,
    /// Indicates whether or not any change to the content logical definition may occur.
    #[record(class = Technical, summary)]
    pub immutable: Option<bool>,
    /// Why this value set is defined.
    #[record(class = Technical)]
    pub purpose: Option<Markdown>,
    /// Use and/or publishing restrictions.
    #[record(class = Technical)]
    pub copyright: Option<Markdown>,
    /// Content logical definition of the value set (CLD).
    #[record(class = Technical)]
    pub compose: Option<Box<ValueSetCompose>>,
    /// Used when the value set is "expanded".
    #[record(class = Technical)]
    pub expansion: Option<Box<ValueSetExpansion>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Content logical definition of the value set (CLD).
#[derive(Default, Record)]
#[record(backbone = "ValueSet.compose")]
pub struct ValueSetCompose {
    /// Fixed date for references with no specified version (transitive).
    #[record(summary)]
    pub locked_date: Option<Date>,
    /// Whether inactive codes are in the value set.
    #[record(summary)]
    pub inactive: Option<bool>,
    /// Include one or more codes from a code system or other value set(s).
    #[record(required, summary)]
    pub include: Vec<ValueSetComposeInclude>,
    /// Explicitly exclude codes from a code system or other value sets.
    pub exclude: Vec<ValueSetComposeInclude>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Include one or more codes from a code system or other value set(s).
#[derive(Default, Record)]
#[record(backbone = "ValueSet.compose.include")]
pub struct ValueSetComposeInclude {
    /// The system the codes come from.
    #[record(summary)]
    pub system: Option<Uri>,
    /// Specific version of the code system referred to.
    #[record(summary)]
    pub version: Option<Text>,
    /// A concept defined in the system.
    pub concept: Vec<ValueSetComposeIncludeConcept>,
    /// Select codes/concepts by their properties (including relationships).
    #[record(summary)]
    pub filter: Vec<ValueSetComposeIncludeFilter>,
    /// Select the contents included in this value set.
    #[record(summary, targets(ValueSet))]
    pub value_set: Vec<Canonical>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A concept defined in the system.
#[derive(Default, Record)]
#[record(backbone = "ValueSet.compose.include.concept")]
pub struct ValueSetComposeIncludeConcept {
    /// Code or expression from system.
    #[record(required)]
    pub code: Option<Code>,
    /// Text to display for this code for this value set in this valueset.
    pub display: Option<Text>,
    /// Additional representations for this concept.
    pub designation: Vec<ValueSetComposeIncludeConceptDesignation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Additional representations for this concept.
#[derive(Default, Record)]
#[record(backbone = "ValueSet.compose.include.concept.designation")]
pub struct ValueSetComposeIncludeConceptDesignation {
    /// Human language of the designation.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Types of uses of designations.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/designation-use"))]
    pub use_: Option<Coding>,
    /// The text value for this designation.
    #[record(required)]
    pub value: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Select codes/concepts by their properties (including relationships).
#[derive(Default, Record)]
#[record(backbone = "ValueSet.compose.include.filter")]
pub struct ValueSetComposeIncludeFilter {
    /// A property/filter defined by the code system.
    #[record(required, summary)]
    pub property: Option<Code>,
    /// = | is-a | descendent-of | is-not-a | regex | in | not-in | generalizes | exists.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/filter-operator"))]
    pub op: Option<Code<FilterOperator>>,
    /// Code from the system, or regex criteria, or boolean value for exists.
    #[record(required, summary)]
    pub value: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Used when the value set is "expanded".
#[derive(Default, Record)]
#[record(backbone = "ValueSet.expansion")]
pub struct ValueSetExpansion {
    /// Identifies the value set expansion (business identifier).
    pub identifier: Option<Uri>,
    /// Time ValueSet expansion happened.
    #[record(required)]
    pub timestamp: Option<DateTime>,
    /// Total number of codes in the expansion.
    pub total: Option<i32>,
    /// Offset at which this resource starts.
    pub offset: Option<i32>,
    /// Parameter that controlled the expansion process.
    pub parameter: Vec<ValueSetExpansionParameter>,
    /// Codes in the value set.
    pub contains: Vec<ValueSetExpansionContains>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Parameter that controlled the expansion process.
#[derive(Default, Record)]
#[record(backbone = "ValueSet.expansion.parameter")]
pub struct ValueSetExpansionParameter {
    /// Name as assigned by the client or server.
    #[record(required)]
    pub name: Option<Text>,
    /// Value of the named parameter.
    #[record(choice)]
    pub value: Option<ValueSetExpansionParameterValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ValueSet.expansion.parameter.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ValueSetExpansionParameterValue {
    String(Text),
    Boolean(bool),
    Integer(i32),
    Decimal(Decimal),
    Uri(Uri),
    Code(Code),
    DateTime(DateTime),
}

/// Codes in the value set.
#[derive(Default, Record)]
#[record(backbone = "ValueSet.expansion.contains")]
pub struct ValueSetExpansionContains {
    /// System value for the code.
    pub system: Option<Uri>,
    /// If user cannot select this entry.
    pub abstract_: Option<bool>,
    /// If concept is inactive in the code system.
    pub inactive: Option<bool>,
    /// Version in which this code/display is defined.
    pub version: Option<Text>,
    /// Code - if blank, this is not a selectable code.
    pub code: Option<Code>,
    /// User display for the concept.
    pub display: Option<Text>,
    /// Additional representations for this item.
    pub designation: Vec<ValueSetComposeIncludeConceptDesignation>,
    /// Codes contained under this entry.
    pub contains: Vec<ValueSetExpansionContains>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
