//! Period: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Period>.

use super::prelude::*;

/// A time period defined by a start and end date and optionally time.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Period {
    /// Starting time with inclusive boundary.
    #[record(summary)]
    pub start: Option<DateTime>,
    /// End time with inclusive boundary, if not ongoing.
    #[record(summary)]
    pub end: Option<DateTime>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
