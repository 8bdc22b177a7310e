//! ContactDetail: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#ContactDetail>.

use super::prelude::*;

/// Specifies contact information for a person or organization.
#[derive(Default, Record)]
#[record(datatype)]
pub struct ContactDetail {
    /// Name of an individual to contact.
    #[record(summary)]
    pub name: Option<Text>,
    /// Contact details for individual or organization.
    #[record(summary)]
    pub telecom: Vec<ContactPoint>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
