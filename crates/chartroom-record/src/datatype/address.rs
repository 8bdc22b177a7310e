//! Address: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Address>.

use super::prelude::*;

/// An address expressed using postal conventions (as opposed to GPS or other location definition formats).
#[derive(Default, Record)]
#[record(datatype)]
pub struct Address {
    /// home | work | temp | old | billing - purpose of this address.
    #[record(summary, modifier, binding(required, "http://hl7.org/fhir/ValueSet/address-use"))]
    pub use_: Option<Code<AddressUse>>,
    /// postal | physical | both.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/address-type"))]
    pub type_: Option<Code<AddressType>>,
    /// Text representation of the address.
    #[record(summary)]
    pub text: Option<Text>,
    /// Street name, number, direction & P.O.
    #[record(summary)]
    pub line: Vec<Text>,
    /// Name of city, town etc.
    #[record(summary)]
    pub city: Option<Text>,
    /// District name (aka county).
    #[record(summary)]
    pub district: Option<Text>,
    /// Sub-unit of country (abbreviations ok).
    #[record(summary)]
    pub state: Option<Text>,
    /// Postal code for area.
    #[record(summary)]
    pub postal_code: Option<Text>,
    /// Country (e.g. can be ISO 3166 2 or 3 letter code).
    #[record(summary)]
    pub country: Option<Text>,
    /// Time period when address was/is in use.
    #[record(summary)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
