//! Expression: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#Expression>.

use super::prelude::*;

/// A expression that is evaluated in a specified context and returns a value.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Expression {
    /// Natural language description of the condition.
    #[record(summary)]
    pub description: Option<Text>,
    /// Short name assigned to expression for reuse.
    #[record(summary)]
    pub name: Option<Id>,
    /// text/cql | text/fhirpath | application/x-fhir-query | etc.
    #[record(required, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/expression-language"))]
    pub language: Option<Code>,
    /// Expression in specified language.
    #[record(summary)]
    pub expression: Option<Text>,
    /// Where the expression is found.
    #[record(summary)]
    pub reference: Option<Uri>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
