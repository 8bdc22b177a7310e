//! HumanName: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#HumanName>.

use super::prelude::*;

/// A human's name with the ability to identify parts and usage.
#[derive(Default, Record)]
#[record(datatype)]
pub struct HumanName {
    /// usual | official | temp | nickname | anonymous | old | maiden.
    #[record(summary, modifier, binding(required, "http://hl7.org/fhir/ValueSet/name-use"))]
    pub use_: Option<Code<NameUse>>,
    /// Text representation of the full name.
    #[record(summary)]
    pub text: Option<Text>,
    /// Family name (often called 'Surname').
    #[record(summary)]
    pub family: Option<Text>,
    /// Given names (not always 'first').
    #[record(summary)]
    pub given: Vec<Text>,
    /// Parts that come before the name.
    #[record(summary)]
    pub prefix: Vec<Text>,
    /// Parts that come after the name.
    #[record(summary)]
    pub suffix: Vec<Text>,
    /// Time period when name was/is in use.
    #[record(summary)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
