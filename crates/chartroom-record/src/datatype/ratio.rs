//! Ratio: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Ratio>.

use super::prelude::*;

/// A relationship of two Quantity values - expressed as a numerator and a denominator.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Ratio {
    /// Numerator value.
    #[record(summary)]
    pub numerator: Option<Quantity>,
    /// Denominator value.
    #[record(summary)]
    pub denominator: Option<Quantity>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
