//! Money: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Money>.

use super::prelude::*;

/// An amount of economic utility in some recognized currency.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Money {
    /// Numerical value (with implicit precision).
    #[record(summary)]
    pub value: Option<Decimal>,
    /// ISO 4217 Currency Code.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/currencies"))]
    pub currency: Option<Code>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
