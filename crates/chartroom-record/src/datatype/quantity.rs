//! Quantity: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Quantity>.

use super::prelude::*;

/// A measured amount (or an amount that can potentially be measured).
#[derive(Default, Record)]
#[record(datatype)]
pub struct Quantity {
    /// Numerical value (with implicit precision).
    #[record(summary)]
    pub value: Option<Decimal>,
    /// < | <= | >= | > - how to understand the value.
    #[record(summary, modifier, binding(required, "http://hl7.org/fhir/ValueSet/quantity-comparator"))]
    pub comparator: Option<Code<QuantityComparator>>,
    /// Unit representation.
    #[record(summary)]
    pub unit: Option<Text>,
    /// System that defines coded unit form.
    #[record(summary)]
    pub system: Option<Uri>,
    /// Coded form of the unit.
    #[record(summary)]
    pub code: Option<Code>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
