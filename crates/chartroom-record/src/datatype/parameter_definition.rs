//! ParameterDefinition: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#ParameterDefinition>.

use super::prelude::*;

/// The parameters to the module.
#[derive(Default, Record)]
#[record(datatype)]
pub struct ParameterDefinition {
    /// Name used to access the parameter value.
    #[record(summary)]
    pub name: Option<Code>,
    /// in | out.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/operation-parameter-use"))]
    pub use_: Option<Code<ParameterUse>>,
    /// Minimum cardinality.
    #[record(summary)]
    pub min: Option<i32>,
    /// Maximum cardinality (a number of *).
    #[record(summary)]
    pub max: Option<Text>,
    /// A brief description of the parameter.
    #[record(summary)]
    pub documentation: Option<Text>,
    /// What type of value.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/all-types"))]
    pub type_: Option<Code>,
    /// What profile the value is expected to be.
    #[record(summary, targets(StructureDefinition))]
    pub profile: Option<Canonical>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
