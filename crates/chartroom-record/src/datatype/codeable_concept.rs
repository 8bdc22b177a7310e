//! CodeableConcept: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#CodeableConcept>.

use super::prelude::*;

/// A concept that may be defined by a formal reference to a terminology or ontology or may be provided by text.
#[derive(Default, Record)]
#[record(datatype)]
pub struct CodeableConcept {
    /// Code defined by a terminology system.
    #[record(summary)]
    pub coding: Vec<Coding>,
    /// Plain text representation of the concept.
    #[record(summary)]
    pub text: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
