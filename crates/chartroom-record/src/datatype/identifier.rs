//! Identifier: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Identifier>.

use super::prelude::*;

/// An identifier - identifies some entity uniquely and unambiguously.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Identifier {
    /// usual | official | temp | secondary | old (If known).
    #[record(summary, modifier, binding(required, "http://hl7.org/fhir/ValueSet/identifier-use"))]
    pub use_: Option<Code<IdentifierUse>>,
    /// Description of identifier.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/identifier-type"))]
    pub type_: Option<CodeableConcept>,
    /// The namespace for the identifier value.
    #[record(summary)]
    pub system: Option<Uri>,
    /// The value that is unique.
    #[record(summary)]
    pub value: Option<Text>,
    /// Time period when id is/was valid for use.
    #[record(summary)]
    pub period: Option<Period>,
    /// Organization that issued id (may be just text).
    #[record(summary, targets(Organization))]
    pub assigner: Option<Own<Reference>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
