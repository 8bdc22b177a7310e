//! Reference: FHIR R4 <https://hl7.org/fhir/R4/references.html#Reference>.

use super::prelude::*;

/// A reference from one resource to another.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Reference {
    /// Literal reference, Relative, internal or absolute URL.
    #[record(summary)]
    pub reference: Option<Text>,
    /// Type the reference refers to (e.g. "Patient").
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/resource-types"))]
    pub type_: Option<Uri>,
    /// Logical reference, when literal reference is not known.
    #[record(class = Identifier, summary)]
    pub identifier: Option<Box<Identifier>>,
    /// Text alternative for the resource.
    #[record(summary)]
    pub display: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
