//! SampledData: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#SampledData>.

use super::prelude::*;

/// A series of measurements taken by a device, with upper and lower limits.
#[derive(Default, Record)]
#[record(datatype)]
pub struct SampledData {
    /// Zero value and units.
    #[record(required, summary, of = "SimpleQuantity")]
    pub origin: Option<Quantity>,
    /// Number of milliseconds between samples.
    #[record(required, summary)]
    pub period: Option<Decimal>,
    /// Multiply data by this before adding to origin.
    #[record(summary)]
    pub factor: Option<Decimal>,
    /// Lower limit of detection.
    #[record(summary)]
    pub lower_limit: Option<Decimal>,
    /// Upper limit of detection.
    #[record(summary)]
    pub upper_limit: Option<Decimal>,
    /// Number of sample points at each time point.
    #[record(required, summary)]
    pub dimensions: Option<NonZeroU32>,
    /// Decimal values with spaces, or "E" | "U" | "L".
    pub data: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
