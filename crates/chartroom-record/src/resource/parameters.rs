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

/// The values that `Parameters.parameter.value[x]` may take: any type, like that of an extension.
pub type ParametersParameterValue = ExtensionValue;
