//! ContactPoint: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#ContactPoint>.

use super::prelude::*;

/// Details for all kinds of technology mediated contact points for a person or organization, including telephone,
/// email, etc.
#[derive(Default, Record)]
#[record(datatype)]
pub struct ContactPoint {
    /// phone | fax | email | pager | url | sms | other.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/contact-point-system"))]
    pub system: Option<Code<ContactPointSystem>>,
    /// The actual contact point details.
    #[record(summary)]
    pub value: Option<Text>,
    /// home | work | temp | old | mobile - purpose of this contact point.
    #[record(summary, modifier, binding(required, "http://hl7.org/fhir/ValueSet/contact-point-use"))]
    pub use_: Option<Code<ContactPointUse>>,
    /// Specify preferred order of use (1 = highest).
    #[record(summary)]
    pub rank: Option<NonZeroU32>,
    /// Time period when the contact point was/is in use.
    #[record(summary)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
