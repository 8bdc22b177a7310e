//! Coding: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Coding>.

use super::prelude::*;

/// A reference to a code defined by a terminology system.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Coding {
    /// Identity of the terminology system.
    #[record(summary)]
    pub system: Option<Uri>,
    /// Version of the system - if relevant.
    #[record(summary)]
    pub version: Option<Text>,
    /// Symbol in syntax defined by the system.
    #[record(summary)]
    pub code: Option<Code>,
    /// Representation defined by the system.
    #[record(summary)]
    pub display: Option<Text>,
    /// If this coding was chosen directly by the user.
    #[record(summary)]
    pub user_selected: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
