//! Extension: FHIR R4 <https://hl7.org/fhir/R4/extensibility.html#Extension>.

use super::prelude::*;

/// Optional Extension Element - found in all resources.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Extension {
    /// Identifies the meaning of the extension.
    #[record(required)]
    pub url: Option<Uri>,
    /// Value of extension.
    #[record(choice)]
    pub value: Option<ExtensionValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Extension.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExtensionValue {
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

/// The value of an extension is of another type than the wanted one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the extension has a value of another type")]
pub struct OtherType;

/// Gives each type back from the variants that hold it.
macro_rules! held {
    ($($type:ty: $($variant:ident)|+;)+) => {$(
        impl<'a> TryFrom<&'a ExtensionValue> for &'a $type {
            type Error = OtherType;

            fn try_from(value: &'a ExtensionValue) -> Result<Self, OtherType> {
                match value {
                    $(ExtensionValue::$variant(value) => Ok(value),)+
                    _ => Err(OtherType),
                }
            }
        }
    )+};
}

held! {
    Base64: Base64Binary;
    bool: Boolean;
    Canonical: Canonical;
    Code: Code;
    Date: Date;
    DateTime: DateTime;
    Decimal: Decimal;
    Id: Id;
    Instant: Instant;
    i32: Integer;
    Markdown: Markdown;
    Oid: Oid;
    NonZeroU32: PositiveInt;
    Text: String;
    Time: Time;
    u32: UnsignedInt;
    Uri: Uri;
    Url: Url;
    Uuid: Uuid;
    Address: Address;
    Annotation: Annotation;
    Attachment: Attachment;
    CodeableConcept: CodeableConcept;
    Coding: Coding;
    ContactPoint: ContactPoint;
    HumanName: HumanName;
    Identifier: Identifier;
    Money: Money;
    Period: Period;
    Quantity: Quantity | Age | Count | Distance | Duration;
    Range: Range;
    Ratio: Ratio;
    Reference: Reference;
    SampledData: SampledData;
    Signature: Signature;
    Timing: Timing;
    Expression: Expression;
    Dosage: Dosage;
    Meta: Meta;
}
