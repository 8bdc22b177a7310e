//! Meta: FHIR R4 <https://hl7.org/fhir/R4/resource.html#Meta>.

use super::prelude::*;

/// The metadata about a resource.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Meta {
    /// Version specific identifier.
    #[record(summary)]
    pub version_id: Option<Id>,
    /// When the resource version last changed.
    #[record(summary)]
    pub last_updated: Option<Instant>,
    /// Identifies where the resource comes from.
    #[record(summary)]
    pub source: Option<Uri>,
    /// Profiles this resource claims to conform to.
    #[record(summary, targets(StructureDefinition))]
    pub profile: Vec<Canonical>,
    /// Security Labels applied to this resource.
    #[record(class = Clinical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/security-labels"))]
    pub security: Vec<Coding>,
    /// Tags applied to this resource.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/common-tags"))]
    pub tag: Vec<Coding>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
