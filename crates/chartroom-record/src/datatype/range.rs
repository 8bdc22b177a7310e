//! Range: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Range>.

use super::prelude::*;

/// A set of ordered Quantities defined by a low and high limit.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Range {
    /// Low limit.
    #[record(summary, of = "SimpleQuantity")]
    pub low: Option<Quantity>,
    /// High limit.
    #[record(summary, of = "SimpleQuantity")]
    pub high: Option<Quantity>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
