//! Parameters: FHIR R4 <https://hl7.org/fhir/R4/parameters.html>.

use super::prelude::*;

/// Information passed into and back from an operation; it is never stored by itself.
#[derive(Default, Record)]
#[record(resource)]
pub struct Parameters {
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
    /// Operation Parameter.
    #[record(class = Technical, summary)]
    pub parameter: Vec<ParametersParameter>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Operation Parameter.
#[derive(Default, Record)]
#[record(backbone = "Parameters.parameter")]
pub struct ParametersParameter {
    /// Name from the definition.
    #[record(required, summary)]
    pub name: Option<Text>,
    /// If parameter is a data type.
    #[record(choice, class = Unclassified, summary)]
    pub value: Option<ParametersParameterValue>,
    /// If parameter is a whole resource.
    #[record(summary)]
    pub resource: Option<Box<Resource>>,
    /// Named part of a multi-part parameter.
    #[record(summary)]
    pub part: Vec<ParametersParameter>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Parameters.parameter.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ParametersParameterValue {
    Base64Binary(Base64),
    Boolean(bool),
    Canonical(Canonical),
    Code(Code),
    Date(Date),
    DateTime(DateTime),
    Decimal(Decimal),
    Id(Id),
    Instant(Instant),
    Integer(i32),
    Markdown(Markdown),
    Oid(Oid),
    PositiveInt(NonZeroU32),
    String(Text),
    Time(Time),
    UnsignedInt(u32),
    Uri(Uri),
    Url(Url),
    Uuid(Uuid),
    Address(Box<Address>),
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Annotation(Box<Annotation>),
    Attachment(Box<Attachment>),
    CodeableConcept(Box<CodeableConcept>),
    Coding(Box<Coding>),
    ContactPoint(Box<ContactPoint>),
    #[record(of = "Count")]
    Count(Box<Quantity>),
    #[record(of = "Distance")]
    Distance(Box<Quantity>),
    #[record(of = "Duration")]
    Duration(Box<Quantity>),
    HumanName(Box<HumanName>),
    Identifier(Box<Identifier>),
    Money(Box<Money>),
    Period(Box<Period>),
    Quantity(Box<Quantity>),
    Range(Box<Range>),
    Ratio(Box<Ratio>),
    Reference(Box<Reference>),
    SampledData(Box<SampledData>),
    Signature(Box<Signature>),
    Timing(Box<Timing>),
    ContactDetail(Box<ContactDetail>),
    Contributor(Box<Contributor>),
    DataRequirement(Box<DataRequirement>),
    Expression(Box<Expression>),
    ParameterDefinition(Box<ParameterDefinition>),
    RelatedArtifact(Box<RelatedArtifact>),
    TriggerDefinition(Box<TriggerDefinition>),
    UsageContext(Box<UsageContext>),
    Dosage(Box<Dosage>),
    Meta(Box<Meta>),
}
